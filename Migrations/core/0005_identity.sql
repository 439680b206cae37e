-- Identity: how an account proves who it is.
--
-- Each way to sign in is a door of its own: kith.prove_… checks the proof in the database and opens the account to the policies, for the
-- rest of the transaction, in which the session is written. What belongs to an account belongs to no network.

-- Whoever has no e-mail address signs in by a name of their own choice.
alter table kith.accounts add column sign_in_name text check (sign_in_name ~ '^[a-z0-9][a-z0-9._-]{2,49}$');
create unique index accounts_sign_in_name_key on kith.accounts (sign_in_name);
create policy own_name on kith.accounts for update to kith_app
    using (account_id = kith.current_account()) with check (account_id = kith.current_account());
grant update (sign_in_name) on kith.accounts to kith_app;
-- An invitation that was handed over gives an account the address of whom it was meant for, and anyone may have accepted it. Since when
-- somebody has shown that the address is theirs.
alter table kith.accounts add column address_proved_at timestamptz;

-- When its holder proved who they are, for a token that came of that; null for one that was made by another token.
alter table kith.api_tokens add column signed_in_at timestamptz;

create table kith.sessions (
    session_id uuid primary key,
    account_id uuid not null references kith.accounts,
    -- SHA-256 of the secret in the cookie.
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    method text not null check (method in ('password', 'link', 'openid', 'letter')),
    -- 'enrol' alone: a second factor must be set up before anything else. 'operate' needs a second factor.
    scopes text[] not null check (scopes <@ array['read', 'write', 'operate', 'enrol'] and cardinality(scopes) > 0),
    created_at timestamptz not null default now(),
    signed_in_at timestamptz not null default now(),
    second_factor_at timestamptz,
    idle_for interval not null,
    -- When it ends unless it is used; and when it ends in any case.
    idle_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    constraint sessions_operate_check check (second_factor_at is not null or not 'operate' = any (scopes))
);
create unique index sessions_secret_hash_key on kith.sessions (secret_hash);
create index sessions_account_idx on kith.sessions (account_id, session_id);

create table kith.passwords (
    account_id uuid primary key references kith.accounts,
    salt bytea not null check (octet_length(salt) = 16),
    -- SHA-256 of what scrypt makes of the password: who reads this table cannot sign in with what stands in it.
    verifier bytea not null check (octet_length(verifier) = 32),
    -- scrypt's N, r and p (RFC 7914).
    cost integer not null,
    block_size integer not null,
    parallelism integer not null,
    changed_at timestamptz not null default now()
);

-- Browsers in which an account has signed in before. Strangers who guess use up their own tries, not those of these.
create table kith.known_browsers (
    account_id uuid not null references kith.accounts,
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    seen_at timestamptz not null default now(),
    primary key (account_id, browser_hash)
);

-- How often something was tried lately: by a browser, an address or a name, of which only a hash is kept.
create table kith.sign_in_tries (
    bucket bytea primary key check (octet_length(bucket) = 32),
    tries integer not null,
    since timestamptz not null
);

create table kith.sign_in_links (
    link_id uuid primary key,
    account_id uuid not null references kith.accounts,
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index sign_in_links_secret_idx on kith.sign_in_links (secret_hash);
create index sign_in_links_account_idx on kith.sign_in_links (account_id);

create table kith.openid_subjects (
    issuer text not null check (length(issuer) between 1 and 500),
    subject text not null check (length(subject) between 1 and 255),
    account_id uuid not null references kith.accounts,
    created_at timestamptz not null default now(),
    primary key (issuer, subject)
);
create index openid_subjects_account_idx on kith.openid_subjects (account_id);

-- Codes by time (RFC 6238). The secret is sealed with the server's keyring.
create table kith.second_factors (
    account_id uuid primary key references kith.accounts,
    sealed_secret bytea not null,
    created_at timestamptz not null default now(),
    -- Null until a code has shown that the app has the secret.
    confirmed_at timestamptz,
    -- The step of the last code that was used: no code is taken twice.
    last_step bigint not null default 0
);

create table kith.recovery_codes (
    account_id uuid not null references kith.accounts,
    code_hash bytea not null check (octet_length(code_hash) = 32),
    used_at timestamptz,
    primary key (account_id, code_hash)
);

-- Codes by letter, for people whom no mail reaches.
create table kith.sign_in_letters (
    network_id uuid not null,
    letter_id uuid not null,
    person_id uuid not null,
    code_hash bytea not null check (octet_length(code_hash) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (network_id, letter_id),
    foreign key (network_id, person_id) references kith.people
);
create index sign_in_letters_code_idx on kith.sign_in_letters (code_hash);
create index sign_in_letters_person_idx on kith.sign_in_letters (network_id, person_id);
call kith.isolate('kith.sign_in_letters');
create policy sign_in on kith.sign_in_letters to kith_owner using (true) with check (true);
grant select (network_id, letter_id, person_id, created_at, expires_at, used_at) on kith.sign_in_letters to kith_app;

do $$
declare
    name text;
begin
    foreach name in array array['sessions', 'passwords', 'known_browsers', 'sign_in_tries', 'sign_in_links', 'openid_subjects',
                                'second_factors', 'recovery_codes'] loop
        execute format('alter table kith.%I enable row level security', name);
        execute format('alter table kith.%I force row level security', name);
        execute format('create policy sign_in on kith.%I to kith_owner using (true) with check (true)', name);
        if name <> 'sign_in_tries' then
            execute format('create policy own_account on kith.%I to kith_app
                using (account_id = kith.current_account()) with check (account_id = kith.current_account())', name);
        end if;
    end loop;
end $$;
grant select, insert, update on kith.sessions to kith_app;
-- The verifier is compared in kith.prove_password and read by nobody.
grant select (account_id, changed_at) on kith.passwords to kith_app;
grant select on kith.openid_subjects to kith_app;
grant insert on kith.openid_subjects to kith_app;
grant select, insert, update, delete on kith.second_factors, kith.recovery_codes to kith_app;

-- Tries --------------------------------------------------------------------------------------------------------------------

-- Counts a try before it is made, so that many at once cannot slip through. Answers how many seconds to wait; 0 is none.
create function kith.count_try(what text, most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    period constant interval := interval '15 minutes';
    counted record;
begin
    insert into kith.sign_in_tries as t (bucket, tries, since) values (sha256(convert_to(what, 'UTF8')), 1, clock_timestamp())
    on conflict (bucket) do update set
        tries = case when t.since < clock_timestamp() - period then 1 else t.tries + 1 end,
        since = case when t.since < clock_timestamp() - period then clock_timestamp() else t.since end
    returning tries, since into counted;
    if counted.tries <= most then
        return 0;
    end if;
    return ceil(extract(epoch from counted.since + period - clock_timestamp()))::integer;
end $$;
revoke execute on function kith.count_try(text, integer) from public;

-- The account that a name or an address stands for.
create function kith.named_account(name text) returns uuid
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select a.account_id from kith.accounts a where a.email = name or a.sign_in_name = name;
end;
revoke execute on function kith.named_account(text) from public;

-- Counts a try to sign in. A browser in which the account was signed in before has tries of its own, so that nobody can lock its holder
-- out by guessing from elsewhere; all other browsers share those of the name and of the address that they come from.
create function kith.count_sign_in(name text, browser bytea, address text) returns integer
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    known boolean := exists (
        select from kith.known_browsers b where b.account_id = kith.named_account(name) and b.browser_hash = browser);
begin
    if known then
        return kith.count_try('browser ' || name || ' ' || encode(browser, 'hex'), 10);
    end if;
    return greatest(
        kith.count_try('name ' || name, 10), case when address is null then 0 else kith.count_try('address ' || address, 100) end);
end $$;

-- Remembers the browser in which the account at the door has signed in, and forgets its tries: whoever may sign in did not guess.
create function kith.welcome(name text, browser bytea, address text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into kith.known_browsers as b (account_id, browser_hash) select kith.current_account(), browser where browser is not null
    on conflict (account_id, browser_hash) do update set seen_at = now();
    delete from kith.sign_in_tries t where t.bucket in (
        sha256(convert_to('name ' || name, 'UTF8')), sha256(convert_to('browser ' || name || ' ' || encode(browser, 'hex'), 'UTF8')));
    update kith.sign_in_tries t set tries = tries - 1 where t.bucket = sha256(convert_to('address ' || address, 'UTF8')) and tries > 0;
end $$;

-- Doors of an account ------------------------------------------------------------------------------------------------------

-- What scrypt needs to know before it can be run. Without an account the salt is one that nobody has, so that the same work is done.
create function kith.password_parameters(name text) returns table (salt bytea, cost integer, block_size integer, parallelism integer)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(p.salt, decode(repeat('00', 16), 'hex')), p.cost, p.block_size, p.parallelism
    from (select kith.named_account(name) as account_id) a left join kith.passwords p using (account_id);
end;

create function kith.prove_password(name text, derived bytea) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    account uuid;
begin
    select a.account_id into account from kith.accounts a join kith.passwords p using (account_id)
    where a.account_id = kith.named_account(name) and a.disabled_at is null and p.verifier = sha256(derived);
    if account is null then
        return false;
    end if;
    perform set_config('kith.account', account::text, true);
    return true;
end $$;

-- Keeps the password of the account at the door.
create function kith.store_password(salt bytea, verifier bytea, cost integer, block_size integer, parallelism integer)
    returns table (account_id uuid, changed_at timestamptz)
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into kith.passwords as p (account_id, salt, verifier, cost, block_size, parallelism)
    values (kith.current_account(), salt, verifier, cost, block_size, parallelism)
    on conflict (account_id) do update set salt = excluded.salt, verifier = excluded.verifier, cost = excluded.cost,
        block_size = excluded.block_size, parallelism = excluded.parallelism, changed_at = now()
    returning p.account_id, p.changed_at;
end;

-- A link works once, for a quarter of an hour, in the browser that asked for it. Nothing is used up where any of that does not hold.
create function kith.prove_link(secret bytea, browser bytea) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    account uuid;
begin
    update kith.sign_in_links l set used_at = now() from kith.accounts a
    where l.secret_hash = secret and l.browser_hash = browser and l.used_at is null and l.expires_at > now()
      and a.account_id = l.account_id and a.disabled_at is null
    returning l.account_id into account;
    if account is null then
        return false;
    end if;
    perform set_config('kith.account', account::text, true);
    return true;
end $$;

-- Writes a link for the account of an address; answers whether there is one. Earlier links stop working.
create function kith.issue_link(address text, link uuid, secret bytea, browser bytea) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    account uuid;
begin
    select a.account_id into account from kith.accounts a where a.email = address and a.disabled_at is null;
    if account is null then
        return false;
    end if;
    update kith.sign_in_links l set expires_at = now() where l.account_id = account and l.used_at is null and l.expires_at > now();
    insert into kith.sign_in_links (link_id, account_id, secret_hash, browser_hash, expires_at)
    values (link, account, secret, browser, now() + interval '15 minutes');
    return true;
end $$;

-- Notes that the address of the account at the door is proved. The first time, whatever opened the account until then may be somebody
-- else's, and ends (`ends`), unless a second factor of the account was given as well.
create function kith.prove_address(ends boolean) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update kith.accounts a set address_proved_at = now() where a.account_id = kith.current_account() and a.address_proved_at is null;
    if not found or not ends then
        return;
    end if;
    update kith.sessions s set ended_at = now() where s.account_id = kith.current_account() and s.ended_at is null;
    update kith.api_tokens t set revoked_at = now() where t.account_id = kith.current_account() and t.revoked_at is null;
    delete from kith.passwords p where p.account_id = kith.current_account();
    delete from kith.second_factors f where f.account_id = kith.current_account();
    delete from kith.recovery_codes r where r.account_id = kith.current_account();
    delete from kith.openid_subjects o where o.account_id = kith.current_account();
    delete from kith.known_browsers b where b.account_id = kith.current_account();
end $$;

-- Opens the account that a subject of an OpenID provider is linked to. The server has checked the provider's token. Given an address that
-- the provider vouches for, where the site trusts it with that, an account of that address is linked first.
create function kith.prove_subject(of_issuer text, of_subject text, verified_email text) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    account uuid;
begin
    select s.account_id into account from kith.openid_subjects s join kith.accounts a using (account_id)
    where s.issuer = of_issuer and s.subject = of_subject and a.disabled_at is null;
    if account is null and verified_email is not null
        and not exists (select from kith.openid_subjects s where s.issuer = of_issuer and s.subject = of_subject) then
        select a.account_id into account from kith.accounts a where a.email = verified_email and a.disabled_at is null;
        if account is not null then
            perform set_config('kith.account', account::text, true);
            perform kith.prove_address(true);
            insert into kith.openid_subjects (issuer, subject, account_id) values (of_issuer, of_subject, account) on conflict do nothing;
        end if;
    end if;
    if account is null then
        return false;
    end if;
    perform set_config('kith.account', account::text, true);
    return true;
end $$;

-- Writes a code by letter for somebody who has an account, no address, and nowhere else to go: an administrator could use such a code
-- in their place, so it opens no account that can be reached by mail or through a provider, or that is somebody in another network.
create function kith.issue_sign_in_letter(letter uuid, person uuid, code bytea) returns uuid
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    account record;
begin
    select a.* into account from kith.people p join kith.accounts a using (account_id)
    where p.network_id = kith.current_network() and p.person_id = person and p.ended_at is null and a.disabled_at is null;
    if not found then
        raise exception 'This person has no account yet, or has left. Invite them instead.' using errcode = 'KH409';
    elsif account.email is not null or account.is_operator
        or exists (select from kith.openid_subjects s where s.account_id = account.account_id)
        or exists (select from kith.people p where p.account_id = account.account_id and p.network_id <> kith.current_network()) then
        raise exception 'A code by letter is only for somebody who has no other way to sign in, and is in no other network.' using errcode = 'KH409';
    end if;
    update kith.sign_in_letters l set expires_at = now()
    where l.network_id = kith.current_network() and l.person_id = person and l.used_at is null and l.expires_at > now();
    insert into kith.sign_in_letters (network_id, letter_id, person_id, code_hash, expires_at)
    values (kith.current_network(), letter, person, code, now() + interval '14 days');
    return letter;
end $$;

create function kith.prove_letter(code bytea) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    account uuid;
begin
    update kith.sign_in_letters l set used_at = now() from kith.people p, kith.accounts a
    where l.code_hash = code and l.used_at is null and l.expires_at > now() and p.network_id = l.network_id and p.person_id = l.person_id
      and p.ended_at is null and a.account_id = p.account_id and a.disabled_at is null and a.email is null
    returning a.account_id into account;
    if account is null then
        return false;
    end if;
    perform set_config('kith.account', account::text, true);
    return true;
end $$;

-- Whether the account at the door must sign in with a second factor: operators, and administrators of any network, once they had time
-- enough to set one up.
create function kith.needs_second_factor(grace interval) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from kith.accounts a where a.account_id = kith.current_account() and a.is_operator and a.created_at <= now() - grace)
    or exists (
        select from kith.people p join kith.role_grants g using (network_id, person_id)
        where p.account_id = kith.current_account() and p.ended_at is null and g.ended_at is null and g.role = 'administrator'
          and g.granted_at <= now() - grace);
end;

-- Ends every way in at once. Only the operator may; the account itself stays, and nothing of its people changes.
create function kith.disable_account(account uuid, disabled boolean) returns uuid
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (select from kith.accounts a where a.account_id = kith.current_account() and a.is_operator and a.disabled_at is null) then
        raise exception 'not an operator' using errcode = 'KH403';
    elsif account = kith.current_account() then
        raise exception 'You cannot disable the account that you use.' using errcode = 'KH409';
    end if;
    update kith.accounts a set disabled_at = case when disabled then coalesce(a.disabled_at, now()) end where a.account_id = account;
    return case when found then account end;
end $$;

-- Deletes what has had its time.
create function kith.expire_sign_ins() returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from kith.sign_in_tries where since < now() - interval '1 day';
    delete from kith.sign_in_links where expires_at < now() - interval '1 day';
    delete from kith.sessions where least(ended_at, idle_at, expires_at) < now() - interval '30 days';
    delete from kith.known_browsers where seen_at < now() - interval '1 year';
end;

-- The doors of networks, again ---------------------------------------------------------------------------------------------

-- What a token or a session opens. A session is good for the time that it is used.
create function kith.credential(secret bytea)
    returns table (account_id uuid, scopes text[], network_id uuid, session_id uuid, signed_in_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select c.account_id, c.scopes, c.network_id, c.session_id, c.signed_in_at
    from (select t.account_id, t.scopes, t.network_id, null::uuid as session_id, t.signed_in_at from kith.api_tokens t
          where t.secret_hash = secret and t.revoked_at is null and t.expires_at > now()
          union all
          select s.account_id, s.scopes, null, s.session_id, s.signed_in_at from kith.sessions s
          where s.secret_hash = secret and s.ended_at is null and s.expires_at > now() and s.idle_at > now()) c
        join kith.accounts a using (account_id)
    where a.disabled_at is null;
end;

-- Keeps a session alive that is used: one write a minute at most, and none while another request makes it.
create function kith.touch_session(session uuid) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    update kith.sessions s set idle_at = now() + s.idle_for
    where s.session_id = (
        select l.session_id from kith.sessions l where l.session_id = session and l.idle_at < now() + l.idle_for - interval '1 minute'
        for update skip locked);
end;
revoke execute on function kith.touch_session(uuid) from public;

-- Is 'sign_in' needed, a session is good that must set up its second factor first.
create or replace function kith.token_account(secret bytea, needed_scope text, network uuid) returns uuid
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    token record;
begin
    select * into token from kith.credential(secret);
    if not found then
        raise exception 'unknown, expired or revoked token' using errcode = 'KH401';
    end if;
    if token.network_id is not null and token.network_id is distinct from network then
        raise exception 'the token is for another network' using errcode = 'KH404';
    end if;
    if 'enrol' = any (token.scopes) and needed_scope <> 'sign_in' then
        raise exception 'no second factor yet' using errcode = 'KH451';
    end if;
    if not needed_scope = any (token.scopes) and (needed_scope <> 'sign_in' or not token.scopes && array['write', 'enrol']) then
        raise exception 'the token lacks the scope %', needed_scope using errcode = 'KH403';
    end if;
    if token.session_id is not null then
        perform kith.touch_session(token.session_id);
    end if;
    return token.account_id;
end $$;

create or replace function kith.enter(secret bytea, needed_scope text, network uuid, roles text[], anywhere boolean, scope uuid, plugin_id text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    found_token record;
begin
    -- One query, because every request comes through here.
    select c.account_id, c.scopes, c.network_id, c.session_id, c.is_idle, p.person_id,
           plugin_id is null or exists (
               select from kith.enabled_plugins e where e.network_id = network and e.plugin = plugin_id) as is_enabled,
           roles is null or exists (
               select from kith.role_grants g
               where g.network_id = network and g.person_id = p.person_id and g.ended_at is null and g.role = any (roles)
                 and (g.programme_id is null or anywhere or g.programme_id = scope or g.programme_id = (
                     select a.programme_id from kith.activities a where a.network_id = network and a.activity_id = scope))) as is_allowed
    into found_token
    from (select t.account_id, t.scopes, t.network_id, null::uuid as session_id, false as is_idle from kith.api_tokens t
          where t.secret_hash = secret and t.revoked_at is null and t.expires_at > now()
          union all
          select s.account_id, s.scopes, null, s.session_id, s.idle_at < now() + s.idle_for - interval '1 minute' from kith.sessions s
          where s.secret_hash = secret and s.ended_at is null and s.expires_at > now() and s.idle_at > now()) c
        join kith.accounts a using (account_id)
        left join kith.people p on p.network_id = network and p.account_id = c.account_id and p.ended_at is null
    where a.disabled_at is null;
    if not found then
        raise exception 'unknown, expired or revoked token' using errcode = 'KH401';
    elsif found_token.person_id is null or found_token.network_id <> network or not found_token.is_enabled then
        raise exception 'no such network or module' using errcode = 'KH404';
    elsif 'enrol' = any (found_token.scopes) then
        raise exception 'no second factor yet' using errcode = 'KH451';
    elsif not found_token.is_allowed or needed_scope <> all (found_token.scopes) then
        raise exception 'no role or scope that allows it' using errcode = 'KH403';
    end if;
    if found_token.is_idle then
        perform kith.touch_session(found_token.session_id);
    end if;
    perform set_config('kith.account', found_token.account_id::text, true), set_config('kith.network', network::text, true),
            set_config('kith.person', found_token.person_id::text, true);
end $$;

do $$
declare
    door text;
begin
    foreach door in array array[
        'kith.count_sign_in(text, bytea, text)', 'kith.welcome(text, bytea, text)', 'kith.password_parameters(text)',
        'kith.prove_password(text, bytea)', 'kith.store_password(bytea, bytea, integer, integer, integer)', 'kith.prove_link(bytea, bytea)', 'kith.prove_address(boolean)', 'kith.issue_link(text, uuid, bytea, bytea)',
        'kith.prove_subject(text, text, text)', 'kith.issue_sign_in_letter(uuid, uuid, bytea)',
        'kith.prove_letter(bytea)', 'kith.needs_second_factor(interval)', 'kith.disable_account(uuid, boolean)',
        'kith.expire_sign_ins()', 'kith.credential(bytea)'
    ] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

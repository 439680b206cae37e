-- The doors. Each is the first statement of its transaction: it proves who asks, decides whether they may, and only then
-- opens one network to the row-level policies. Whoever has not come through a door sees no row.
--
-- Refusals: KH401 who are you, KH403 you may not, KH404 there is no such thing (or you may not know that there is).

create function kith.token_account(secret bytea, needed_scope text, network uuid) returns uuid
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    token record;
begin
    select t.account_id, t.scopes, t.network_id into token
    from kith.api_tokens t join kith.accounts a using (account_id)
    where t.secret_hash = secret and t.revoked_at is null and t.expires_at > now() and a.disabled_at is null;
    if not found then
        raise exception 'unknown, expired or revoked token' using errcode = 'KH401';
    end if;
    if token.network_id is not null and token.network_id is distinct from network then
        raise exception 'the token is for another network' using errcode = 'KH404';
    end if;
    if not needed_scope = any (token.scopes) then
        raise exception 'the token lacks the scope %', needed_scope using errcode = 'KH403';
    end if;
    return token.account_id;
end $$;
revoke execute on function kith.token_account(bytea, text, uuid) from public;

-- Opens what belongs to an account and to no network.
create function kith.enter_account(secret bytea, needed_scope text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform set_config('kith.account', kith.token_account(secret, needed_scope, null)::text, true);
end $$;

-- Opens what the operator of the server may do. Given a network, that network is opened to be created: it must not exist yet.
create function kith.enter_operator(secret bytea, new_network uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    account uuid := kith.token_account(secret, 'operate', null);
begin
    if not exists (select from kith.accounts where account_id = account and is_operator) then
        raise exception 'not an operator' using errcode = 'KH403';
    end if;
    if new_network is not null then
        if exists (select from kith.networks where network_id = new_network) then
            raise exception 'the network exists' using errcode = 'KH403';
        end if;
        perform set_config('kith.network', new_network::text, true);
    end if;
    perform set_config('kith.account', account::text, true);
end $$;

-- Opens a network to one of its people.
--   roles           any of these lets them in; null: every person of the network may
--   anywhere        a role held in any programme is enough (for lists that are filtered by other means)
--   scope           a programme or an activity: roles granted for that programme count too
--   plugin          must be enabled in the network
create function kith.enter(secret bytea, needed_scope text, network uuid, roles text[], anywhere boolean, scope uuid, plugin_id text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    found_token record;
begin
    -- One query, because every request comes through here.
    select t.account_id, t.scopes, t.network_id, p.person_id,
           plugin_id is null or exists (
               select from kith.enabled_plugins e where e.network_id = network and e.plugin = plugin_id) as is_enabled,
           roles is null or exists (
               select from kith.role_grants g
               where g.network_id = network and g.person_id = p.person_id and g.ended_at is null and g.role = any (roles)
                 and (g.programme_id is null or anywhere or g.programme_id = scope or g.programme_id = (
                     select a.programme_id from kith.activities a where a.network_id = network and a.activity_id = scope))) as is_allowed
    into found_token
    from kith.api_tokens t join kith.accounts a using (account_id)
        left join kith.people p on p.network_id = network and p.account_id = t.account_id and p.ended_at is null
    where t.secret_hash = secret and t.revoked_at is null and t.expires_at > now() and a.disabled_at is null;
    if not found then
        raise exception 'unknown, expired or revoked token' using errcode = 'KH401';
    elsif found_token.person_id is null or found_token.network_id <> network or not found_token.is_enabled then
        raise exception 'no such network or module' using errcode = 'KH404';
    elsif not found_token.is_allowed or needed_scope <> all (found_token.scopes) then
        raise exception 'no role or scope that allows it' using errcode = 'KH403';
    end if;
    perform set_config('kith.account', found_token.account_id::text, true), set_config('kith.network', network::text, true),
            set_config('kith.person', found_token.person_id::text, true);
end $$;

-- Opens a network to the worker that holds the lease on one of its jobs, in the name of whoever asked for the job.
create function kith.enter_job(worker uuid, network uuid, job uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    held record;
begin
    select j.requested_account, j.requested_by into held from kith.jobs j
    where j.network_id = network and j.job_id = job and j.worker_id = worker and j.state = 'running' and j.lease_expires_at > clock_timestamp();
    if not found then
        raise exception 'the lease on the job is lost' using errcode = 'KH410';
    end if;
    perform set_config('kith.account', coalesce(held.requested_account::text, ''), true),
            set_config('kith.network', network::text, true),
            set_config('kith.person', coalesce(held.requested_by::text, ''), true);
end $$;

-- Takes due jobs, and jobs whose worker fell silent. A job that has used up its attempts is failed instead.
create function kith.claim_jobs(worker uuid, kinds text[], most integer, lease interval)
    returns table (network_id uuid, job_id uuid, kind text, arguments jsonb, attempts integer)
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update kith.jobs j set state = 'failed', finished_at = now(), version = j.version + 1,
        problem = jsonb_build_object('title', 'The work stopped several times before it was done.')
    where (j.network_id, j.job_id) in (
        select d.network_id, d.job_id from kith.jobs d
        where d.state = 'running' and d.lease_expires_at < now() and d.attempts >= d.most_attempts
        for update skip locked);
    return query
    update kith.jobs j set state = 'running', worker_id = worker, lease_expires_at = clock_timestamp() + lease,
        attempts = j.attempts + 1, started_at = coalesce(j.started_at, now()), version = j.version + 1
    where (j.network_id, j.job_id) in (
        select d.network_id, d.job_id from kith.jobs d
        where d.kind = any (kinds)
          and ((d.state = 'queued' and d.run_at <= now()) or (d.state = 'running' and d.lease_expires_at < now()))
          and d.attempts < d.most_attempts
          and (d.module = 'core' or exists (
              select from kith.enabled_plugins e where e.network_id = d.network_id and e.plugin = d.module))
        order by d.run_at limit most for update skip locked)
    returning j.network_id, j.job_id, j.kind, j.arguments, j.attempts;
end $$;

-- The networks of the account, or all of them, by name only, for the operator.
create function kith.list_networks() returns setof kith.networks
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select n.* from kith.networks n
    where exists (select from kith.people p where p.network_id = n.network_id and p.account_id = kith.current_account() and p.ended_at is null)
       or exists (select from kith.accounts a where a.account_id = kith.current_account() and a.is_operator);
end;

-- Accepts an invitation once. Someone who is signed in joins with their account; someone new gets one. Nobody can take an
-- existing account by an invitation to its address.
create function kith.accept_invitation(code bytea, new_account uuid, secret bytea) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    invited record;
    account uuid;
begin
    select i.network_id, i.invitation_id, i.person_id, lower(p.email) as email, p.account_id into invited
    from kith.invitations i join kith.people p using (network_id, person_id)
    where i.code_hash = code and i.accepted_at is null and i.expires_at > now() and p.ended_at is null
    for update of i, p;
    if not found then
        raise exception 'no such invitation' using errcode = 'KH404';
    end if;
    if secret is not null then
        account := kith.token_account(secret, 'write', null);
    end if;
    -- Somebody who can sign in already stays who they are: an invitation hands them to nobody else.
    if (invited.account_id is not null and invited.account_id is distinct from account)
        or (account is null and exists (select from kith.accounts a where a.email = invited.email)) then
        raise exception 'You already have an account. Sign in with it, then accept the invitation again.' using errcode = 'KH409';
    elsif account is null then
        account := new_account;
        insert into kith.accounts (account_id, email) values (account, invited.email);
    end if;
    update kith.invitations i set accepted_at = now() where i.network_id = invited.network_id and i.invitation_id = invited.invitation_id;
    update kith.people p set account_id = account, version = p.version + 1
    where p.network_id = invited.network_id and p.person_id = invited.person_id;
    perform set_config('kith.account', account::text, true), set_config('kith.network', invited.network_id::text, true),
            set_config('kith.person', invited.person_id::text, true);
end $$;

do $$
declare
    door text;
begin
    foreach door in array array[
        'kith.enter_account(bytea, text)', 'kith.enter_operator(bytea, uuid)',
        'kith.enter(bytea, text, uuid, text[], boolean, uuid, text)', 'kith.enter_job(uuid, uuid, uuid)',
        'kith.claim_jobs(uuid, text[], integer, interval)', 'kith.list_networks()', 'kith.accept_invitation(bytea, uuid, bytea)'
    ] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

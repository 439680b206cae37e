-- Data rights: a copy, a correction, a restriction, an erasure (UK GDPR, articles 15 to 18 and 20), and how long things are kept.
--
-- What is held of a person, and what becomes of it, stands in the privacy contracts of the modules; here is what only the database can
-- enforce: whose right is exercised in a transaction, who approved it, and that nobody else sees a person whose data is restricted.

alter table kith.people add column erased_at timestamptz;

-- Whose right the transaction exercises; the zero id where the rules for how long things are kept are carried out.
create function kith.rights_of() returns uuid language sql stable parallel safe
    return nullif(current_setting('kith.rights', true), '')::uuid;

create table kith.data_requests (
    network_id uuid not null,
    request_id uuid not null,
    person_id uuid not null,
    kind text not null check (kind in ('export', 'erasure')),
    asked_by uuid not null,
    -- Nobody gives a reason for a request about themselves.
    reason text check (length(reason) between 1 and 2000),
    asked_at timestamptz not null default now(),
    -- Until when it can be approved.
    expires_at timestamptz not null default now() + interval '7 days',
    approved_by uuid,
    approved_at timestamptz,
    refused_by uuid,
    refused_at timestamptz,
    cancelled_by uuid,
    cancelled_at timestamptz,
    -- Not before.
    due_at timestamptz,
    done_at timestamptz,
    -- The public key to which a copy is sealed; whoever asked holds the other half, and nobody else.
    sealed_to bytea check (octet_length(sealed_to) = 32),
    downloaded_at timestamptz,
    version bigint not null default 1,
    primary key (network_id, request_id),
    constraint data_requests_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint data_requests_stated_reason_check check (asked_by = person_id or reason is not null),
    constraint data_requests_two_people_check check (approved_by <> asked_by),
    constraint data_requests_four_eyes_check check (asked_by = person_id or done_at is null or approved_by is not null),
    constraint data_requests_sealed_check check ((kind = 'export') = (sealed_to is not null))
);
create index data_requests_person_idx on kith.data_requests (network_id, person_id);
call kith.isolate('kith.data_requests');
create policy doors on kith.data_requests to kith_owner using (true) with check (true);
grant select, insert, update on kith.data_requests to kith_app;

create table kith.exports (
    network_id uuid not null,
    request_id uuid not null,
    person_id uuid not null,
    -- HPKE (RFC 9180): readable with the code that was shown once to whoever asked.
    content bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '7 days',
    primary key (network_id, request_id),
    constraint exports_request_fkey foreign key (network_id, request_id) references kith.data_requests
);
call kith.isolate('kith.exports');
create policy expiry on kith.exports to kith_owner using (true);
grant select, insert, delete on kith.exports to kith_app;

create table kith.rectifications (
    network_id uuid not null,
    rectification_id uuid not null,
    person_id uuid not null,
    request text not null check (length(request) between 1 and 5000),
    asked_at timestamptz not null default now(),
    outcome text check (outcome in ('corrected', 'refused')),
    answer text check (length(answer) between 1 and 5000),
    decided_by uuid,
    decided_at timestamptz,
    primary key (network_id, rectification_id),
    constraint rectifications_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint rectifications_other_person_check check (decided_by <> person_id),
    constraint rectifications_decision_check check (
        (outcome is null) = (decided_at is null) and (outcome is null) = (decided_by is null))
);
create index rectifications_person_idx on kith.rectifications (network_id, person_id);
call kith.isolate('kith.rectifications');
grant select, insert, update on kith.rectifications to kith_app;

-- Restriction: the data is kept and not used --------------------------------------------------------------------------

create table kith.restrictions (
    network_id uuid not null,
    restriction_id uuid not null,
    person_id uuid not null,
    -- Article 18(1)(a) to (d); an erasure that was asked for restricts until it is done or cancelled.
    basis text not null check (basis in ('accuracy', 'unlawful', 'legal_claim', 'objection', 'erasure', 'not_said')),
    started_by uuid,
    started_at timestamptz not null default now(),
    lifted_by uuid,
    lifted_at timestamptz,
    primary key (network_id, restriction_id),
    constraint restrictions_person_fkey foreign key (network_id, person_id) references kith.people
);
create index restrictions_person_idx on kith.restrictions (network_id, person_id) where lifted_at is null;
call kith.isolate('kith.restrictions');
create policy doors on kith.restrictions for select to kith_owner using (true);
grant select, insert, update on kith.restrictions to kith_app;

-- Whom nobody sees but themselves, and whoever exercises their right.
create function kith.restricted_people() returns uuid[]
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(array_agg(r.person_id), '{}') from kith.restrictions r
    where r.network_id = kith.current_network() and r.lifted_at is null
      and r.person_id is distinct from kith.current_person() and r.person_id is distinct from kith.rights_of();
end;
revoke execute on function kith.restricted_people() from public;
grant execute on function kith.restricted_people() to kith_app;

-- Hides the rows of restricted people, in whichever module. The list is read once a statement.
create procedure kith.hide_restricted(target regclass) language plpgsql as $$
begin
    execute format('create policy not_restricted on %s as restrictive for select to kith_app '
        'using (person_id is null or person_id <> all ((select kith.restricted_people())::uuid[]))', target);
end $$;
revoke execute on procedure kith.hide_restricted(regclass) from public;

-- Every table of the modules that come later gets it with the policy that all tables of networks share.
create or replace procedure kith.isolate(target regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy own_network on %s to kith_app using (network_id = kith.current_network()) with check (network_id = kith.current_network())', target);
    if exists (select from pg_attribute where attrelid = target and attname = 'person_id' and not attisdropped) then
        call kith.hide_restricted(target);
    end if;
end $$;

-- Every table that is there gets it now, but for the ledgers, the outbox and the requests themselves, which hold ids. Withdrawals stay to
-- be seen, or somebody who has left could be asked again while their data is restricted.
do $$
declare
    target regclass;
begin
    for target in
        select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'person_id' and not a.attisdropped
        where c.relkind in ('r', 'p') and c.relrowsecurity and c.relowner = 'kith_owner'::regrole and exists (
            select from pg_attribute n where n.attrelid = c.oid and n.attname = 'network_id')
          and c.oid <> all (array['kith.audit_entries', 'kith.events', 'kith.data_requests', 'kith.exports', 'kith.rectifications',
                                  'kith.restrictions', 'kith.withdrawals']::regclass[])
    loop
        call kith.hide_restricted(target);
    end loop;
end $$;

-- Doors within the network ----------------------------------------------------------------------------------------

-- Opens what is held of one person to the job that exercises their right: once, when it is due and approved. For an erasure
-- the account is opened too, where it is nobody's account in any other network.
create function kith.begin_data_request(request uuid, wanted text) returns table (person_id uuid, account_id uuid, by_themselves boolean)
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked record;
    account uuid;
begin
    select r.person_id, r.asked_by into asked from kith.data_requests r
    where r.network_id = kith.current_network() and r.request_id = request and r.kind = wanted
      and r.done_at is null and r.refused_at is null and r.cancelled_at is null and r.due_at <= now()
      and (r.asked_by = r.person_id or r.approved_by is not null)
    for update;
    if not found then
        raise exception 'This request was cancelled, is done already, or is not approved.' using errcode = 'KH409';
    end if;
    select p.account_id into account from kith.people p where p.network_id = kith.current_network() and p.person_id = asked.person_id;
    if wanted = 'erasure' then
        if exists (select from kith.people p where p.account_id = account
                   and (p.network_id, p.person_id) <> (kith.current_network(), asked.person_id))
            or exists (select from kith.accounts a where a.account_id = account and a.is_operator) then
            account := null;
        end if;
        perform set_config('kith.account', coalesce(account::text, ''), true);
    end if;
    perform set_config('kith.rights', asked.person_id::text, true);
    return query select asked.person_id, account, asked.asked_by = asked.person_id;
end $$;

-- The same where a backup was restored: only for whoever may become the server's role, which is a superuser.
create function kith.begin_erasure_again(network uuid, person uuid) returns uuid
    language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    account uuid;
begin
    select p.account_id into account from kith.people p where p.network_id = network and p.person_id = person
        and not exists (select from kith.people o where o.account_id = p.account_id and (o.network_id, o.person_id) <> (network, person))
        and not exists (select from kith.accounts a where a.account_id = p.account_id and a.is_operator);
    perform set_config('kith.network', network::text, true), set_config('kith.rights', person::text, true),
            set_config('kith.account', coalesce(account::text, ''), true);
    return account;
end $$;

-- Of the people on the erasure ledger, those who are in this database with what was erased.
create function kith.list_unerased(networks uuid[], people uuid[]) returns table (network_id uuid, person_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select distinct p.network_id, p.person_id from unnest(networks, people) as ledger (network, person)
        join kith.people p on p.network_id = ledger.network and p.person_id = ledger.person
    where p.erased_at is null;
end;
create function kith.list_erased() returns table (network_id uuid, person_id uuid, erased_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.network_id, p.person_id, p.erased_at from kith.people p where p.erased_at is not null;
end;

-- Deletes copies that nobody fetched, and asks once a day in each network for what has had its time to go.
create function kith.keep_data_rights() returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    delete from kith.exports where expires_at < now();
    insert into kith.jobs (network_id, job_id, module, kind, arguments, subject_id)
    select n.network_id, kith.new_id(), 'core', 'core.retain', '{}', n.network_id from kith.networks n
    where n.created_at < now() - interval '1 day' and not exists (
        select from kith.jobs j where j.network_id = n.network_id and j.kind = 'core.retain' and j.created_at > now() - interval '1 day')
    on conflict do nothing;
end $$;

do $$
declare
    door text;
begin
    foreach door in array array[
        'kith.begin_data_request(uuid, text)', 'kith.list_unerased(uuid[], uuid[])', 'kith.list_erased()', 'kith.keep_data_rights()'
    ] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;
revoke execute on function kith.begin_erasure_again(uuid, uuid) from public;

-- What only the exercise of a right may change ---------------------------------------------------------------------

grant delete on kith.invitations, kith.api_tokens, kith.accounts to kith_app;
create policy only_by_right on kith.invitations as restrictive for delete to kith_app using (kith.rights_of() is not null);
create policy only_by_right on kith.api_tokens as restrictive for delete to kith_app using (kith.rights_of() is not null);
create policy only_by_right on kith.accounts for delete to kith_app
    using (account_id = kith.current_account() and not is_operator and kith.rights_of() is not null);
grant update (data) on kith.events to kith_app;
create policy only_by_right on kith.events as restrictive for update to kith_app using (kith.rights_of() is not null);
-- The answers that are kept for repeated requests of others may tell of a person too.
create policy by_right on kith.idempotency_keys to kith_app
    using (network_id = kith.current_network() and kith.rights_of() is not null)
    with check (network_id = kith.current_network() and kith.rights_of() is not null);
-- Nobody writes into a person's record again once it was erased.
create policy stays_erased on kith.people as restrictive for update to kith_app using (erased_at is null) with check (true);

grant delete on kith.access_reasons, kith.message_preferences, kith.bounced_addresses, kith.calendar_feeds to kith_app;
create policy only_by_right on kith.access_reasons as restrictive for delete to kith_app using (kith.rights_of() is not null);
create policy only_by_right on kith.message_preferences as restrictive for delete to kith_app using (kith.rights_of() is not null);
create policy only_by_right on kith.bounced_addresses as restrictive for delete to kith_app using (kith.rights_of() is not null);
create policy only_by_right on kith.calendar_feeds as restrictive for delete to kith_app using (kith.rights_of() is not null);

-- What a person wrote in spaces, those too that they have left and can no longer read.
create policy by_right on kith.notes for update to kith_owner using (author_id = kith.rights_of()) with check (author_id = kith.rights_of());
create policy by_right on kith.note_versions to kith_owner using (kith.rights_of() is not null) with check (false);
create function kith.erase_notes(person uuid) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from kith.note_versions v using kith.notes n
    where n.network_id = kith.current_network() and n.author_id = person and person = kith.rights_of()
      and v.network_id = n.network_id and v.note_id = n.note_id;
    update kith.notes n set deleted_at = coalesce(n.deleted_at, now())
    where n.network_id = kith.current_network() and n.author_id = person and person = kith.rights_of();
end;
revoke execute on function kith.erase_notes(uuid) from public;
grant execute on function kith.erase_notes(uuid) to kith_app;

-- Messages are delivered with the owner's rights: those to restricted people wait.
create policy not_delivered on kith.messages as restrictive to kith_owner using (not exists (
    select from kith.restrictions r where r.network_id = messages.network_id and r.person_id = messages.person_id and r.lifted_at is null))
    with check (true);

-- What is read by the person and those with whom they share it alone is reached by their right as well, whoever asked for the erasure.
do $$
declare
    target regclass;
begin
    foreach target in array array['kith.monitoring_answers', 'kith.access_enquiries', 'kith.access_needs', 'kith.meeting_needs']::regclass[] loop
        execute format('create policy found_by_right on %s for select to kith_app
            using (network_id = kith.current_network() and person_id = kith.rights_of())', target);
        execute format('create policy erased_by_right on %s for delete to kith_app
            using (network_id = kith.current_network() and person_id = kith.rights_of())', target);
    end loop;
    foreach target in array array[
        'kith.access_enquiries', 'kith.access_needs', 'kith.access_need_history', 'kith.meeting_needs', 'kith.sign_in_letters',
        'kith.sessions', 'kith.passwords', 'kith.known_browsers', 'kith.sign_in_links', 'kith.openid_subjects'
    ]::regclass[] loop
        execute format('grant delete on %s to kith_app', target);
        execute format('create policy only_by_right on %s as restrictive for delete to kith_app using (kith.rights_of() is not null)', target);
    end loop;
end $$;
grant select (account_id, seen_at) on kith.known_browsers to kith_app;
grant select (account_id, created_at, expires_at, used_at) on kith.sign_in_links to kith_app;

-- The words of complaints go, those of people from outside too when they have had their time; that there was one stays.
create policy by_right on kith.complaints to kith_app
    using (network_id = kith.current_network() and (raised_by = kith.rights_of()
        or kith.rights_of() = '00000000-0000-0000-0000-000000000000' and closed_at is not null
            and (raised_by is null or raised_by <> all ((select kith.restricted_people())::uuid[]))))
    with check (network_id = kith.current_network() and summary = '\x' and kith.rights_of() is not null);
grant update (words) on kith.complaint_entries to kith_app;
create policy by_right on kith.complaint_entries for update to kith_app
    using (network_id = kith.current_network() and kith.rights_of() is not null and exists (
        select from kith.complaints c where c.network_id = complaint_entries.network_id and c.complaint_id = complaint_entries.complaint_id))
    with check (network_id = kith.current_network() and words is null and kith.rights_of() is not null);
create policy only_by_right on kith.complaint_entries as restrictive for update to kith_app using (kith.rights_of() is not null);

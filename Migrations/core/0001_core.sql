-- The core: who is in which network, what they may do, and what was done.
--
-- Every table starts its keys with network_id, so that rows cluster by network, and carries FORCE row-level security:
-- a transaction sees one network, the one that kith.enter opened for it, and none before.

create schema kith;
grant usage on schema kith to kith_app;

-- The identity of the transaction. Empty after SET LOCAL on a pooled connection, hence nullif.
create function kith.current_network() returns uuid language sql stable parallel safe
    return nullif(current_setting('kith.network', true), '')::uuid;
create function kith.current_account() returns uuid language sql stable parallel safe
    return nullif(current_setting('kith.account', true), '')::uuid;
create function kith.current_person() returns uuid language sql stable parallel safe
    return nullif(current_setting('kith.person', true), '')::uuid;
-- What belongs to the server and to no network (tokens, accounts) is recorded under the zero id.
create function kith.current_ledger() returns uuid language sql stable parallel safe
    return coalesce(nullif(current_setting('kith.network', true), '')::uuid, '00000000-0000-0000-0000-000000000000'::uuid);

-- An identifier of version 7, for rows that a statement makes by the set; all others are made by the server.
create function kith.new_id() returns uuid language sql volatile parallel safe
    return encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid;

-- Gives a table the one policy that all tables of networks share.
create procedure kith.isolate(target regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy own_network on %s to kith_app using (network_id = kith.current_network()) with check (network_id = kith.current_network())', target);
end $$;
revoke execute on procedure kith.isolate(regclass) from public;

create table kith.schema_migrations (
    module text not null,
    number integer not null check (number > 0),
    name text not null,
    checksum bytea not null,
    applied_at timestamptz not null default now(),
    primary key (module, number)
);
alter table kith.schema_migrations enable row level security;
alter table kith.schema_migrations force row level security;
create policy readable on kith.schema_migrations for select to kith_app using (true);
create policy migrator on kith.schema_migrations to kith_owner using (true) with check (true);
grant select on kith.schema_migrations to kith_app;

-- Accounts --------------------------------------------------------------------------------------------------------

create table kith.accounts (
    account_id uuid primary key,
    email text check (email = lower(email) and length(email) between 3 and 254),
    is_operator boolean not null default false,
    created_at timestamptz not null default now(),
    disabled_at timestamptz
);
create unique index accounts_email_key on kith.accounts (email);
alter table kith.accounts enable row level security;
alter table kith.accounts force row level security;
create policy own_account on kith.accounts for select to kith_app using (account_id = kith.current_account());
create policy sign_in on kith.accounts to kith_owner using (true) with check (true);
grant select on kith.accounts to kith_app;

create table kith.api_tokens (
    token_id uuid primary key,
    account_id uuid not null references kith.accounts,
    name text not null check (length(name) between 1 and 200),
    -- SHA-256 of the secret: 256 random bits need no slow hash.
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    scopes text[] not null check (scopes <@ array['read', 'write', 'operate'] and cardinality(scopes) > 0),
    network_id uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create unique index api_tokens_secret_hash_key on kith.api_tokens (secret_hash);
create index api_tokens_account_idx on kith.api_tokens (account_id, token_id);
alter table kith.api_tokens enable row level security;
alter table kith.api_tokens force row level security;
create policy own_tokens on kith.api_tokens to kith_app
    using (account_id = kith.current_account()) with check (account_id = kith.current_account());
create policy sign_in on kith.api_tokens to kith_owner using (true) with check (true);
grant select, insert, update on kith.api_tokens to kith_app;

-- Networks and who is in them -------------------------------------------------------------------------------------

create table kith.networks (
    network_id uuid primary key,
    name text not null check (length(name) between 1 and 200),
    -- An organisation is user-led when most of its board, and at least this share, has lived experience.
    user_led_percent integer not null default 50 check (user_led_percent between 50 and 100),
    version bigint not null default 1,
    created_at timestamptz not null default now()
);
call kith.isolate('kith.networks');
create policy sign_in on kith.networks for select to kith_owner using (true);
grant select, insert, update on kith.networks to kith_app;

create table kith.people (
    network_id uuid not null references kith.networks,
    person_id uuid not null,
    account_id uuid references kith.accounts,
    name text not null check (length(name) between 1 and 200),
    email text check (length(email) <= 254),
    phone text check (length(phone) <= 50),
    postal_address text check (length(postal_address) <= 500),
    contact_by text not null default 'email' check (contact_by in ('email', 'post', 'phone')),
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (network_id, person_id),
    constraint people_account_key unique (network_id, account_id)
);
create index people_account_idx on kith.people (account_id) where account_id is not null;
call kith.isolate('kith.people');
create policy sign_in on kith.people to kith_owner using (true) with check (true);
grant select, insert, update on kith.people to kith_app;

create table kith.invitations (
    network_id uuid not null,
    invitation_id uuid not null,
    person_id uuid not null,
    code_hash bytea not null check (octet_length(code_hash) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    primary key (network_id, invitation_id),
    foreign key (network_id, person_id) references kith.people
);
create index invitations_code_idx on kith.invitations (code_hash);
call kith.isolate('kith.invitations');
create policy sign_in on kith.invitations to kith_owner using (true) with check (true);
grant select, insert, update on kith.invitations to kith_app;

create table kith.organisations (
    network_id uuid not null references kith.networks,
    organisation_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    kind text not null check (kind in ('user_led_organisation', 'nhs_trust', 'council', 'charity', 'university', 'business', 'community_group', 'other')),
    -- Declared by the board members themselves; never inferred.
    board_members integer check (board_members between 1 and 1000),
    board_lived_experience integer check (board_lived_experience >= 0),
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    primary key (network_id, organisation_id),
    constraint organisations_name_key unique (network_id, name),
    constraint organisations_board_check check (
        (board_members is null) = (board_lived_experience is null) and board_lived_experience <= board_members)
);
call kith.isolate('kith.organisations');
grant select, insert, update on kith.organisations to kith_app;

create table kith.affiliations (
    network_id uuid not null references kith.networks,
    affiliation_id uuid not null,
    person_id uuid not null,
    organisation_id uuid not null,
    role text not null check (length(role) between 1 and 100),
    started_on date,
    ended_on date,
    created_at timestamptz not null default now(),
    primary key (network_id, affiliation_id),
    constraint affiliations_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint affiliations_organisation_fkey foreign key (network_id, organisation_id) references kith.organisations,
    constraint affiliations_dates_check check (ended_on >= started_on)
);
create index affiliations_person_idx on kith.affiliations (network_id, person_id);
create index affiliations_organisation_idx on kith.affiliations (network_id, organisation_id);
call kith.isolate('kith.affiliations');
grant select, insert, update on kith.affiliations to kith_app;

create table kith.programmes (
    network_id uuid not null references kith.networks,
    programme_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    summary text check (length(summary) <= 5000),
    starts_on date,
    ends_on date,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    primary key (network_id, programme_id),
    constraint programmes_name_key unique (network_id, name),
    constraint programmes_dates_check check (ends_on >= starts_on)
);
call kith.isolate('kith.programmes');
grant select, insert, update on kith.programmes to kith_app;

create table kith.programme_organisations (
    network_id uuid not null,
    programme_id uuid not null,
    organisation_id uuid not null,
    part text not null check (part in ('lead', 'partner')),
    created_at timestamptz not null default now(),
    primary key (network_id, programme_id, organisation_id),
    constraint programme_organisations_programme_fkey foreign key (network_id, programme_id) references kith.programmes,
    constraint programme_organisations_organisation_fkey foreign key (network_id, organisation_id) references kith.organisations
);
create index programme_organisations_organisation_idx on kith.programme_organisations (network_id, organisation_id);
call kith.isolate('kith.programme_organisations');
grant select, insert, update, delete on kith.programme_organisations to kith_app;

-- One panel, one learning set, one inquiry, one mentoring scheme. The plugin keeps what is particular to its kind.
create table kith.activities (
    network_id uuid not null,
    activity_id uuid not null,
    programme_id uuid not null,
    plugin text not null,
    name text not null check (length(name) between 1 and 200),
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (network_id, activity_id),
    constraint activities_programme_fkey foreign key (network_id, programme_id) references kith.programmes
);
create index activities_programme_idx on kith.activities (network_id, programme_id);
call kith.isolate('kith.activities');
create policy sign_in on kith.activities for select to kith_owner using (true);
grant select, insert, update on kith.activities to kith_app;

create table kith.role_grants (
    network_id uuid not null,
    grant_id uuid not null,
    person_id uuid not null,
    role text not null check (role in ('administrator', 'programme_lead', 'facilitator', 'participant', 'observer',
                                       'safeguarding_lead', 'payments_officer', 'auditor')),
    programme_id uuid,
    granted_by uuid,
    granted_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (network_id, grant_id),
    constraint role_grants_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint role_grants_programme_fkey foreign key (network_id, programme_id) references kith.programmes
);
create unique index role_grants_once_key on kith.role_grants (network_id, person_id, role, programme_id) nulls not distinct where ended_at is null;
create index role_grants_programme_idx on kith.role_grants (network_id, programme_id);
call kith.isolate('kith.role_grants');
create policy sign_in on kith.role_grants for select to kith_owner using (true);
grant select, insert, update on kith.role_grants to kith_app;

-- What was done ---------------------------------------------------------------------------------------------------

create table kith.audit_entries (
    network_id uuid not null,
    entry_id uuid not null,
    at timestamptz not null default clock_timestamp(),
    account_id uuid,
    person_id uuid,
    action text not null,
    subject_id uuid not null,
    request_id uuid,
    primary key (network_id, entry_id)
);
create index audit_entries_subject_idx on kith.audit_entries (network_id, subject_id, entry_id);
alter table kith.audit_entries enable row level security;
alter table kith.audit_entries force row level security;
create policy own_network on kith.audit_entries for select to kith_app using (network_id = kith.current_network());
-- Whoever has come through a door records it, in the network or in the server's own ledger, which nobody reads through the API.
create policy own_ledger on kith.audit_entries for insert to kith_app
    with check (network_id = kith.current_ledger() and coalesce(kith.current_network(), kith.current_account()) is not null);
create policy sign_in on kith.audit_entries for insert to kith_owner with check (true);
-- No update and no delete, for the owner neither.
grant select, insert on kith.audit_entries to kith_app;
create function kith.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'The audit log is append-only: nothing in it can be changed or deleted.' using errcode = 'KH409';
end $$;
create trigger append_only before update or delete or truncate on kith.audit_entries
    for each statement execute function kith.refuse_change();

-- The outbox. Written in the transaction of the change; numbered afterwards, in the order of commit, by kith.publish_events,
-- so that a reader who has seen number n will never find a smaller one later.
create table kith.events (
    network_id uuid not null,
    event_id uuid not null,
    kind text not null,
    subject_id uuid not null,
    -- Whom it concerns: they see it whatever their role.
    person_id uuid,
    data jsonb,
    at timestamptz not null default clock_timestamp(),
    position bigint,
    primary key (network_id, event_id)
);
create unique index events_position_key on kith.events (network_id, position);
create index events_unpublished_idx on kith.events (event_id) where position is null;
call kith.isolate('kith.events');
create policy publisher on kith.events to kith_owner using (true) with check (true);
grant select, insert on kith.events to kith_app;
create sequence kith.event_positions;

create function kith.publish_events(most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    published integer;
    networks text;
begin
    -- One publisher at a time in the whole cluster: positions become visible in their order.
    if not exists (select from kith.events where position is null) or not pg_try_advisory_xact_lock(hashtextextended('kith.publish_events', 0)) then
        return 0;
    end if;
    with batch as materialized (
        select network_id, event_id from kith.events where position is null order by event_id limit most
    ), numbered as (
        update kith.events e set position = nextval('kith.event_positions')
        from batch where e.network_id = batch.network_id and e.event_id = batch.event_id
        returning e.network_id
    )
    select count(*), string_agg(distinct network_id::text, ',') into published, networks from numbered;
    if published > 0 then
        -- Readers that find no room for the list (8000 bytes) treat an empty payload as «every network».
        perform pg_notify('kith_events', case when length(networks) < 7900 then networks else '' end);
    end if;
    return published;
end $$;
revoke execute on function kith.publish_events(integer) from public;
grant execute on function kith.publish_events(integer) to kith_app;

create table kith.idempotency_keys (
    network_id uuid not null,
    account_id uuid not null,
    key text not null check (length(key) between 1 and 255),
    fingerprint bytea not null check (octet_length(fingerprint) = 32),
    status integer,
    headers jsonb,
    body text,
    created_at timestamptz not null default now(),
    primary key (network_id, account_id, key)
);
create index idempotency_keys_created_idx on kith.idempotency_keys (created_at);
alter table kith.idempotency_keys enable row level security;
alter table kith.idempotency_keys force row level security;
create policy own_keys on kith.idempotency_keys to kith_app
    using (account_id = kith.current_account()) with check (account_id = kith.current_account());
create policy expiry on kith.idempotency_keys to kith_owner using (true);
grant select, insert, update, delete on kith.idempotency_keys to kith_app;
create function kith.expire_idempotency_keys() returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from kith.idempotency_keys where created_at < now() - interval '24 hours';
end;
revoke execute on function kith.expire_idempotency_keys() from public;
grant execute on function kith.expire_idempotency_keys() to kith_app;

-- Plugins, settings, jobs -----------------------------------------------------------------------------------------

create table kith.enabled_plugins (
    network_id uuid not null references kith.networks,
    plugin text not null,
    enabled_at timestamptz not null default now(),
    primary key (network_id, plugin)
);
call kith.isolate('kith.enabled_plugins');
create policy dispatcher on kith.enabled_plugins for select to kith_owner using (true);
grant select, insert, update, delete on kith.enabled_plugins to kith_app;

create table kith.settings (
    network_id uuid not null references kith.networks,
    module text not null,
    -- Null for the whole network.
    activity_id uuid,
    key text not null,
    value jsonb not null,
    version bigint not null default 1,
    updated_at timestamptz not null default now(),
    constraint settings_key unique nulls not distinct (network_id, module, activity_id, key),
    constraint settings_activity_fkey foreign key (network_id, activity_id) references kith.activities
);
call kith.isolate('kith.settings');
grant select, insert, update, delete on kith.settings to kith_app;

create table kith.jobs (
    network_id uuid not null references kith.networks,
    job_id uuid not null,
    module text not null,
    kind text not null,
    -- The module to which a plugin's job belongs must be enabled for it to run; the core's always may.
    arguments jsonb not null,
    state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    progress double precision not null default 0 check (progress between 0 and 1),
    stage text,
    result jsonb,
    problem jsonb,
    subject_id uuid,
    requested_by uuid,
    requested_account uuid,
    attempts integer not null default 0,
    most_attempts integer not null default 3,
    run_at timestamptz not null default now(),
    worker_id uuid,
    lease_expires_at timestamptz,
    cancel_requested_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    primary key (network_id, job_id)
);
create index jobs_due_idx on kith.jobs (run_at) where state in ('queued', 'running');
-- One unfinished job of a kind about a subject: two people who press the button get the same job.
create unique index jobs_once_key on kith.jobs (network_id, kind, subject_id) where state in ('queued', 'running');
call kith.isolate('kith.jobs');
create policy dispatcher on kith.jobs to kith_owner using (true) with check (true);
grant select, insert, update on kith.jobs to kith_app;

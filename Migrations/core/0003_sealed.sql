-- What is kept sealed. Content is encrypted by the server before it comes here, each value with a key derived from data keys; the data
-- keys are here too, each wrapped by a key of the server's keyring, which is a file and never in the database.

-- Data keys -------------------------------------------------------------------------------------------------------

create table kith.data_keys (
    -- The network, or zero for what belongs to the server and to no network.
    network_id uuid not null,
    key_id uuid not null,
    -- Whose content it seals: a space's members, a person, a concern's raiser and leads, or the server's own columns.
    holder text not null check (holder in ('space', 'person', 'concern', 'server')),
    holder_id uuid not null,
    wrapping_key text not null check (length(wrapping_key) between 1 and 100),
    -- Format, nonce, 256 bits, tag.
    wrapped bytea check (octet_length(wrapped) = 61),
    created_at timestamptz not null default now(),
    destroyed_at timestamptz,
    primary key (network_id, key_id),
    constraint data_keys_holder_key unique (network_id, holder, holder_id),
    constraint data_keys_destroyed_check check ((wrapped is null) = (destroyed_at is not null))
);
create index data_keys_wrapping_idx on kith.data_keys (wrapping_key) where wrapped is not null;
alter table kith.data_keys enable row level security;
alter table kith.data_keys force row level security;
-- What is wrapped opens nothing by itself; the policies that keep content from people are on the content.
create policy own_ledger on kith.data_keys to kith_app using (network_id = kith.current_ledger())
    with check (network_id = kith.current_ledger() and (holder <> 'person' or holder_id = kith.current_person()));
create policy rotation on kith.data_keys to kith_owner using (true) with check (true);
grant select, insert on kith.data_keys to kith_app;

create function kith.data_key_usage() returns table (wrapping_key text, count bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.wrapping_key, count(*) from kith.data_keys k where k.wrapped is not null group by 1 order by 1;
end;

-- Leaves a row without a key, so that none is made again.
create function kith.destroy_person_key(person uuid) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into kith.data_keys (network_id, key_id, holder, holder_id, wrapping_key, destroyed_at)
    select p.network_id, kith.new_id(), 'person', p.person_id, 'none', now() from kith.people p
    where p.network_id = kith.current_network() and p.person_id = person
    on conflict on constraint data_keys_holder_key do update set wrapped = null, destroyed_at = now();
end;

-- What is said to one person alone. Whoever follows the events of a network must not learn from them who was told, or how many.
alter table kith.events add column is_private boolean not null default false;
create policy private_to_person on kith.events as restrictive for select to kith_app
    using (not is_private or person_id = kith.current_person());

-- Spaces ----------------------------------------------------------------------------------------------------------

-- What is said in a space is for its members, and not for administrators. A plugin opens one for its activity.
create table kith.spaces (
    network_id uuid not null references kith.networks,
    space_id uuid not null,
    kind text not null check (kind ~ '^[a-z][a-z0-9_]{0,40}$'),
    name text not null check (length(name) between 1 and 200),
    programme_id uuid,
    activity_id uuid,
    created_by uuid not null,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (network_id, space_id),
    constraint spaces_programme_fkey foreign key (network_id, programme_id) references kith.programmes,
    constraint spaces_activity_fkey foreign key (network_id, activity_id) references kith.activities,
    constraint spaces_created_by_fkey foreign key (network_id, created_by) references kith.people
);
create index spaces_programme_idx on kith.spaces (network_id, programme_id);
create index spaces_activity_idx on kith.spaces (network_id, activity_id);

create table kith.space_members (
    network_id uuid not null,
    membership_id uuid not null,
    space_id uuid not null,
    person_id uuid not null,
    -- Convenors add and remove members. Everyone leaves by themselves.
    is_convenor boolean not null default false,
    added_by uuid not null,
    joined_at timestamptz not null default now(),
    left_at timestamptz,
    primary key (network_id, membership_id),
    constraint space_members_space_fkey foreign key (network_id, space_id) references kith.spaces,
    constraint space_members_person_fkey foreign key (network_id, person_id) references kith.people
);
create unique index space_members_once_key on kith.space_members (network_id, space_id, person_id) where left_at is null;
create index space_members_person_idx on kith.space_members (network_id, person_id);

create table kith.notes (
    network_id uuid not null,
    note_id uuid not null,
    space_id uuid not null,
    author_id uuid not null,
    -- The note that it answers, in the same space.
    parent_id uuid,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    primary key (network_id, note_id),
    constraint notes_space_key unique (network_id, space_id, note_id),
    constraint notes_space_fkey foreign key (network_id, space_id) references kith.spaces,
    constraint notes_author_fkey foreign key (network_id, author_id) references kith.people,
    constraint notes_parent_fkey foreign key (network_id, space_id, parent_id) references kith.notes (network_id, space_id, note_id)
);
create index notes_author_idx on kith.notes (network_id, author_id);

create table kith.note_versions (
    network_id uuid not null,
    version_id uuid not null,
    note_id uuid not null,
    version bigint not null,
    -- With keys of the space and of the author; see SealedPlace.
    sealed bytea not null check (octet_length(sealed) between 29 and 200000),
    created_at timestamptz not null default now(),
    primary key (network_id, version_id),
    constraint note_versions_note_key unique (network_id, note_id, version),
    constraint note_versions_note_fkey foreign key (network_id, note_id) references kith.notes
);

-- Two named people, a reason, a time limit, and the members are told.
create table kith.break_glass (
    network_id uuid not null,
    request_id uuid not null,
    space_id uuid not null,
    requested_by uuid not null,
    hours integer not null check (hours between 1 and 72),
    sealed_reason bytea not null check (octet_length(sealed_reason) between 29 and 20000),
    requested_at timestamptz not null default now(),
    approved_by uuid,
    approved_at timestamptz,
    expires_at timestamptz,
    ended_at timestamptz,
    primary key (network_id, request_id),
    constraint break_glass_space_fkey foreign key (network_id, space_id) references kith.spaces,
    constraint break_glass_requested_by_fkey foreign key (network_id, requested_by) references kith.people,
    constraint break_glass_approved_by_fkey foreign key (network_id, approved_by) references kith.people,
    constraint break_glass_two_people_check check (approved_by <> requested_by),
    constraint break_glass_approved_check check (
        (approved_by is null) = (approved_at is null) and (approved_by is null) = (expires_at is null)
        and expires_at <= approved_at + make_interval(hours => hours))
);
create index break_glass_space_idx on kith.break_glass (network_id, space_id);

create policy sealed on kith.settings for select to kith_owner using (true);

-- Whether the person of the transaction holds the role that opens this space, and has since that moment. Nobody is appointed to look: a
-- role that was given since, or that the network has made the one that counts since, opens nothing that was asked for before.
create function kith.held_break_glass_role(space uuid, since timestamptz) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    with chosen as (
        select c.value #>> '{}' as role, c.updated_at from kith.settings c
        where c.network_id = kith.current_network() and c.module = 'core' and c.activity_id is null and c.key = 'break_glass_role')
    select exists (
        select from kith.role_grants g join kith.spaces s on s.network_id = g.network_id and s.space_id = space
        where g.network_id = kith.current_network() and g.person_id = kith.current_person() and g.ended_at is null
          and (g.programme_id is null or g.programme_id = s.programme_id) and g.granted_at <= since
          and g.role = coalesce((select c.role from chosen c), 'safeguarding_lead'))
        and not exists (select from chosen c where c.updated_at > since);
end;

-- Whether they hold it now.
create function kith.holds_break_glass_role(space uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select kith.held_break_glass_role(space, 'infinity');
end;

-- The spaces that the person of the transaction reads, and from when: a member from when they joined, break-glass from the beginning.
create function kith.readable_spaces() returns table (space_id uuid, since timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.space_id, m.joined_at from kith.space_members m
    where m.network_id = kith.current_network() and m.person_id = kith.current_person() and m.left_at is null
    union all
    select b.space_id, '-infinity'::timestamptz from kith.break_glass b
    where b.network_id = kith.current_network() and kith.current_person() in (b.requested_by, b.approved_by)
      and b.approved_at is not null and b.ended_at is null and b.expires_at > now()
      and kith.held_break_glass_role(b.space_id, b.requested_at);
end;

-- The spaces in which the person of the transaction may write.
create function kith.writable_spaces() returns table (space_id uuid, is_convenor boolean)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.space_id, m.is_convenor from kith.space_members m join kith.spaces s using (network_id, space_id)
    where m.network_id = kith.current_network() and m.person_id = kith.current_person() and m.left_at is null and s.ended_at is null;
end;

-- Convenors add members, and whoever opens a space its first ones, in the transaction that opens it. Only somebody who can sign in:
-- for a person without an account an administrator could accept the invitation.
create function kith.may_add_member(space uuid, person uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
            select from kith.people p
            where p.network_id = kith.current_network() and p.person_id = person and p.account_id is not null and p.ended_at is null)
        and (exists (select from kith.writable_spaces() w where w.space_id = space and w.is_convenor)
            or exists (
                select from kith.spaces s
                where s.network_id = kith.current_network() and s.space_id = space and s.created_by = kith.current_person()
                  and s.created_at = now()));
end;

-- What administrators see: counts and dates.
create function kith.list_space_counts() returns table (
    network_id uuid, space_id uuid, kind text, programme_id uuid, activity_id uuid, members bigint, notes bigint, last_note_on date,
    created_at timestamptz, ended_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.network_id, s.space_id, s.kind, s.programme_id, s.activity_id,
        (select count(*) from kith.space_members m where m.network_id = s.network_id and m.space_id = s.space_id and m.left_at is null),
        n.count, n.latest::date, s.created_at, s.ended_at
    from kith.spaces s cross join lateral (
        select count(*), max(created_at) as latest from kith.notes n
        where n.network_id = s.network_id and n.space_id = s.space_id and n.deleted_at is null) n
    where s.network_id = kith.current_network();
end;

-- An event for each member of a space.
create function kith.tell_members(space uuid, kind text, subject uuid) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into kith.events (network_id, event_id, kind, subject_id, person_id, is_private)
    select m.network_id, kith.new_id(), tell_members.kind, subject, m.person_id, true from kith.space_members m
    where m.network_id = kith.current_network() and m.space_id = space and m.left_at is null;
end;

-- Whoever leaves the network leaves its spaces.
create function kith.leave_spaces() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update kith.space_members m set left_at = now()
    where m.network_id = new.network_id and m.person_id = new.person_id and m.left_at is null;
    return null;
end $$;
revoke execute on function kith.leave_spaces() from public;
create trigger leave_spaces after update of ended_at on kith.people
    for each row when (new.ended_at is not null and old.ended_at is null) execute function kith.leave_spaces();

call kith.isolate('kith.spaces');
create policy doors on kith.spaces for select to kith_owner using (true);
create policy read_by_members on kith.spaces as restrictive for select to kith_app
    using (created_by = kith.current_person() or space_id in (select r.space_id from kith.readable_spaces() r));
create policy opened_by_oneself on kith.spaces as restrictive for insert to kith_app with check (created_by = kith.current_person());
create policy changed_by_convenors on kith.spaces as restrictive for update to kith_app
    using (space_id in (select w.space_id from kith.writable_spaces() w where w.is_convenor)) with check (true);
grant select, insert (network_id, space_id, kind, name, programme_id, activity_id, created_by), update (name, ended_at, version)
    on kith.spaces to kith_app;

call kith.isolate('kith.space_members');
create policy doors on kith.space_members to kith_owner using (true) with check (true);
create policy read_by_members on kith.space_members as restrictive for select to kith_app
    using (person_id = kith.current_person() or space_id in (select r.space_id from kith.readable_spaces() r));
create policy added_by_convenors on kith.space_members as restrictive for insert to kith_app
    with check (added_by = kith.current_person() and kith.may_add_member(space_id, person_id));
create policy ended_by_oneself_or_convenors on kith.space_members as restrictive for update to kith_app
    using (person_id = kith.current_person() or space_id in (select w.space_id from kith.writable_spaces() w where w.is_convenor))
    with check (left_at is not null);
grant select, insert (network_id, membership_id, space_id, person_id, is_convenor, added_by), update (left_at) on kith.space_members to kith_app;

call kith.isolate('kith.notes');
create policy doors on kith.notes for select to kith_owner using (true);
create policy read_by_members on kith.notes as restrictive for select to kith_app
    using (exists (select from kith.readable_spaces() r where r.space_id = notes.space_id and notes.created_at >= r.since));
create policy written_by_members on kith.notes as restrictive for insert to kith_app
    with check (author_id = kith.current_person() and space_id in (select w.space_id from kith.writable_spaces() w));
create policy changed_by_author on kith.notes as restrictive for update to kith_app
    using (author_id = kith.current_person() and space_id in (select w.space_id from kith.writable_spaces() w)) with check (true);
grant select, insert (network_id, note_id, space_id, author_id, parent_id), update (version, updated_at, deleted_at) on kith.notes to kith_app;

call kith.isolate('kith.note_versions');
-- The policies of the note decide.
create policy read_by_members on kith.note_versions as restrictive for select to kith_app
    using (exists (select from kith.notes n where n.network_id = note_versions.network_id and n.note_id = note_versions.note_id));
create policy written_by_author on kith.note_versions as restrictive for insert to kith_app
    with check (exists (
        select from kith.notes n where n.network_id = note_versions.network_id and n.note_id = note_versions.note_id
          and n.author_id = kith.current_person()));
create policy deleted_by_author on kith.note_versions as restrictive for delete to kith_app
    using (exists (
        select from kith.notes n where n.network_id = note_versions.network_id and n.note_id = note_versions.note_id
          and n.author_id = kith.current_person()));
grant select, insert (network_id, version_id, note_id, version, sealed), delete on kith.note_versions to kith_app;

-- Approval is the second person's, once, within a week, and sets the clock itself.
create function kith.approve_break_glass() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if new.approved_by is distinct from old.approved_by then
        if old.approved_by is not null or old.ended_at is not null or old.requested_at < now() - interval '7 days' then
            raise exception 'This request was approved before, has ended, or is more than a week old.' using errcode = 'KH409';
        elsif new.approved_by is distinct from kith.current_person() or new.approved_by = old.requested_by then
            raise exception 'Nobody approves their own request: it needs a second person.' using errcode = 'KH409';
        elsif not kith.held_break_glass_role(old.space_id, old.requested_at) then
            raise exception 'Whoever approves must have had the role already when this was asked for. Let it be asked for again.'
                using errcode = 'KH409';
        end if;
        new.approved_at := now();
        new.expires_at := now() + make_interval(hours => old.hours);
    end if;
    return new;
end $$;
create trigger approval before update on kith.break_glass for each row execute function kith.approve_break_glass();

call kith.isolate('kith.break_glass');
create policy doors on kith.break_glass for select to kith_owner using (true);
create policy read_by_those_concerned on kith.break_glass as restrictive for select to kith_app
    using (kith.current_person() in (requested_by, approved_by) or space_id in (select r.space_id from kith.readable_spaces() r)
        or kith.holds_break_glass_role(space_id));
create policy requested_with_role on kith.break_glass as restrictive for insert to kith_app
    with check (requested_by = kith.current_person() and kith.holds_break_glass_role(space_id));
create policy changed_with_role on kith.break_glass as restrictive for update to kith_app
    using (kith.holds_break_glass_role(space_id)) with check (true);
grant select, insert (network_id, request_id, space_id, requested_by, hours, sealed_reason), update (approved_by, ended_at)
    on kith.break_glass to kith_app;

-- For the functions that open notes: each version with the note and the wrapped key of its author.
create view kith.sealed_notes with (security_invoker = true) as
    select v.network_id, v.note_id, v.version_id, v.version, v.sealed, v.created_at as written_at, n.version as latest, n.space_id,
        n.author_id, n.parent_id, n.created_at, n.updated_at, k.key_id, k.wrapping_key, k.wrapped
    from kith.note_versions v join kith.notes n using (network_id, note_id)
        join kith.data_keys k on k.network_id = n.network_id and k.holder = 'person' and k.holder_id = n.author_id;
grant select on kith.sealed_notes to kith_app;

create view kith.space_member_details with (security_invoker = true) as
    select m.*, p.name from kith.space_members m join kith.people p using (network_id, person_id);
grant select on kith.space_member_details to kith_app;

-- Concerns --------------------------------------------------------------------------------------------------------

create table kith.concerns (
    network_id uuid not null references kith.networks,
    concern_id uuid not null,
    programme_id uuid,
    raised_by uuid not null,
    raised_at timestamptz not null default now(),
    acknowledge_by timestamptz not null,
    acknowledged_by uuid,
    acknowledged_at timestamptz,
    closed_by uuid,
    closed_at timestamptz,
    version bigint not null default 1,
    primary key (network_id, concern_id),
    constraint concerns_programme_fkey foreign key (network_id, programme_id) references kith.programmes,
    constraint concerns_raised_by_fkey foreign key (network_id, raised_by) references kith.people
);
create index concerns_raised_by_idx on kith.concerns (network_id, raised_by);

-- To whom it was raised. A lead whom it is about is not among them.
create table kith.concern_leads (
    network_id uuid not null,
    concern_id uuid not null,
    person_id uuid not null,
    primary key (network_id, concern_id, person_id),
    constraint concern_leads_concern_fkey foreign key (network_id, concern_id) references kith.concerns,
    constraint concern_leads_person_fkey foreign key (network_id, person_id) references kith.people
);
create index concern_leads_person_idx on kith.concern_leads (network_id, person_id);

create table kith.concern_entries (
    network_id uuid not null,
    entry_id uuid not null,
    concern_id uuid not null,
    author_id uuid not null,
    kind text not null check (kind in ('concern', 'note', 'outcome')),
    sealed bytea not null check (octet_length(sealed) between 29 and 200000),
    created_at timestamptz not null default now(),
    primary key (network_id, entry_id),
    constraint concern_entries_concern_fkey foreign key (network_id, concern_id) references kith.concerns,
    constraint concern_entries_author_fkey foreign key (network_id, author_id) references kith.people
);
create index concern_entries_concern_idx on kith.concern_entries (network_id, concern_id, entry_id);

-- The concerns that the person of the transaction reads: their own, and those that were raised to them while they are a lead.
create function kith.readable_concerns() returns table (concern_id uuid, is_lead boolean)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select c.concern_id, false from kith.concerns c where c.network_id = kith.current_network() and c.raised_by = kith.current_person()
    union all
    select l.concern_id, true from kith.concern_leads l join kith.concerns c using (network_id, concern_id)
    where l.network_id = kith.current_network() and l.person_id = kith.current_person() and exists (
        select from kith.role_grants g
        where g.network_id = l.network_id and g.person_id = l.person_id and g.role = 'safeguarding_lead' and g.ended_at is null
          and (g.programme_id is null or g.programme_id = c.programme_id));
end;

-- Whether the concern is being raised in this transaction: its leads are named then, and never changed.
create function kith.is_being_raised(concern uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from kith.concerns c where c.network_id = kith.current_network() and c.concern_id = concern
          and c.raised_by = kith.current_person() and c.raised_at = now());
end;

create function kith.count_concerns() returns table (open bigint, waiting bigint, overdue bigint, closed bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select count(*) filter (where c.closed_at is null),
        count(*) filter (where c.closed_at is null and c.acknowledged_at is null),
        count(*) filter (where c.closed_at is null and c.acknowledged_at is null and c.acknowledge_by < now()),
        count(*) filter (where c.closed_at is not null)
    from kith.concerns c where c.network_id = kith.current_network();
end;

call kith.isolate('kith.concerns');
create policy doors on kith.concerns for select to kith_owner using (true);
create policy read_by_raiser_and_leads on kith.concerns as restrictive for select to kith_app
    using (raised_by = kith.current_person() or concern_id in (select r.concern_id from kith.readable_concerns() r));
create policy raised_by_oneself on kith.concerns as restrictive for insert to kith_app with check (raised_by = kith.current_person());
create policy changed_by_leads on kith.concerns as restrictive for update to kith_app
    using (concern_id in (select r.concern_id from kith.readable_concerns() r where r.is_lead)) with check (true);
grant select, insert (network_id, concern_id, programme_id, raised_by, acknowledge_by),
    update (acknowledged_by, acknowledged_at, closed_by, closed_at, version) on kith.concerns to kith_app;

call kith.isolate('kith.concern_leads');
create policy doors on kith.concern_leads for select to kith_owner using (true);
create policy read_by_raiser_and_leads on kith.concern_leads as restrictive for select to kith_app
    using (concern_id in (select r.concern_id from kith.readable_concerns() r));
create policy named_by_raiser on kith.concern_leads as restrictive for insert to kith_app with check (kith.is_being_raised(concern_id));
grant select, insert on kith.concern_leads to kith_app;

call kith.isolate('kith.concern_entries');
create policy read_by_raiser_and_leads on kith.concern_entries as restrictive for select to kith_app
    using (concern_id in (select r.concern_id from kith.readable_concerns() r));
create policy written_by_raiser_and_leads on kith.concern_entries as restrictive for insert to kith_app
    with check (author_id = kith.current_person() and concern_id in (
        select r.concern_id from kith.readable_concerns() r where r.is_lead or concern_entries.kind <> 'outcome'));
grant select, insert (network_id, entry_id, concern_id, author_id, kind, sealed) on kith.concern_entries to kith_app;

do $$
declare
    door text;
begin
    foreach door in array array[
        'kith.data_key_usage()', 'kith.destroy_person_key(uuid)', 'kith.held_break_glass_role(uuid, timestamptz)',
        'kith.holds_break_glass_role(uuid)', 'kith.readable_spaces()', 'kith.writable_spaces()', 'kith.may_add_member(uuid, uuid)',
        'kith.list_space_counts()', 'kith.tell_members(uuid, text, uuid)', 'kith.readable_concerns()', 'kith.is_being_raised(uuid)',
        'kith.count_concerns()'
    ] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

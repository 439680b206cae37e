-- The audit log as a hash tree, one for each network (RFC 6962, section 2), and who has looked at whose record.
--
-- An entry is written without a position. Afterwards, outside the transaction of the work, kith.number_audit_entries gives it the
-- next position of its network and keeps its leaf hash. Checkpoints of the tree are signed and kept outside the database, so that
-- whoever changes what stands here, a superuser too, is found out.

alter table kith.audit_entries
    -- The transaction that wrote it: where the numbering goes on, and which entries belong together.
    add column transaction_id xid8 not null default pg_current_xact_id(),
    -- Of a read: the role that allowed it, null for a right that everyone has.
    add column role text,
    -- Of a read of a page of people: its last person; subject_id is its first.
    add column subject_until uuid,
    -- SHA-256 of what was written beside the entry in words (kith.access_reasons), with its salt.
    add column digest bytea,
    add constraint audit_entries_digest_check check (octet_length(digest) = 32);
create index audit_entries_transaction_idx on kith.audit_entries (transaction_id);
create index audit_entries_pages_idx on kith.audit_entries (network_id, subject_id, entry_id) where subject_until is not null;
create policy numbering on kith.audit_entries for select to kith_owner using (true);
-- The server says neither when an entry was written nor in which transaction.
revoke insert on kith.audit_entries from kith_app;
grant insert (network_id, entry_id, account_id, person_id, action, subject_id, request_id, role, subject_until, digest)
    on kith.audit_entries to kith_app;

-- The bytes of an entry, version 1, of which its leaf hash is made: the version, then each field as its length in four bytes (-1 for
-- null) and its bytes. Identifiers have 16 bytes, the time is microseconds since 1970 in UTC as a signed integer of 8 bytes, the
-- transaction an unsigned one; integers are big-endian, texts UTF-8. Sources/Kith/Audit/AuditLeaf.swift has the same in Swift.
create function kith.audit_field(value bytea) returns bytea language sql immutable parallel safe
    return int4send(coalesce(octet_length(value), -1)) || coalesce(value, ''::bytea);
-- Null for what no clock says, so that such an entry can be numbered and compared too.
create function kith.audit_time(at timestamptz) returns bigint language sql immutable parallel safe
    return case when at >= '0001-01-01T00:00:00+00' and at < '10000-01-01T00:00:00+00' then (extract(epoch from at) * 1000000)::bigint end;
create function kith.audit_leaf(entry kith.audit_entries) returns bytea language sql stable parallel safe
    return '\x01'::bytea
        || kith.audit_field(uuid_send(entry.network_id)) || kith.audit_field(uuid_send(entry.entry_id))
        || kith.audit_field(int8send(kith.audit_time(entry.at)))
        || kith.audit_field(uuid_send(entry.account_id)) || kith.audit_field(uuid_send(entry.person_id))
        || kith.audit_field(convert_to(entry.action, 'UTF8'))
        || kith.audit_field(uuid_send(entry.subject_id)) || kith.audit_field(uuid_send(entry.subject_until))
        || kith.audit_field(uuid_send(entry.request_id)) || kith.audit_field(convert_to(entry.role, 'UTF8'))
        || kith.audit_field(entry.digest) || kith.audit_field(xid8send(entry.transaction_id));

create table kith.audit_leaves (
    network_id uuid not null,
    position bigint not null check (position >= 0),
    entry_id uuid not null,
    -- SHA-256 of a zero byte and the bytes of the entry (RFC 6962, section 2.1).
    hash bytea not null check (octet_length(hash) = 32),
    primary key (network_id, position),
    constraint audit_leaves_entry_key unique (network_id, entry_id)
);
alter table kith.audit_leaves enable row level security;
alter table kith.audit_leaves force row level security;
create policy own_network on kith.audit_leaves for select to kith_app using (network_id = kith.current_network());
create policy numbering on kith.audit_leaves to kith_owner using (true) with check (true);
grant select on kith.audit_leaves to kith_app;
create trigger append_only before update or delete or truncate on kith.audit_leaves
    for each statement execute function kith.refuse_change();

-- Before which transaction every entry has its position. One row, of the server itself, for nobody to see.
create table kith.audit_numbering (
    network_id uuid primary key default '00000000-0000-0000-0000-000000000000'
        check (network_id = '00000000-0000-0000-0000-000000000000'),
    settled_before xid8 not null
);
alter table kith.audit_numbering enable row level security;
alter table kith.audit_numbering force row level security;
create policy own_network on kith.audit_numbering for select to kith_app using (network_id = kith.current_network());
create policy numbering on kith.audit_numbering to kith_owner using (true) with check (true);
grant select on kith.audit_numbering to kith_app;
insert into kith.audit_numbering (settled_before) values ('0');

-- Gives entries their positions, without a gap, by transaction and identifier, to at most so many. Answers how many got one.
create function kith.number_audit_entries(most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    -- Taken before the entries are looked at: what was written before it is to be seen by then.
    horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
    settled xid8;
    numbered integer;
    latest xid8;
begin
    -- One at a time in the whole cluster.
    perform pg_advisory_xact_lock(hashtextextended('kith.number_audit_entries', 0));
    select settled_before into strict settled from kith.audit_numbering;
    -- A database that was restored into a younger cluster counts its transactions from the start again.
    if settled > horizon then settled := '0'; end if;
    with batch as materialized (
        select e as entry, e.network_id, e.entry_id, e.transaction_id from kith.audit_entries e
        where e.transaction_id >= settled
          and not exists (select from kith.audit_leaves l where l.network_id = e.network_id and l.entry_id = e.entry_id)
        order by e.transaction_id, e.entry_id limit most
    ), sizes as materialized (
        select n.network_id, coalesce((
            select l.position + 1 from kith.audit_leaves l where l.network_id = n.network_id order by l.position desc limit 1), 0) as size
        from (select distinct b.network_id from batch b) n
    ), leaves as (
        insert into kith.audit_leaves (network_id, position, entry_id, hash)
        select b.network_id, s.size - 1 + row_number() over (partition by b.network_id order by b.transaction_id, b.entry_id),
               b.entry_id, sha256('\x00'::bytea || kith.audit_leaf(b.entry))
        from batch b join sizes s using (network_id)
    )
    select count(*), max(b.transaction_id) into numbered, latest from batch b;
    update kith.audit_numbering set settled_before =
        case when numbered < most then horizon else least(horizon, latest) end;
    return numbered;
end $$;

-- How many leaves the tree of each network has, the server's own among them.
create function kith.audit_trees() returns table (network_id uuid, size bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select n.network_id, l.position + 1
    from (select kith.networks.network_id from kith.networks union all select '00000000-0000-0000-0000-000000000000'::uuid) n
        cross join lateral (
            select a.position from kith.audit_leaves a where a.network_id = n.network_id order by a.position desc limit 1) l;
end;

-- The leaf hashes of a network from a position on, one behind the other: what goes out of the database, and says nothing of anybody.
create function kith.audit_leaf_hashes(network uuid, first bigint, most bigint) returns bytea
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(string_agg(l.hash, ''::bytea order by l.position), ''::bytea) from kith.audit_leaves l
    where l.network_id = network and l.position >= first and l.position < first + most;
end;

-- Signed checkpoints, for those who want to take a copy or a proof. What counts is the signature: this is not the place that is trusted.
create table kith.audit_checkpoints (
    network_id uuid not null,
    checkpoint_id uuid not null default kith.new_id(),
    size bigint not null check (size > 0),
    note text not null check (length(note) <= 1000),
    created_at timestamptz not null default now(),
    primary key (network_id, checkpoint_id),
    constraint audit_checkpoints_size_key unique (network_id, size)
);
alter table kith.audit_checkpoints enable row level security;
alter table kith.audit_checkpoints force row level security;
create policy own_network on kith.audit_checkpoints for select to kith_app using (network_id = kith.current_network());
create policy keeper on kith.audit_checkpoints to kith_owner using (true) with check (true);
grant select on kith.audit_checkpoints to kith_app;
create trigger append_only before update or delete or truncate on kith.audit_checkpoints
    for each statement execute function kith.refuse_change();
create function kith.keep_audit_checkpoint(network uuid, size bigint, note text) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into kith.audit_checkpoints (network_id, size, note) values (network, size, note) on conflict do nothing;
end;

-- Who looked ---------------------------------------------------------------------------------------------------------

-- Why somebody looked, in their words; the entry of the log has its digest. What erases a person's words erases this.
create table kith.access_reasons (
    network_id uuid not null,
    entry_id uuid not null,
    salt bytea not null check (octet_length(salt) = 16),
    reason text not null check (length(reason) between 1 and 500),
    primary key (network_id, entry_id),
    constraint access_reasons_entry_fkey foreign key (network_id, entry_id) references kith.audit_entries
);
call kith.isolate('kith.access_reasons');
grant select, insert on kith.access_reasons to kith_app;

-- Who has looked at the record of the person who asks: their record by itself, or a page of a list on which they stand.
create view kith.record_accesses with (security_invoker = true) as
    select e.network_id, e.entry_id, e.at, e.person_id, p.name as person_name, substring(e.action from 6) as operation,
           e.role, e.subject_until is not null as is_list, r.reason
    from (
        select * from kith.audit_entries a
        where a.network_id = kith.current_network() and a.subject_id = kith.current_person() and a.subject_until is null
        union all
        select * from kith.audit_entries a
        where a.network_id = kith.current_network() and a.subject_until is not null
          and a.subject_id <= kith.current_person() and a.subject_until >= kith.current_person()
    ) e
        left join kith.people p on p.network_id = e.network_id and p.person_id = e.person_id
        left join kith.access_reasons r on r.network_id = e.network_id and r.entry_id = e.entry_id
    where e.action like 'read.%' and e.person_id is distinct from kith.current_person();
grant select on kith.record_accesses to kith_app;

do $$
declare
    door text;
begin
    foreach door in array array[
        'kith.number_audit_entries(integer)', 'kith.audit_trees()', 'kith.audit_leaf_hashes(uuid, bigint, bigint)',
        'kith.keep_audit_checkpoint(uuid, bigint, text)'
    ] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

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

do $$
declare
    door text;
begin
    foreach door in array array['kith.data_key_usage()', 'kith.destroy_person_key(uuid)'] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

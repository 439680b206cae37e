-- Guards that were missing: who may not break the glass, and who hears of a new password.

-- Breaking the glass -------------------------------------------------------------------------------------------------------

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
create or replace function kith.holds_break_glass_role(space uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select kith.held_break_glass_role(space, 'infinity');
end;

-- The spaces that the person of the transaction reads, and from when: a member from when they joined, break-glass from the beginning.
create or replace function kith.readable_spaces() returns table (space_id uuid, since timestamptz)
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

-- Approval is the second person's, once, within a week, and sets the clock itself.
create or replace function kith.approve_break_glass() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
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

-- A changed password -------------------------------------------------------------------------------------------------------

-- Tells the holder of the account at the door something about it, once: in the network that has the account's own address, or in another.
create function kith.tell_account(message uuid, kind text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    network constant text := current_setting('kith.network', true);
    found_person record;
begin
    select p.network_id, p.person_id into found_person
    from kith.people p join kith.accounts a using (account_id)
    where p.account_id = kith.current_account() and p.ended_at is null and kith.reachable_by(p.network_id, p.person_id) is not null
    order by lower(p.email) = a.email desc nulls last, p.person_id limit 1;
    if found then
        perform set_config('kith.network', found_person.network_id::text, true);
        perform kith.queue_message(message, found_person.person_id, kind, '{}', true, true);
        perform set_config('kith.network', coalesce(network, ''), true);
    end if;
end $$;

do $$
declare
    door text;
begin
    foreach door in array array['kith.held_break_glass_role(uuid, timestamptz)', 'kith.tell_account(uuid, text)'] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

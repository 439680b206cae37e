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

revoke execute on function kith.tell_account(uuid, text) from public;
grant execute on function kith.tell_account(uuid, text) to kith_app;

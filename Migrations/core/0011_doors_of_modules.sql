-- Opens a network to an account whose person is or was in it, for what is theirs alone, where the module that asks is enabled. Nobody's
-- role counts for those who have left.
create function kith.enter_own(secret bytea, needed_scope text, network uuid, plugin_id text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform kith.enter_own(secret, needed_scope, network);
    if plugin_id is not null and not exists (
        select from kith.enabled_plugins e where e.network_id = network and e.plugin = plugin_id) then
        raise exception 'no such network or module' using errcode = 'KH404';
    end if;
end $$;

do $$
declare
    door text;
begin
    foreach door in array array['kith.enter_own(bytea, text, uuid, text)'] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

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

-- Requests of visitors that are sent again --------------------------------------------------------------------------
-- Visitors have no account. Whoever shows a secret is known by it; whoever shows none, by the whole of what they send. Either becomes an
-- identifier of version 8 (RFC 9562), which no account has. The key alone opens no answer of somebody else.

create function kith.visitor_of(proof bytea) returns uuid language sql immutable parallel safe
    return overlay(overlay(encode(substring(sha256('kith visitor'::bytea || proof) from 1 for 16), 'hex') placing '8' from 13) placing '8' from 17)::uuid;
create function kith.current_visitor() returns uuid language sql stable parallel safe
    return case when kith.current_account() is null then nullif(current_setting('kith.visitor', true), '')::uuid end;
create policy own_visit on kith.idempotency_keys to kith_app
    using (network_id = kith.current_network() and account_id = kith.current_visitor())
    with check (network_id = kith.current_network() and account_id = kith.current_visitor());

-- What was answered to somebody is forgotten when what they said is deleted: to the visitor, and to the person if there is one. For
-- triggers of modules, which run as the owner.
create function kith.forget_answers(proof bytea, person uuid) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    update kith.idempotency_keys k set body = null
    where k.network_id = kith.current_network() and k.body is not null and (k.account_id = kith.visitor_of(proof) or k.account_id = (
        select p.account_id from kith.people p where p.network_id = kith.current_network() and p.person_id = person));
end;
revoke execute on function kith.forget_answers(bytea, uuid) from public;

do $$
declare
    door text;
begin
    foreach door in array array['kith.enter_own(bytea, text, uuid, text)'] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

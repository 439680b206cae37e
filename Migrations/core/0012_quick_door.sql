-- The door of networks again, in small statements and the most frequent case first. Every request comes through it, and to set up the plan
-- of one large statement takes PostgreSQL longer than to run several small ones: the door of before was half the time of reading one row.

create or replace function kith.enter(secret bytea, needed_scope text, network uuid, roles text[], anywhere boolean, scope uuid, plugin_id text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    found_token record;
    opened text[];
begin
    select t.account_id, t.scopes, t.network_id, null::uuid as session_id, false as is_idle, p.person_id into found_token
    from kith.api_tokens t join kith.accounts a using (account_id)
        left join kith.people p on p.network_id = network and p.account_id = t.account_id and p.ended_at is null
    where t.secret_hash = secret and t.revoked_at is null and t.expires_at > now() and a.disabled_at is null;
    if not found then
        select s.account_id, s.scopes, null::uuid as network_id, s.session_id,
               s.idle_at < now() + s.idle_for - interval '1 minute' as is_idle, p.person_id into found_token
        from kith.sessions s join kith.accounts a using (account_id)
            left join kith.people p on p.network_id = network and p.account_id = s.account_id and p.ended_at is null
        where s.secret_hash = secret and s.ended_at is null and s.expires_at > now() and s.idle_at > now() and a.disabled_at is null;
        if not found then
            raise exception 'unknown, expired or revoked token' using errcode = 'KH401';
        end if;
    end if;
    if found_token.person_id is null or found_token.network_id <> network then
        raise exception 'no such network or module' using errcode = 'KH404';
    end if;
    if plugin_id is not null then
        perform from kith.enabled_plugins e where e.network_id = network and e.plugin = plugin_id;
        if not found then
            raise exception 'no such network or module' using errcode = 'KH404';
        end if;
    end if;
    if 'enrol' = any (found_token.scopes) then
        raise exception 'no second factor yet' using errcode = 'KH451';
    elsif needed_scope <> all (found_token.scopes) then
        raise exception 'no role or scope that allows it' using errcode = 'KH403';
    end if;
    if roles is not null then
        perform from kith.role_grants g
        where g.network_id = network and g.person_id = found_token.person_id and g.ended_at is null and g.role = any (roles)
          and (g.programme_id is null or anywhere or g.programme_id = scope);
        -- Is it an activity and no programme, the roles of its programme count.
        if not found and scope is not null then
            perform from kith.activities a join kith.role_grants g on g.network_id = a.network_id and g.programme_id = a.programme_id
            where a.network_id = network and a.activity_id = scope
              and g.person_id = found_token.person_id and g.ended_at is null and g.role = any (roles);
        end if;
        if not found then
            raise exception 'no role or scope that allows it' using errcode = 'KH403';
        end if;
    end if;
    if found_token.is_idle then
        perform kith.touch_session(found_token.session_id);
    end if;
    -- An assignment, which needs no plan.
    opened := array[set_config('kith.account', found_token.account_id::text, true), set_config('kith.network', network::text, true),
                    set_config('kith.person', found_token.person_id::text, true)];
end $$;

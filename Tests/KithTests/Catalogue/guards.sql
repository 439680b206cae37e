-- Every guard of the schema, a line each, as PostgreSQL's own catalogue has it: GuardTests compares them with guards.txt, and Deploy/mutations
-- sees whether a guard that it takes out or weakens is missed there.
with relations as (
    select c.oid, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, n.nspname || '.' || c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('kith', 'expert_panels') and c.relkind in ('r', 'p', 'v', 'm', 'S')
), granted as (
    -- Of the whole relation, and of some of its columns.
    select r.name, coalesce(g.rolname, 'everyone') as grantee, lower(a.privilege_type) as privilege, null as columns
    from relations r join pg_class c on c.oid = r.oid cross join aclexplode(c.relacl) a left join pg_roles g on g.oid = a.grantee
    where a.grantee <> c.relowner
    union all
    select r.name, coalesce(g.rolname, 'everyone'), lower(a.privilege_type), string_agg(t.attname, ', ' order by t.attname)
    from relations r join pg_attribute t on t.attrelid = r.oid cross join aclexplode(t.attacl) a left join pg_roles g on g.oid = a.grantee
    group by r.name, g.rolname, a.privilege_type
), guards as (
    select name, 1 as part, format(
        '%s of %s%s%s%s', case relkind when 'v' then 'view' when 'S' then 'sequence' when 'm' then 'stored view' else 'table' end,
        relowner::regrole, case when relrowsecurity then ', shielded' end, case when relforcerowsecurity then ' from its owner too' end,
        ', ' || array_to_string(reloptions, ', ')) as guard
    from relations
    union all
    select name, 2, format('%s may %s', grantee, string_agg(privilege || coalesce(' (' || columns || ')', ''), ', ' order by privilege, columns))
    from granted group by name, grantee
    union all
    select r.name, 3, format(
        'policy %s%s for %s to %s%s%s', p.polname, case when not p.polpermissive then ' as well' end,
        case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
        (select string_agg(coalesce(g.rolname, 'everyone'), ', ' order by g.rolname) from unnest(p.polroles) m left join pg_roles g on g.oid = m),
        ' using ' || pg_get_expr(p.polqual, p.polrelid), ' with check ' || pg_get_expr(p.polwithcheck, p.polrelid))
    from relations r join pg_policy p on p.polrelid = r.oid
    union all
    select r.name, 4, format(
        'trigger%s: %s', case t.tgenabled when 'O' then '' else ' (' || t.tgenabled::text || ')' end,
        regexp_replace(pg_get_triggerdef(t.oid), '^CREATE (CONSTRAINT )?TRIGGER ', ''))
    from relations r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
    union all
    select p.oid::regprocedure::text, 5, format(
        'function of %s%s%s, for %s', p.proowner::regrole, case when p.prosecdef then ', with its owner''s rights' end,
        ', ' || array_to_string(p.proconfig, ', '),
        case when p.proacl is null then 'everyone' else (
            select coalesce(string_agg(coalesce(g.rolname, 'everyone'), ', ' order by g.rolname), 'nobody else')
            from aclexplode(p.proacl) a left join pg_roles g on g.oid = a.grantee where a.grantee <> p.proowner) end)
    from pg_proc p where p.pronamespace in ('kith'::regnamespace, 'expert_panels'::regnamespace)
    union all
    select 'schema ' || n.nspname, 0, format('of %s; %s', n.nspowner::regrole, string_agg(
        format('%s may %s', coalesce(g.rolname, 'everyone'), lower(a.privilege_type)), ', ' order by g.rolname, a.privilege_type))
    from pg_namespace n cross join aclexplode(n.nspacl) a left join pg_roles g on g.oid = a.grantee
    where n.nspname in ('kith', 'expert_panels', 'public') and a.grantee <> n.nspowner group by n.oid
)
select name || ': ' || regexp_replace(guard, '\s+', ' ', 'g') from guards order by name collate "C", part, guard collate "C"

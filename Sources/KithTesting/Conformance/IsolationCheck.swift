import PluginKit
package import Postgres

/// Whether every table belongs to a network, and no row of it can be seen or written from another.
package struct IsolationCheck {
    private let catalogue: Catalogue

    init(_ plugin: any Plugin.Type, _ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    package init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    package func findings(_ superuser: PostgresClient) async throws -> [Finding] {
        var findings: [Finding] = []
        for (query, detail) in Self.rules(catalogue.schema) {
            for name in try await superuser.query(query).decode(String.self) { findings.append(Finding(.isolation, "\(name) \(detail)")) }
        }
        return findings
    }

    // Each query names what breaks a rule.
    private static func rules(_ schema: String) -> [(Query, String)] {
        let tables: Query = "pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = \(schema) and c.relkind in ('r', 'p')"
        let name: Query = "n.nspname || '.' || c.relname"
        return [
            (
                """
                select \(query: name) from \(query: tables) where not exists (
                    select from pg_attribute a where a.attrelid = c.oid and a.attname = 'network_id' and a.attnotnull
                        and format_type(a.atttypid, null) = 'uuid') order by 1
                """, "has no column network_id uuid not null."
            ),
            (
                """
                select \(query: name) || ' (' || i.indexrelid::regclass || ')' from \(query: tables) join pg_index i on i.indrelid = c.oid
                where (i.indisunique or i.indisprimary) and not exists (
                    select from pg_attribute a where a.attrelid = c.oid and a.attnum = i.indkey[0] and a.attname = 'network_id') order by 1
                """, "is unique without network_id as its first column."
            ),
            (
                "select \(query: name) from \(query: tables) where not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary) and not exists (select from pg_index i where i.indrelid = c.oid and i.indisunique) order by 1",
                "has no key."
            ),
            (
                """
                select \(query: name) || ' (' || k.conname || ')' from \(query: tables) join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
                where not exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1] and a.attname = 'network_id')
                order by 1
                """, "is a foreign key without network_id as its first column."
            ),
            ("select \(query: name) from \(query: tables) where not c.relrowsecurity order by 1", "has no row-level security."),
            (
                "select \(query: name) from \(query: tables) where not c.relforcerowsecurity order by 1",
                "does not force row-level security."
            ),
            (
                """
                select \(query: name) from \(query: tables) where not exists (
                    select from pg_policy p where p.polrelid = c.oid and 'kith_app'::regrole = any (p.polroles)) order by 1
                """, "has no policy for kith_app."
            ),
            (
                """
                select \(query: name) || ' (' || p.polname || ')' from \(query: tables) join pg_policy p on p.polrelid = c.oid
                where p.polroles && array['kith_app'::regrole::oid, 0::oid] and p.polpermissive and (
                    (p.polcmd <> 'a' and coalesce(pg_get_expr(p.polqual, p.polrelid), '') not like '%network_id = kith.current_network()%')
                    or (p.polcmd <> 'r' and p.polcmd <> 'd'
                        and coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') not like '%network_id = kith.current_network()%')) order by 1
                """, "is a policy that does not compare network_id with kith.current_network(), in using and in with check."
            ),
            (
                "select \(query: name) from \(query: tables) where pg_get_userbyid(c.relowner) = 'kith_app' order by 1",
                "belongs to kith_app, which must own nothing."
            ),
            (
                "select \(query: name) from \(query: tables) where has_table_privilege('kith_app', c.oid, 'truncate') order by 1",
                "can be truncated by kith_app."
            ),
            (
                """
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = \(schema) and (c.relkind = 'm' or c.relkind = 'v'
                    and not coalesce(c.reloptions @> array['security_invoker=true'], false)) order by 1
                """, "is a view that does not run with security_invoker = true."
            ),
            (
                """
                select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where n.nspname = \(schema) and p.prosecdef and not exists (
                    select from unnest(p.proconfig) setting where setting like 'search_path=%') order by 1
                """, "runs with its definer's rights and has no fixed search_path."
            ),
            (
                """
                select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where n.nspname = \(schema) and p.prosecdef and exists (
                    select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0 and a.privilege_type = 'EXECUTE')
                order by 1
                """, "runs with its definer's rights and can be called by everyone."
            ),
        ]
    }
}

package import Postgres

/// What PostgreSQL's catalogue says of a schema.
package struct Catalogue: Sendable {
    package struct Table: Sendable {
        package let name: String
        package let columns: [Column]
        package let foreignKeys: [ForeignKey]
        package let primaryKey: [String]
    }

    package struct Column: Sendable {
        package let name: String
        package let type: String
        package let isRequired: Bool
        package let isGenerated: Bool

        /// Whether it can hold words or choices of a person.
        package var canHoldWords: Bool {
            ["text", "text[]", "jsonb", "json", "bytea", "xml", "name"].contains(type) || type.hasPrefix("character")
        }
    }

    package struct ForeignKey: Sendable {
        package let columns: [String]
        package let table: String
        package let targets: [String]
    }

    package let schema: String
    package let tables: [Table]

    package static func read(schema: String, _ superuser: PostgresClient) async throws -> Catalogue {
        let columns = try await superuser.query(
            """
            select c.relname::text, a.attname::text, format_type(a.atttypid, null), a.attnotnull and not a.atthasdef and a.attgenerated = '',
                a.attgenerated <> ''
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
            where n.nspname = \(schema) and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped order by c.oid, a.attnum
            """
        ).decode((String, String, String, Bool, Bool).self)
        let keys = try await superuser.query(
            """
            select c.relname::text, k.contype::text, (k.confrelid::regclass)::text,
                (select array_agg(a.attname::text order by o) from unnest(k.conkey) with ordinality u (n, o)
                    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n),
                coalesce((select array_agg(a.attname::text order by o) from unnest(k.confkey) with ordinality u (n, o)
                    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n), '{}')
            from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = \(schema) and k.contype in ('p', 'f')
            """
        ).decode((String, String, String, [String], [String]).self)
        var names: [String] = []
        for column in columns where names.last != column.0 { names.append(column.0) }
        return Catalogue(
            schema: schema,
            tables: names.map { name in
                Table(
                    name: name,
                    columns: columns.filter { $0.0 == name }.map { Column(name: $0.1, type: $0.2, isRequired: $0.3, isGenerated: $0.4) },
                    foreignKeys: keys.filter { $0.0 == name && $0.1 == "f" }.map { ForeignKey(columns: $0.3, table: $0.2, targets: $0.4) },
                    primaryKey: keys.first { $0.0 == name && $0.1 == "p" }?.3 ?? [])
            })
    }
}

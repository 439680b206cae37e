import CoreMigrations

extension Migration {
    /// The steps of the core's schema.
    public static let core = CoreMigrations.files.map { Migration(module: "core", number: $0.number, name: $0.name, sql: $0.sql) }
}

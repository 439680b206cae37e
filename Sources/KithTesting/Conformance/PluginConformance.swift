import EmbeddedPostgres
import KithServer
import Kith
public import PluginKit

/// What every plugin must hold to, checked on real databases in one line:
///
/// ```swift
/// @Test func `the plugin keeps its promises`() async throws {
///     #expect(try await PluginConformance.check(Noticeboard.self) == [])
/// }
/// ```
public enum PluginConformance {
    /// Checks a plugin.
    /// - Parameters:
    ///   - plugin: the plugin; the plugins that it needs come along
    ///   - values: SQL expressions, by `table.column`, for columns whose constraints allow no value that the suite would try by itself
    /// - Returns: everything in which it falls short; empty for a plugin that keeps its promises
    /// - Throws: where the checks themselves cannot run
    public static func check(_ plugin: any Plugin.Type, filling values: [String: String] = [:]) async throws -> [Finding] {
        let distribution: Distribution
        let without: Distribution
        do {
            let needed = required(by: plugin)
            distribution = try Distribution(needed + [plugin])
            without = try Distribution(needed)
        } catch {
            return [Finding(.declaration, error.description)]
        }
        let migrations = try await MigrationCheck(plugin, distribution, without).findings()
        // The other checks need its tables.
        if !migrations.isEmpty { return migrations }
        let schema = try await TestCluster.shared.withDatabase(distribution) { database in
            try await database.withClient(as: ConnectionDetails.superuser) { superuser in
                let catalogue = try await Catalogue.read(schema: plugin.id, superuser)
                return try await IsolationCheck(plugin, catalogue).findings(superuser)
                    + PrivacyCheck(plugin, catalogue, filling: values).findings(database, superuser)
            }
        }
        return try await schema + ReachabilityCheck(plugin, distribution, without).findings()
    }

    private static func required(by plugin: any Plugin.Type) -> [any Plugin.Type] {
        var found: [any Plugin.Type] = []
        for needed in plugin.requirements {
            for other in required(by: needed) + [needed] where !found.contains(where: { $0.id == other.id }) { found.append(other) }
        }
        return found
    }
}

import Postgres

/// Which modules a network uses. Disabling keeps the data and closes every way to it.
public enum EnabledPlugins {
    /// Enables a module.
    public static func enable(by actor: Actor, _ plugin: String, requiring requirements: [String]) async throws {
        try await actor.transaction { actor in
            let missing = try await actor.read(
                "select required from unnest(\(requirements)::text[]) required where required not in (select plugin from kith.enabled_plugins)"
            ).decode(String.self)
            if let first = missing.first {
                throw Refusal.conflict("This module needs the module \(first). Enable that one first.")
            }
            _ = try await actor.write(
                """
                insert into kith.enabled_plugins (network_id, plugin) values (\(actor.network), \(plugin))
                on conflict (network_id, plugin) do nothing returning network_id as id
                """)
        }
    }

    /// Disables a module.
    public static func disable(by actor: Actor, _ plugin: String, requiredBy dependents: [String]) async throws {
        try await actor.transaction { actor in
            let using = try await actor.read("select plugin from kith.enabled_plugins where plugin = any (\(dependents))").decode(
                String.self)
            if let first = using.first {
                throw Refusal.conflict("The module \(first) needs this one. Disable that one first.")
            }
            _ = try await actor.write("delete from kith.enabled_plugins where plugin = \(plugin) returning network_id as id")
        }
    }

    /// The ids of the modules that the network uses.
    public static func list(by actor: Actor) async throws -> Set<String> {
        Set(try await actor.read("select plugin from kith.enabled_plugins").decode(String.self))
    }
}

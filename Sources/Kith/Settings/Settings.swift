import Postgres
import struct FoundationEssentials.UUID

/// A setting that a module declares: its key, what it may be, and what holds where nobody has chosen.
public struct Setting: Sendable {
    /// Its key within the module.
    public let key: String
    /// What it does, in plain English.
    public let summary: String
    /// What it may be.
    public let schema: Schema
    /// What holds where nobody has chosen.
    public let standard: JSON
    let check: @Sendable (JSON) -> [FieldProblem]

    /// Declares a setting.
    public init<Value>(_ key: String, _ format: Format<Value>, default standard: JSON, _ summary: String) {
        self.key = key
        self.summary = summary
        self.standard = standard
        schema = format.schema
        check = { json in
            var problems: [FieldProblem] = []
            _ = format.read(json, "/value", &problems)
            return problems
        }
    }
}

/// The settings of a network.
public enum Settings {
    /// What the API answers for a setting.
    public static let resource = Resource(
        "Setting", "setting", table: "kith.settings", key: "key",
        [.text("module", "The module that declares it."), .text("key", "Its key."), .json("value", "What holds.")])

    /// A choice.
    public struct Choice: Input {
        let value: JSON

        public init(from fields: inout Fields) {
            value = fields.required("value", .json, "What shall hold.")
        }
    }

    /// What holds for one declared setting in the network.
    public static func get(by actor: Actor, module: String, _ setting: Setting) async throws -> JSON {
        let rows = try await actor.read(
            "select value::text from kith.settings where module = \(module) and activity_id is null and key = \(setting.key)")
        guard let text = try rows.first?["value", as: String.self] else { return setting.standard }
        return try JSON(reading: Array(text.utf8))
    }

    /// What holds for all settings that a module declares.
    public static func list(by actor: Actor, module: String, _ settings: [Setting]) async throws -> JSON {
        let chosen = try await actor.read(
            "select key, value::text from kith.settings where module = \(module) and activity_id is null"
        ).decode((String, String).self)
        let values = try Dictionary(chosen.map { ($0, try JSON(reading: Array($1.utf8))) }) { $1 }
        return .object(Dictionary(settings.map { ($0.key, values[$0.key] ?? $0.standard) }) { $1 })
    }

    /// Chooses a value for the whole network.
    public static func choose(by actor: Actor, module: String, _ setting: Setting, _ choice: Choice) async throws {
        let problems = setting.check(choice.value)
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        _ = try await actor.write(
            """
            insert into kith.settings (network_id, module, key, value)
            values (\(actor.network), \(module), \(setting.key), \(JSONText(choice.value.description)))
            on conflict on constraint settings_key do update set value = excluded.value, version = settings.version + 1, updated_at = now()
                where settings.value is distinct from excluded.value
            returning network_id as id
            """)
    }
}

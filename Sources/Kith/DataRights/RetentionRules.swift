public import Postgres
import struct FoundationEssentials.UUID

/// For how long each class of data is kept, as the contracts declare and a network may choose within limits; a daily job carries it out.
/// What is restricted is kept for as long as the restriction lasts.
public struct RetentionRules: Sendable {
    private let holdings: [(holding: PrivacyContract.Holding, rule: Retention.Rule)]

    /// Makes the rules of a server.
    /// - Parameter contracts: the core's, then each plugin's
    public init(_ contracts: [PrivacyContract]) {
        holdings = contracts.flatMap(\.holdings).compactMap { holding in holding.retention.rule.map { (holding, $0) } }
    }

    /// The answer to a list or a preview.
    public static let schema = Schema.object(
        name: "RetentionRules",
        members: [
            (
                "items",
                .list(
                    .object(
                        name: "RetentionRule",
                        members: [
                            ("name", .inline(["type": "string"]), "By which another time is chosen."),
                            ("title", .inline(["type": "string"]), "What is kept."),
                            ("kept", .inline(["type": "string"]), "For how long, in words, where nothing else was chosen."),
                            ("days", .inline(["type": "integer"]), "For how many days."),
                            ("least_days", .inline(["type": "integer"]), "The fewest that may be chosen."),
                            ("most_days", .inline(["type": "integer"]), "The most that may be chosen."),
                            ("rows", .inline(["type": "integer"]), "How many entries have had their time and would go now."),
                        ], required: ["name", "title", "kept", "days", "least_days", "most_days", "rows"])), "The rules."
            )
        ], required: ["items"])

    /// A choice.
    public struct Choice: Input {
        let days: Int

        public init(from fields: inout Fields) {
            days = fields.required("days", .integer(0...36_500), "For how many days.")
        }
    }

    /// Every rule, with how much would go if the job ran now. Nothing is changed.
    public func preview(by actor: Actor) async throws -> JSON {
        try await actor.transaction { actor in
            let chosen = try await chosen(by: actor)
            // What the job would see: administrators may know how much goes, and not what it says.
            _ = try await actor.run(Self.right)
            let counts = try await actor.run(
                holdings.map { holding, rule in
                    "select count(*) from \(raw: holding.table) where \(query: holding.isOver(after: chosen[rule.name] ?? rule.days) ?? "false")"
                })
            return [
                "items": .array(
                    try zip(holdings, counts).map { item, rows in
                        [
                            "name": .string(item.rule.name), "title": .string(item.holding.title),
                            "kept": .string(item.holding.retention.text),
                            "days": .integer(Int64(chosen[item.rule.name] ?? item.rule.days)),
                            "least_days": .integer(Int64(item.rule.limits.lowerBound)),
                            "most_days": .integer(Int64(item.rule.limits.upperBound)),
                            "rows": .integer(try rows.decode(Int64.self).first ?? 0),
                        ]
                    })
            ]
        }
    }

    /// Chooses for how long a class of data is kept in the network.
    public func choose(_ name: String, by actor: Actor, _ choice: Choice) async throws {
        guard let rule = holdings.first(where: { $0.rule.name == name })?.rule else { throw Refusal.notFound("rule") }
        guard rule.limits.contains(choice.days) else {
            throw Refusal.invalid([
                FieldProblem("/days", "This may be from \(rule.limits.lowerBound) to \(rule.limits.upperBound) days for this kind of data.")
            ])
        }
        _ = try await actor.write(
            """
            insert into kith.settings (network_id, module, key, value)
            values (\(actor.network), 'core', \("retention.\(name)"), to_jsonb(\(choice.days)::integer))
            on conflict on constraint settings_key do update set value = excluded.value, version = settings.version + 1, updated_at = now()
            returning network_id as id
            """)
    }

    /// Asks for the job.
    public static func run(by actor: Actor) async throws -> Row {
        guard let network = actor.network else { preconditionFailure("retention is run in a network") }
        return try await Jobs.enqueue(by: actor, "core.retain", of: "core", about: network, [:])
    }

    /// The job, which also runs once a day.
    public var job: JobKind {
        JobKind(module: "core", "retain", "Erases what has had its time") { run in
            try await run.actor.transaction { actor in
                let chosen = try await chosen(by: actor)
                _ = try await actor.run(Self.right)
                var erased: [String: JSON] = [:]
                for (holding, rule) in holdings {
                    guard let over = holding.isOver(after: chosen[rule.name] ?? rule.days), let erase = holding.erase(where: over) else {
                        continue
                    }
                    let rows = try await actor.read(erase).affected
                    if rows > 0 { erased[rule.name] = .integer(Int64(rows)) }
                }
                return ["erased": .object(erased)]
            }
        }
    }

    private static let right: Query = "select set_config('kith.rights', '00000000-0000-0000-0000-000000000000', true)"

    // Settings are read by the rules alone, so that a limit that was tightened by a later release holds for what was chosen before.
    private func chosen(by actor: Actor) async throws -> [String: Int] {
        let rows = try await actor.read(
            "select substr(key, 11), value::text::integer from kith.settings where module = 'core' and activity_id is null and key like 'retention.%'"
        ).decode((String, Int).self)
        let limits = Dictionary(holdings.map { ($0.rule.name, $0.rule.limits) }) { first, _ in first }
        return Dictionary(
            rows.compactMap { name, days in limits[name].map { (name, min(max(days, $0.lowerBound), $0.upperBound)) } }
        ) { first, _ in first }
    }
}

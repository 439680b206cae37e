import Allocation
import PluginKit
import struct FoundationEssentials.UUID

/// What other targets would do to everyone's chance, before anything is frozen. Volunteers stand in it by their references.
enum WhatIf {
    /// For how long a request calculates.
    private static let limit = Duration.seconds(20)

    /// Targets as they might be.
    struct Asked: Input {
        let targets: [Moved]
        let algorithm: PanelAlgorithm

        init(from fields: inout Fields) {
            targets = fields.required("targets", .list(of: .object(), 1...1000), "Targets as they might be; the others stay as they are.")
            algorithm = fields.optional("algorithm", .choice(), default: .leximin, "How to draw.")
        }
    }

    /// A target as it might be.
    struct Moved: Input {
        let target: PanelTarget

        init(from fields: inout Fields) {
            target = PanelTarget(
                feature: fields.required("feature", .text(1...100), "What people differ in."),
                value: fields.required("value", .text(1...200), "One value of it."),
                minimum: fields.required("minimum", .integer(0...10_000), "How many seats at least."),
                maximum: fields.required("maximum", .integer(0...10_000), "How many seats at most."))
            fields.check(target.minimum <= target.maximum, "minimum", "The minimum is more than the maximum.")
        }
    }

    /// The answer.
    static let answer = Schema.object(
        name: "WhatIf",
        members: [
            ("now", state, "As the targets are."), ("then", state, "As they might be."),
            (
                "people",
                .list(
                    .object(
                        name: "WhatIfPerson",
                        members: [
                            ("reference", .inline(["type": "string"]), "The volunteer."),
                            ("now", chance, "Their chance as the targets are."), ("then", chance, "Their chance as they might be."),
                        ], required: ["reference", "now", "then"])), "Everybody's chance, by reference."
            ),
        ],
        required: ["now", "then", "people"])

    private static let chance = Schema.nullable(.inline(["type": "number"]))
    private static let state = Schema.object(
        name: "WhatIfState",
        members: [
            ("least_chance", chance, "The smallest chance that anybody has; null where no panel can meet the targets."),
            ("greatest_chance", chance, "The greatest."),
            ("problem", .nullable(.inline(["type": "string"])), "Why no panel can meet the targets, and what would help."),
        ], required: ["least_chance", "greatest_chance", "problem"])

    /// Works out everyone's chance as the targets are and as they might be.
    static func answer(by actor: Actor, for opportunity: UUID, of panel: UUID, _ asked: Asked) async throws -> JSON {
        let pool = try await actor.transaction { actor in
            let call = try await actor.get(Opportunities.resource, opportunity, where: "panel_id = \(panel)")
            // Whoever tries targets to get somebody in is seen.
            _ = try await actor.run(actor.recorded("select \(opportunity)::uuid as id"))
            return try await Pools.current(call, by: actor)
        }
        let unknown = asked.targets.enumerated().filter { moved in
            !pool.targets.contains { ($0.feature, $0.value) == (moved.element.target.feature, moved.element.target.value) }
        }
        if !unknown.isEmpty {
            throw Refusal.invalid(
                unknown.map { FieldProblem("/targets/\($0.offset)/value", "There is no target for this feature and value.") })
        }
        let now = try await chances(pool, asked.algorithm)
        let then: Chances
        do {
            then = try await chances(pool.replacing(asked.targets.map(\.target)), asked.algorithm)
        } catch let problem as PanelPoolError {
            then = .impossible(problem.description)
        }
        return [
            "now": now.summary, "then": then.summary,
            "people": .array(
                pool.candidates.map {
                    ["reference": .string($0.id), "now": now.chance(of: $0.id), "then": then.chance(of: $0.id)]
                }),
        ]
    }

    /// Everyone's chance, or why there is none.
    private enum Chances {
        case known([String: Double])
        case impossible(String)

        func chance(of reference: String) -> JSON {
            if case .known(let chances) = self { chances[reference].map(JSON.number) ?? .null } else { .null }
        }

        var summary: JSON {
            switch self {
            case .known(let chances):
                [
                    "least_chance": chances.values.min().map(JSON.number) ?? .null,
                    "greatest_chance": chances.values.max().map(JSON.number) ?? .null, "problem": .null,
                ]
            case .impossible(let problem): ["least_chance": .null, "greatest_chance": .null, "problem": .string(problem)]
            }
        }
    }

    private static func chances(_ pool: PanelPool, _ algorithm: PanelAlgorithm) async throws -> Chances {
        let end = ContinuousClock.now + limit
        do {
            let lottery = try await Blocking.run { isCancelled in
                try pool.lottery(algorithm, isCancelled: { isCancelled() || ContinuousClock.now > end })
            }
            guard let lottery else {
                throw Refusal.conflict("This way of drawing does not know anybody's chance. Choose another one.")
            }
            return .known(lottery.probabilities)
        } catch let problem as PanelInfeasibility {
            return .impossible(problem.description)
        } catch is CancellationError where ContinuousClock.now > end {
            throw Refusal.conflict("This takes longer than a request may. Try it on a file of the volunteers: kith allocate what-if")
        }
    }
}

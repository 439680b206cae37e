import Allocation
import PluginKit
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

extension Draws {
    /// What is recorded of a draw before it begins.
    struct Settled: Sendable {
        let pool: UUID
        let algorithm: PanelAlgorithm
        let alternates: Int
        /// Where the public value comes from, in words; nil for none.
        let publicValueSource: String?
        /// When the public value is out, where that is known.
        let dueAt: Date?
    }

    /// What is asked for with a draw.
    struct New: Input {
        private let pool: UUID
        private let algorithm: PanelAlgorithm
        private let alternates: Int
        private let publicValueSource: String?
        private let drandRound: Int?

        init(from fields: inout Fields) {
            pool = fields.required("pool_id", .id, "The frozen pool.")
            algorithm = fields.optional("algorithm", .choice(), default: .leximin, "How to draw.")
            alternates = fields.optional(
                "alternates", .integer(0...100), default: 0,
                "How many of the reserves are alternates, who come along from the beginning. It is committed to with the rest.")
            publicValueSource = fields.optional(
                "public_value_source", .text(1...500),
                "Where a public value will come from that nobody controls yet, such as a national lottery's draw of a day to come. The draw waits "
                    + "for it. Without one the panel is drawn at once.")
            drandRound = fields.optional(
                "drand_round", .integer(1...1_000_000_000_000),
                "The number of a round to come of the drand network that this network has chosen, as the public value; in place of a source in words."
            )
            fields.check(publicValueSource == nil || drandRound == nil, "drand_round", "Name one source of the public value, not two.")
            fields.check(
                publicValueSource.flatMap(DrandRound.read) == nil, "public_value_source", "Give the number of the round as drand_round.")
        }

        /// With the source in words, where a round of drand was named.
        func settled(by actor: Actor) async throws -> Settled {
            var round: Drand.Round?
            if let drandRound { round = try await Drand.round(drandRound, by: actor) }
            return Settled(
                pool: pool, algorithm: algorithm, alternates: alternates, publicValueSource: round?.source ?? publicValueSource,
                dueAt: round?.dueAt)
        }
    }
}

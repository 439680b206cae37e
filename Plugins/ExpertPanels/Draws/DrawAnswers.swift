import Allocation
import PluginKit
import struct FoundationEssentials.UUID

/// What a draw tells those who check it, and each volunteer of themselves.
enum DrawAnswers {
    /// The record of a draw that is done, as `kith verify draw` reads it.
    static func record(by actor: Actor, _ id: UUID, of panel: UUID) async throws -> JSON {
        try await actor.transaction { actor in
            let draw = try await actor.get(Draws.resource, id, where: "panel_id = \(panel)")
            guard let seed = try draw["seed", as: String?.self], try draw["drawn_at", as: String?.self] != nil else {
                throw Refusal.conflict("This draw is not done. Its record is there when it is.")
            }
            let committed = try await CommittedDraw.read(id, by: actor)
            // By the pool's references: a volunteer's own may be erased since.
            let seats = try await actor.read(
                """
                select s.part, m.reference from expert_panels.seats s
                    join expert_panels.draws d using (network_id, draw_id)
                    join expert_panels.pool_members m on m.network_id = d.network_id and m.pool_id = d.pool_id and m.volunteer_id = s.volunteer_id
                where s.draw_id = \(id) order by s.part, s.place
                """
            ).decode((Draws.Part, String).self)
            return DrawFile.document(
                DrawRecord(
                    pool: committed.pool, commitment: committed.commitment, committed: committed.commitment.digest,
                    lottery: committed.lottery, secret: committed.secret, publicValue: try draw["public_value", as: String?.self] ?? "",
                    drand: try drand(draw),
                    seed: seed, panel: seats.filter { $0.0 == .seat }.map(\.1), reserves: seats.filter { $0.0 == .reserve }.map(\.1)))
        }
    }

    private static func drand(_ draw: Row) throws -> DrandRound? {
        guard let round = try draw["public_value_source", as: String?.self].flatMap(DrandRound.read),
            let signature = try draw["drand_signature", as: String?.self]
        else { return nil }
        return DrandRound(
            chain: round.chain, number: round.number, randomness: try draw["public_value", as: String.self], signature: signature,
            address: try draw["drand_address", as: String.self])
    }

    /// Everyone's chance as a picture without anybody's id, before and after the draw.
    static func plot(by actor: Actor, _ id: UUID, of panel: UUID) async throws -> [UInt8] {
        try await actor.transaction { actor in
            _ = try await actor.get(Draws.resource, id, where: "panel_id = \(panel)")
            let committed = try await CommittedDraw.read(id, by: actor)
            guard let chances = committed.lottery?.probabilities else {
                throw Refusal.conflict("This way of drawing does not know anybody's chance, so there is nothing to show.")
            }
            let drawn = try await actor.read(
                """
                select m.reference from expert_panels.seats s join expert_panels.pool_members m using (network_id, volunteer_id)
                where s.draw_id = \(id) and s.part = 'seat' and m.pool_id = \(committed.poolID)
                """
            ).decode(String.self)
            return Array(ChancePlot(chances, panel: drawn).svg.utf8)
        }
    }

    /// What a volunteer is told of their own chance.
    static let chance = Schema.object(
        name: "OwnChance",
        members: [
            ("chance", .nullable(.inline(["type": "number"])), "Your chance of a seat, from 0 to 1; null where the algorithm knows none."),
            ("equal_chance", .nullable(.inline(["type": "number"])), "Everybody's chance on average."),
            ("in_words", .inline(["type": "string"]), "Your chance in plain English."),
            ("reasons", .list(.inline(["type": "string"])), "Which targets mattered."),
            (
                "outcome", .inline(["type": "string", "enum": ["waiting", "seat", "reserve", "not_drawn", "excluded", "void"]]),
                "What happened."
            ),
            ("outcome_in_words", .inline(["type": "string"]), "What happened, in plain English."),
        ],
        required: ["chance", "equal_chance", "in_words", "reasons", "outcome", "outcome_in_words"])

    /// The chance of whoever asks, why it was what it was, and what happened. Of nobody else.
    static func own(by actor: Actor, _ id: UUID, of panel: UUID) async throws -> JSON {
        try await actor.transaction { actor in
            let draw = try await actor.get(Draws.resource, id, where: "panel_id = \(panel)")
            let mine = try await actor.read(
                """
                select m.reference, m.reason, s.part, s.place, s.ended_at is not null as has_ended
                from expert_panels.draws d
                    join expert_panels.pool_members m using (network_id, pool_id)
                    join expert_panels.volunteers v on v.network_id = m.network_id and v.volunteer_id = m.volunteer_id
                    left join expert_panels.seats s on s.network_id = d.network_id and s.draw_id = d.draw_id and s.volunteer_id = v.volunteer_id
                where d.draw_id = \(id) and v.person_id = kith.current_person()
                """
            )
            guard let own = mine.first else {
                throw Refusal.notFound("draw")
            }
            if let reason = try own["reason", as: String?.self] { return excluded(reason) }
            let outcome = try outcome(draw, own)
            let committed = try await CommittedDraw.read(id, by: actor)
            guard let reasons = ChanceReasons(of: try own["reference", as: String.self], in: committed.pool) else {
                throw Refusal.notFound("draw")
            }
            let chance = try committed.lottery?.probabilities[own["reference", as: String.self]]
            return [
                "chance": chance.map(JSON.number) ?? .null, "equal_chance": .number(reasons.equalChance),
                "in_words": .string(words(chance, reasons.equalChance)), "reasons": .array(reasons.sentences.map(JSON.string)),
                "outcome": .string(outcome.name), "outcome_in_words": .string(outcome.words),
            ]
        }
    }

    private static func excluded(_ reason: String) -> JSON {
        [
            "chance": 0, "equal_chance": .null, "in_words": "You were not among those who could be drawn.",
            "reasons": [.string(reason)], "outcome": "excluded",
            "outcome_in_words": "You took no part in this draw. If you think that is wrong, say so to whoever runs the panel.",
        ]
    }

    private static func words(_ chance: Double?, _ equal: Double) -> String {
        let average = "On average everybody had \(share(equal))."
        guard let chance else { return "This way of drawing does not know anybody's chance. \(average)" }
        if chance <= 0 { return "No panel that meets the targets could have you on it, so you had no chance of a seat. \(average)" }
        if chance > 0.9999 { return "Every panel that meets the targets has you on it, so your seat was certain. \(average)" }
        return "Your chance of a seat was \(share(chance)). \(average)"
    }

    private static func share(_ chance: Double) -> String {
        let oneIn = 1 / max(chance, 1e-9)
        // "About one in 2" is not said of two in three.
        let isAbout = oneIn > 1.9 && abs(1 / oneIn.rounded() - chance) < 0.1 * chance
        return "\((chance * 1000).rounded() / 10) in 100" + (isAbout ? ", about one in \(Int(oneIn.rounded()))" : "")
    }

    private static func outcome(_ draw: Row, _ own: Row) throws -> (name: String, words: String) {
        if let note = try draw["note", as: String?.self] { return ("void", "This draw was given up. \(note)") }
        guard try draw["drawn_at", as: String?.self] != nil else { return ("waiting", "The draw is not done yet.") }
        switch try own["part", as: Draws.Part?.self] {
        case .seat:
            let ended = try own["has_ended", as: Bool.self]
            return ("seat", ended ? "You were drawn for a seat, and it has ended since." : "You were drawn for a seat.")
        case .reserve:
            let place = try own["place", as: Int.self]
            let isAlternate = try place <= draw["alternates", as: Int.self]
            return (
                "reserve",
                "You were not drawn for a seat. You are number \(place) among the reserves."
                    + (isAlternate ? " You are an alternate: you come along from the beginning." : "")
            )
        case nil:
            return ("not_drawn", "You were not drawn. Thank you for offering.")
        }
    }
}

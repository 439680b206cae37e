import PluginKit
import struct FoundationEssentials.UUID

/// How power is shared: what part of those who sit on a panel, chair it, select for it, set its agenda and speak has lived experience, as
/// they say themselves, against what the network wants.
enum Power {
    /// Whose share is looked at.
    enum Body: String, Sendable, CaseIterable {
        case panel, chairs, selectors, agenda, speaking

        /// In per cent.
        var setting: Setting {
            Setting(
                "power_percent_\(rawValue)", .integer(0...100), default: 50,
                "What part of \(title) is to have lived experience, as people say themselves, in per cent.")
        }

        /// What the network wants, in per cent.
        func wanted(by actor: Actor) async throws -> Int {
            Int(try await Settings.get(by: actor, module: ExpertPanels.id, setting).integer ?? 50)
        }

        private var title: String {
            switch self {
            case .panel: "a panel"
            case .chairs: "those who chair a panel"
            case .selectors: "those who select for a panel"
            case .agenda: "the agenda of a panel, by who put things on it,"
            case .speaking: "the time in which people speak at a panel"
            }
        }
    }

    /// What happens where the share is less than the network wants.
    enum Action: String, Sendable, CaseIterable {
        case flag, block
    }

    static let action = Setting(
        "power_action", .choice(Action.self), default: .string(Action.flag.rawValue),
        "What happens where power is shared less than the network wants: flag shows it, block also stops draws, shortlists and quorums.")

    static let settings = Body.allCases.map(\.setting) + [action]

    /// What part of a body has lived experience.
    struct Balance: Sendable {
        let body: Body
        /// How many people it is, items or minutes.
        let people: Int
        /// How many of them have lived experience; at least so many, where `isLeast`.
        let counted: Int
        let isLeast: Bool
        /// What the network wants, in per cent.
        let percent: Int

        var isMet: Bool { counted * 100 >= percent * people }

        var json: JSON {
            [
                "body": .string(body.rawValue), "people": .integer(Int64(people)), "counted": .integer(Int64(counted)),
                "is_least": .bool(isLeast), "percent": people == 0 ? .null : .integer(Int64(counted * 100 / people)),
                "wanted_percent": .integer(Int64(percent)), "is_met": people == 0 ? .null : .bool(isMet),
            ]
        }
    }

    static let schema = Schema.object(
        name: "Power",
        members: [
            ("action", .inline(["type": "string", "enum": ["flag", "block"]]), "What happens where a share is too small."),
            (
                "items",
                .list(
                    .object(
                        name: "PowerBalance",
                        members: [
                            ("body", .inline(["type": "string"]), "Whose: panel, chairs, selectors, agenda or speaking."),
                            ("people", .inline(["type": "integer"]), "How many people; items on the agenda; or minutes."),
                            ("counted", .inline(["type": "integer"]), "How many of them are of people with lived experience."),
                            (
                                "is_least", .inline(["type": "boolean"]),
                                "Whether it may be more: some have not said so, or not for small groups."
                            ),
                            ("percent", .nullable(.inline(["type": "integer"])), "The share in per cent; null where there is nobody."),
                            ("wanted_percent", .inline(["type": "integer"]), "What the network wants."),
                            ("is_met", .nullable(.inline(["type": "boolean"])), "Whether it is as much."),
                        ], required: ["body", "people", "counted", "is_least", "percent", "wanted_percent", "is_met"])), "Each body."
            ),
        ], required: ["action", "items"])

    /// How power is shared in a panel.
    static func read(by actor: Actor, of panel: UUID) async throws -> JSON {
        try await actor.transaction { actor in
            _ = try await actor.get(Panels.resource, panel)
            let balances = try await balances(Body.allCases, of: panel, by: actor)
            return [
                "action": .string(try await actionChosen(by: actor).rawValue), "items": .array(balances.map(\.json)),
            ]
        }
    }

    /// Refuses to go on where the network says so and a share is too small. A body with nobody in it decides nothing, and is passed over.
    @discardableResult
    static func require(_ bodies: [Body], of panel: UUID, by actor: Actor) async throws -> [Balance] {
        let balances = try await balances(bodies, of: panel, by: actor)
        guard try await actionChosen(by: actor) == .block else { return balances }
        for balance in balances where balance.people > 0 && !balance.isMet {
            throw Refusal.conflict(
                """
                Your network wants \(balance.percent) % of the \(balance.body.rawValue) to have lived experience, and \(balance.counted) of \
                \(balance.people) say so. Ask people with lived experience to join them, or those there whether they want to be counted.
                """)
        }
        return balances
    }

    private static func balances(_ bodies: [Body], of panel: UUID, by actor: Actor) async throws -> [Balance] {
        let voices =
            try await actor.read(
                "select agenda_items, own_items, minutes, own_minutes from expert_panels.count_voices(\(panel), \(LivedExperience.purpose.wording)::integer)"
            ).decode((Int, Int, Int, Int).self).first ?? (0, 0, 0, 0)
        var balances: [Balance] = []
        for body in bodies {
            let (people, counted, isLeast) =
                switch body {
                case .agenda: (voices.0, voices.1, true)
                case .speaking: (voices.2, voices.3, true)
                case .panel: try await count(seated(panel), isDrawn: true, by: actor)
                case .chairs: try await count(parts("chair", panel), isDrawn: false, by: actor)
                case .selectors: try await count(selectors(panel), isDrawn: false, by: actor)
                }
            balances.append(
                Balance(body: body, people: people, counted: counted, isLeast: isLeast, percent: try await body.wanted(by: actor)))
        }
        return balances
    }

    /// How many of some people there are, and have lived experience.
    static func count(_ people: Query, isDrawn: Bool, by actor: Actor) async throws -> (people: Int, counted: Int, isLeast: Bool) {
        let found = try await actor.read(
            """
            select b.people, c.counted, c.is_least
            from (select count(*) as people, coalesce(array_agg(distinct p.person_id) filter (where p.person_id is not null), '{}') as ids
                  from (\(query: people)) p) b,
                expert_panels.count_lived_experience(b.ids, \(isDrawn), \(LivedExperience.purpose.wording)::integer) c
            """
        ).decode((Int, Int, Bool).self).first
        return found ?? (0, 0, true)
    }

    static func actionChosen(by actor: Actor) async throws -> Action {
        try await Settings.get(by: actor, module: ExpertPanels.id, action).string.flatMap(Action.init) ?? .flag
    }

    private static func parts(_ part: String, _ panel: UUID) -> Query {
        "select person_id from expert_panels.parts where panel_id = \(panel) and part = \(part) and ended_at is null"
    }

    private static func selectors(_ panel: UUID) -> Query {
        """
        \(query: parts("selector", panel))
        union
        select l.person_id from expert_panels.shortlisters l join expert_panels.shortlists s using (network_id, shortlist_id)
            join expert_panels.opportunities o using (network_id, opportunity_id)
        where o.panel_id = \(panel) and l.ended_at is null
        """
    }

    // Who holds a seat by the panel's latest draw, reserves who took one up too; a seat whose holder the network does not know by name
    // counts, and says nothing.
    private static func seated(_ panel: UUID) -> Query {
        """
        select v.person_id from expert_panels.seats s join expert_panels.volunteers v using (network_id, volunteer_id)
            left join expert_panels.seat_invitation_details i using (network_id, seat_id)
        where s.ended_at is null and case s.part when 'seat' then i.state is distinct from 'expired' else i.state = 'accepted' end
          and s.draw_id = (
            select d.draw_id from expert_panels.draw_details d where d.panel_id = \(panel) and d.drawn_at is not null
            order by d.drawn_at desc limit 1)
        """
    }
}

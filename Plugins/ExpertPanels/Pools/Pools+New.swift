import Allocation
import PluginKit
import FoundationEssentials

extension Pools {
    struct New: Input {
        let opportunity: UUID
        let seated: [UUID]
        let excluded: [Exclusion]
        let afterDraw: UUID?

        init(from fields: inout Fields) {
            opportunity = fields.required("opportunity_id", .id, "The call whose volunteers and targets are frozen.")
            seated = fields.optional(
                "seated_ids", .list(of: .id, 0...1000), default: [],
                "Volunteers who hold a seat already, or must have one: they are on the panel.")
            excluded = fields.optional(
                "excluded", .list(of: .object(), 0...1000), default: [], "Volunteers who cannot be drawn, each with the reason.")
            afterDraw = fields.optional(
                "after_draw_id", .id,
                "To fill the seats of a draw that are free again: whoever still holds a seat of it keeps it, whoever gave one up is left out."
            )
            let named = seated + excluded.map(\.volunteer)
            fields.check(Set(named).count == named.count, "excluded", "Somebody is named twice. Decide on one.")
        }

        /// Everybody who is named.
        var named: [Named] {
            seated.enumerated().map { Named(id: $1, standing: .seated, reason: "", pointer: "/seated_ids/\($0)") }
                + excluded.enumerated().map {
                    Named(id: $1.volunteer, standing: .excluded, reason: $1.reason, pointer: "/excluded/\($0)/volunteer_id")
                }
        }
    }

    /// Somebody of whom it is settled before the draw whether they are on the panel.
    struct Named {
        let id: UUID
        let standing: PanelCandidate.Standing
        let reason: String
        let pointer: String
    }

    /// Somebody who cannot be drawn.
    struct Exclusion: Input {
        let volunteer: UUID
        let reason: String

        init(from fields: inout Fields) {
            volunteer = fields.required("volunteer_id", .id, "Who.")
            reason = fields.required("reason", .text(1...500), "Why, in words for the person: they are told.")
        }
    }
}

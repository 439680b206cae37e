import PluginKit
import struct FoundationEssentials.UUID

/// People who offer to take a seat. Here they have a reference and no name.
enum Volunteers {
    static let resource = Resource(
        "Volunteer", "volunteer", table: "expert_panels.volunteer_details", key: "volunteer_id",
        [
            .id("opportunity_id", "The call that they answered."),
            .text("reference", "The id under which they came."),
            .createdAt,
            .moment("withdrawn_at", "When they withdrew.").orNull,
        ])

    /// Takes a volunteer's offer back, at once and without a reason. A pool that is frozen keeps its hash; a new freeze leaves them out.
    static func withdraw(by actor: Actor, _ id: UUID, from opportunity: UUID, of panel: UUID) async throws {
        _ = try await actor.write(
            """
            update expert_panels.volunteers v set withdrawn_at = coalesce(withdrawn_at, now())
            where volunteer_id = \(id) and opportunity_id = \(opportunity)
              and exists (select from expert_panels.opportunities o where o.opportunity_id = v.opportunity_id and o.panel_id = \(panel))
            returning volunteer_id as id
            """
        ).only(resource)
    }
}

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
            .boolean("is_identified", "Whether it is known which person of the network they are.", from: "person_id is not null"),
            .moment("withdrawn_at", "When they withdrew.").orNull,
            .text("withdrawn_because", "Why, where they were taken out because they had come twice.").orNull,
        ])

    /// Who a volunteer is.
    struct Identity: Input {
        let person: UUID

        init(from fields: inout Fields) {
            person = fields.required("person_id", .id, "The person of the network.")
        }
    }

    /// Says which person of the network a volunteer is, so that what the person withdraws from ends here too. Whoever has withdrawn from the
    /// panel is not brought back by it.
    static func identify(by actor: Actor, _ id: UUID, as identity: Identity, in opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            try await requireStaying(identity.person, in: panel, by: actor)
            _ = try await actor.write(
                """
                update expert_panels.volunteers v set person_id = \(identity.person)
                where volunteer_id = \(id) and opportunity_id = \(opportunity)
                  and exists (select from expert_panels.opportunities o where o.opportunity_id = v.opportunity_id and o.panel_id = \(panel))
                returning volunteer_id as id
                """, about: identity.person
            ).only(resource)
            return try await actor.get(resource, id)
        }
    }

    /// Refuses to write down anything for a person who has withdrawn from a panel.
    static func requireStaying(_ person: UUID, in panel: UUID, by actor: Actor) async throws {
        // A withdrawal at this moment waits at the lock, or is waited for; only then is it looked for.
        let withdrawn = try await actor.run(
            "select from kith.people where person_id = \(person) for no key update", "select kith.has_withdrawn(\(person), \(panel))"
        )[1].decode(Bool.self)
        if withdrawn.first == true {
            throw Refusal.conflict("This person has withdrawn. They are not asked again; only they can come back.")
        }
    }

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

public import Postgres
public import struct FoundationEssentials.UUID

/// That people were asked what they need (stage 1 of the Accessible Information Standard: identify).
public enum AccessEnquiries {
    /// What came of asking.
    public enum Outcome: String, Sendable, CaseIterable, PostgresCodable {
        case hasNeeds = "has_needs"
        case noNeeds = "no_needs"
        case prefersNotToSay = "prefers_not_to_say"
    }

    /// What the API answers for an enquiry.
    public static let resource = Resource(
        "AccessEnquiry", "enquiry", table: "kith.access_enquiries", key: "enquiry_id",
        [
            .id("person_id", "Who was asked."),
            .choice("outcome", Outcome.self, "What came of it."),
            .choice("channel", Channel.self, "How they were asked."),
            .id("asked_by", "Who asked."),
            .moment("asked_at", "When."),
        ])

    /// What the API answers for somebody who has not been asked.
    public static let unasked = Resource(
        "UnaskedPerson", "person", table: "kith.people", key: "person_id",
        [.text("name", "What they are called."), .choice("contact_by", People.Channel.self, "How they want to be reached.")])

    /// People who are here and were never asked. Whoever wrote down a need of their own needs no asking.
    public static let isUnasked: Query = """
        ended_at is null
        and not exists (select from kith.access_enquiries e where e.network_id = people.network_id and e.person_id = people.person_id)
        and not exists (select from kith.access_needs n where n.network_id = people.network_id and n.person_id = people.person_id)
        """

    /// An enquiry.
    public struct New: Input {
        let outcome: Outcome
        let channel: Channel

        public init(from fields: inout Fields) {
            outcome = fields.required("outcome", .choice(), "What came of it.")
            channel = fields.optional("channel", .choice(), default: .inPerson, "How they were asked.")
        }
    }

    /// Records that a person was asked.
    public static func create(by actor: Actor, _ new: New, of person: UUID) async throws -> Row {
        try await actor.write(
            """
            insert into kith.access_enquiries (network_id, enquiry_id, person_id, outcome, channel, asked_by)
            values (\(actor.network), \(actor.newID), \(person), \(new.outcome), \(new.channel), kith.current_person())
            returning \(query: resource.columns)
            """, about: person
        ).only(resource)
    }
}

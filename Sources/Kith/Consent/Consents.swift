public import Postgres
public import struct FoundationEssentials.Date
public import struct FoundationEssentials.UUID

/// How something that concerns a person reached the server.
public enum Channel: String, Sendable, CaseIterable, PostgresCodable {
    case web, paper, phone
    case inPerson = "in_person"

    /// The ways that somebody else writes down.
    public enum Recorded: String, Sendable, CaseIterable, PostgresCodable {
        case paper, phone
        case inPerson = "in_person"
    }
}

/// The consent ledger: what each person gave and withdrew, when, how, and who wrote it down. Entries are added and never changed; what
/// holds is derived from the latest.
public enum Consents {
    /// What holds for a person and a purpose.
    public enum State: String, Sendable, CaseIterable {
        case notAsked = "not_asked"
        case given, withdrawn
        /// Given for an earlier wording: it does not hold any more, and the person is asked again.
        case outdated
    }

    /// What the API answers for an entry.
    public static let resource = Resource(
        "Consent", "consent", table: "kith.consents", key: "consent_id",
        [
            .id("person_id", "Who decided."),
            .text("purpose", "About what."),
            .integer("wording", "The version of the wording that they read or heard."),
            .boolean("given", "Whether they agreed; false where they withdrew or declined."),
            .choice("channel", Channel.self, "How they said so."),
            .id("recorded_by", "Who wrote it down."),
            .moment("happened_at", "When they said so."),
            .moment("recorded_at", "When it was written down."),
        ])

    /// A decision of the person who asks.
    public struct Decision: Input {
        let purpose: String
        let wording: Int
        let given: Bool

        public init(from fields: inout Fields) {
            purpose = fields.required("purpose", .text(1...100), "About what.")
            wording = fields.required("wording", .integer(1...1000), "The version of the wording that was read or heard.")
            given = fields.required("given", .boolean, "True to agree, false to withdraw or decline.")
        }
    }

    /// A decision of somebody else, who made it on paper, by phone or in person.
    public struct Record: Input {
        let decision: Decision
        let channel: Channel.Recorded
        let happenedAt: Date?

        public init(from fields: inout Fields) {
            decision = Decision(from: &fields)
            channel = fields.required("channel", .choice(), "How they said so.")
            happenedAt = fields.optional("happened_at", .moment, "When they said so; now where it is left out.")
        }
    }

    /// Which entries to list.
    public struct Filters: Input {
        private let person: UUID?
        private let purpose: String?

        public init(from fields: inout Fields) {
            person = fields.optional("person_id", .id, "Only of this person.")
            purpose = fields.optional("purpose", .text(1...100), "Only about this purpose.")
        }

        /// The condition.
        public var condition: Query {
            .all(visible, person.map { "person_id = \($0)" }, purpose.map { "purpose = \($0)" })
        }
    }

    /// The entries that a person sees: their own, and everybody's with a role for it in the whole network.
    public static let visible: Query = """
        (person_id = kith.current_person()
            or kith.holds_role(\(Permission.recordConsents.roles.union([.auditor]).map(\.rawValue).sorted())::text[], null))
        """

    /// Records what the person who asks decided. It takes effect at once.
    public static func decide(by actor: Actor, _ decision: Decision, of purposes: [ConsentPurpose]) async throws -> Row {
        try await record(by: actor, decision, of: purposes, for: nil, Channel.web.rawValue, at: nil)
    }

    /// Records what somebody else decided on paper, by phone or in person.
    public static func record(by actor: Actor, _ record: Record, for person: UUID, of purposes: [ConsentPurpose]) async throws -> Row {
        try await self.record(
            by: actor, record.decision, of: purposes, for: person, record.channel.rawValue, at: record.happenedAt)
    }

    private static func record(
        by actor: Actor, _ decision: Decision, of purposes: [ConsentPurpose], for person: UUID?, _ channel: String, at moment: Date?
    ) async throws -> Row {
        guard let purpose = purposes.first(where: { $0.id == decision.purpose }) else {
            throw Refusal.invalid([FieldProblem("/purpose", "There is no such purpose. `consent-purposes` lists them.")])
        }
        // Withdrawing needs no reading: any wording will do.
        if decision.given || decision.wording > purpose.wording { try purpose.requirePresent(decision.wording, at: "/wording") }
        return try await actor.write(
            """
            insert into kith.consents (network_id, consent_id, person_id, purpose, wording, given, channel, recorded_by, happened_at)
            select p.network_id, \(actor.newID), p.person_id, \(purpose.id), \(decision.wording)::integer, \(decision.given), \(channel),
                   kith.current_person(), coalesce(\(moment)::timestamptz, now())
            from kith.people p where p.person_id = coalesce(\(person)::uuid, kith.current_person())
            returning \(query: resource.columns)
            """, recording: decision.given ? "consent.given" : "consent.withdrawn", about: person
        ).only(People.resource)
    }
}

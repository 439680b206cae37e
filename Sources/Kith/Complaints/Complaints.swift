public import Postgres
import struct FoundationEssentials.UUID

/// Complaints: raised by anyone of the network, or on paper by anyone at all; acknowledged in time; answered by somebody else than the
/// person complained about. The complainant and those who handle complaints read one, which is kept sealed; administrators see numbers.
public enum Complaints {
    /// About what.
    public enum Kind: String, Sendable, CaseIterable, PostgresCodable {
        case service, conduct
        case dataProtection = "data_protection"
    }

    /// How far it is.
    public enum State: String, Sendable, CaseIterable, PostgresCodable {
        case received, acknowledged, investigating, closed
    }

    /// How it ended.
    public enum Outcome: String, Sendable, CaseIterable, PostgresCodable {
        case upheld
        case partlyUpheld = "partly_upheld"
        case notUpheld = "not_upheld"
        case withdrawn
    }

    /// What the API answers for a complaint.
    public static let resource = Resource(
        "Complaint", "complaint", table: "kith.complaints", key: "complaint_id",
        [
            .id("raised_by", "Who complains; null for somebody from outside.").orNull,
            .text("complainant", "Who complains from outside, and how to reach them.").orNull,
            .id("about_person_id", "About whom, where it is about a person.", from: "about_person").orNull,
            .choice("kind", Kind.self, "About what."),
            .text("summary", "What happened, in the complainant's words.", from: "opened_words"),
            .choice("channel", Channel.self, "How it came."),
            .boolean(
                "is_read_online",
                "Whether the complainant can sign in to read how it goes, and is written to at each step; otherwise write or call them.",
                from: """
                    exists (select from kith.people p where p.network_id = complaints.network_id and p.person_id = raised_by
                        and p.account_id is not null)
                    """),
            .boolean(
                "can_be_answered", "Whether anybody here answers complaints who neither brought this one nor is whom it is about.",
                from: """
                    exists (select from kith.role_grants g where g.network_id = complaints.network_id and g.role = 'complaints_handler'
                        and g.programme_id is null and g.ended_at is null and g.person_id is distinct from about_person
                        and g.person_id is distinct from raised_by)
                    """),
            .date("received_on", "When it came."),
            .date("acknowledge_by", "By when its receipt is to be acknowledged."),
            .boolean(
                "is_overdue", "Whether that day has passed without an acknowledgement.",
                from: "state = 'received' and acknowledge_by < current_date"),
            .choice("state", State.self, "How far it is."),
            .moment("acknowledged_at", "When its receipt was acknowledged.").orNull,
            .id("handler", "Who looks into it.").orNull,
            .choice("outcome", Outcome.self, "How it ended.").orNull,
            .moment("closed_at", "When it ended.").orNull,
            .version, .createdAt,
        ])

    /// A complaint of the person who asks.
    public struct New: Input {
        let kind: Kind
        let summary: String
        let about: UUID?

        public init(from fields: inout Fields) {
            kind = fields.optional("kind", .choice(), default: .service, "About what.")
            summary = fields.required("summary", .text(1...20_000, lines: true), "What happened, in your words.")
            about = fields.optional("about_person_id", .id, "About whom, where it is about a person; they do not see it.")
        }
    }

    /// A complaint that came on paper, by phone or in person.
    public struct Record: Input {
        let new: New
        let raisedBy: UUID?
        let complainant: String?
        let channel: Channel.Recorded
        let receivedOn: CalendarDate?

        public init(from fields: inout Fields) {
            new = New(from: &fields)
            raisedBy = fields.optional("raised_by", .id, "Who complains, where they are a person of the network.")
            complainant = fields.optional("complainant", .text(1...500, lines: true), "Who complains from outside, and how to reach them.")
            channel = fields.required("channel", .choice(), "How it came.")
            receivedOn = fields.optional("received_on", .date, "When it came; today where it is left out.")
            fields.check(
                (raisedBy == nil) != (complainant == nil), "complainant", "Name either a person of the network or somebody from outside.")
        }
    }

    /// Which complaints to list.
    public struct Filters: Input {
        private let isOverdue: Bool
        private let state: State?

        public init(from fields: inout Fields) {
            isOverdue = fields.optional("overdue", .boolean, default: false, "Only those whose acknowledgement is overdue.")
            state = fields.optional("state", .choice(), "Only those that are so far.")
        }

        /// The condition.
        public var condition: Query {
            .all(state.map { "state = \($0)" }, isOverdue ? "state = 'received' and acknowledge_by < current_date" : nil)
        }
    }

    /// Raises a complaint.
    public static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await insert(by: actor, new, raisedBy: "kith.current_person()", complainant: nil, .web, on: nil)
    }

    /// Records a complaint that came otherwise.
    public static func record(by actor: Actor, _ record: Record) async throws -> Row {
        try await insert(
            by: actor, record.new, raisedBy: "\(record.raisedBy)::uuid", complainant: record.complainant,
            Channel(rawValue: record.channel.rawValue) ?? .paper, on: record.receivedOn)
    }

    private static func insert(
        by actor: Actor, _ new: New, raisedBy: Query, complainant: String?, _ channel: Channel, on day: CalendarDate?
    ) async throws -> Row {
        try await actor.transaction { actor in
            let summary = try await actor.seal(Array(new.summary.utf8), at: place(resource, actor.newID))
            _ = try await actor.write(
                """
                insert into kith.complaints
                    (network_id, complaint_id, raised_by, complainant, about_person, kind, summary, channel, recorded_by, received_on,
                     acknowledge_by)
                select \(actor.network), \(actor.newID), \(query: raisedBy), \(complainant), \(new.about), \(new.kind), \(summary), \(channel),
                       kith.current_person(), d.day, d.day + kith.policy_figure('complaint_acknowledgement_days', d.day)
                from (select least(coalesce(\(day)::date, current_date), current_date) as day) d
                returning complaint_id as id
                """)
            let complaint = try await get(by: actor, actor.newID)
            // Where nobody may answer it, the administrators find a handler: they see the numbers, and not a word of it.
            let told: Permission = try complaint["can_be_answered", as: Bool.self] ? .handleComplaints : .manageRoles
            _ = try await actor.run(
                MessageTemplate.somethingWaits.queue(
                    forEach: """
                        select distinct g.person_id from kith.role_grants g
                        where g.role = any (\(told.roleNames)) and g.programme_id is null
                          and g.ended_at is null and g.person_id is distinct from \(new.about)::uuid and g.person_id <> kith.current_person()
                        """))
            return complaint
        }
    }

    /// Tells the complainant that there is news, where somebody else brought it and they can sign in to read it: also after they have left.
    static func tellComplainant(_ id: UUID) -> Query {
        MessageTemplate.complaintNews.queue(
            forEach: """
                select c.raised_by from kith.complaints c join kith.people p on p.network_id = c.network_id and p.person_id = c.raised_by
                where c.complaint_id = \(id) and c.raised_by <> kith.current_person() and p.account_id is not null
                """)
    }
}

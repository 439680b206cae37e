import PluginKit
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

/// A call as anybody can read it: its role profile in plain English, and until when people may offer.
enum OpenCalls {
    /// Whether a call takes expressions of interest. Reckoned at each request, so that it opens and closes by itself.
    enum State: String, Sendable, CaseIterable, PostgresCodable {
        case notYetOpen = "not_yet_open"
        case open, closed
    }

    /// The role profile with the call, for those who run the panel and, once it is published, for everybody.
    static let resource = Resource(
        "OpenCall", "open call", table: "expert_panels.open_calls", key: "opportunity_id",
        [
            .text("panel_name", "What the panel is called."),
            .text("purpose", "What the panel is for."),
            .text("title", "What is called for."),
            .text("description", "What it involves."),
            .integer("seats", "How many people are wanted."),
            .text("time_needed", "How much time it takes, and when."),
            .text("pay", "What is paid, and what is paid back."),
            .text("support", "What helps people to take part."),
            .text("who_for", "Whom it is for."),
            .texts("eligibility", "What must be true of whoever takes part, each answered with yes or no."),
            .json(
                "questions", schema: ["type": "array", "items": ["type": "object"]],
                "What people are asked for the targets, with the answers that there are: feature, values.", from: questions),
            .boolean(
                "has_shortlist", "Whether people are scored before the draw; otherwise everybody who may take part is in it.",
                from: shortlisted),
            .choice("state", State.self, "Whether it takes expressions of interest now."),
            .moment("opens_at", "From when.").orNull,
            .moment("closes_at", "Until when.").orNull,
            .moment("published_at", "Since when anybody can read it.").orNull,
            .version, .createdAt,
        ])

    private static let questions = """
        (select coalesce(jsonb_agg(jsonb_build_object('feature', q.feature, 'values', q.answers) order by q.feature), '[]') from (
            select t.feature, jsonb_agg(t.value order by t.value) as answers from expert_panels.targets t
            where t.network_id = open_calls.network_id and t.opportunity_id = open_calls.opportunity_id group by t.feature) q)
        """

    private static let shortlisted = """
        exists (select from expert_panels.shortlists s
            where s.network_id = open_calls.network_id and s.opportunity_id = open_calls.opportunity_id)
        """

    struct Profile: Input {
        let timeNeeded: String
        let pay: String
        let support: String
        let whoFor: String
        let eligibility: [String]

        init(from fields: inout Fields) {
            timeNeeded = fields.required("time_needed", .text(1...2000, lines: true), "How much time it takes, and when.")
            pay = fields.required("pay", .text(1...2000, lines: true), "What is paid, and what is paid back.")
            support = fields.required("support", .text(1...2000, lines: true), "What helps people to take part.")
            whoFor = fields.required("who_for", .text(1...2000, lines: true), "Whom it is for.")
            eligibility = fields.optional(
                "eligibility", .list(of: .text(1...300), 0...20), default: [],
                "What must be true of whoever takes part, each as a question to answer with yes.")
        }
    }

    /// Writes the role profile, or writes it anew. The questions about who may take part stay once somebody has answered them.
    static func write(by actor: Actor, _ profile: Profile, for opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            try await Opportunities.lock(opportunity, of: panel, by: actor)
            let answered = try await actor.read(
                """
                select exists (select from expert_panels.interests i where i.opportunity_id = p.opportunity_id and i.sent_at is not null)
                    and p.eligibility <> \(profile.eligibility)::text[]
                from expert_panels.role_profiles p where p.opportunity_id = \(opportunity)
                """
            ).decode(Bool.self).first
            if answered == true {
                throw Refusal.conflict("People have answered these questions already. They stay the same for everybody.")
            }
            _ = try await actor.write(
                """
                insert into expert_panels.role_profiles as p
                    (network_id, opportunity_id, time_needed, pay, support, who_for, eligibility)
                values (\(actor.network), \(opportunity), \(profile.timeNeeded), \(profile.pay), \(profile.support), \(profile.whoFor),
                        \(profile.eligibility))
                on conflict (network_id, opportunity_id) do update set time_needed = excluded.time_needed, pay = excluded.pay,
                    support = excluded.support, who_for = excluded.who_for, eligibility = excluded.eligibility, version = p.version + 1
                returning opportunity_id as id
                """)
            return try await actor.get(resource, opportunity)
        }
    }

    /// Publishes a call: from now on anybody can read it, and it opens and closes by itself.
    static func publish(by actor: Actor, _ opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.get(resource, opportunity, where: "panel_id = \(panel)")
            _ = try await actor.write(
                """
                update expert_panels.role_profiles set published_at = coalesce(published_at, now())
                where opportunity_id = \(opportunity) returning opportunity_id as id
                """)
            return try await actor.get(resource, opportunity)
        }
    }

    /// The last moment to offer, as a calendar entry for whoever wants to keep it in mind.
    static func deadline(by actor: Actor, _ opportunity: UUID) async throws -> [UInt8] {
        let found = try await actor.read(
            """
            select closes_at, title, panel_name, call_version, greatest(published_at, opens_at) as changed_at
            from expert_panels.open_calls where opportunity_id = \(opportunity)
            """
        ).only(resource)
        guard let closes = try found["closes_at", as: Date?.self] else { throw Refusal.notFound("deadline") }
        let entry = CalendarDocument.Entry(
            uid: "call-\(opportunity.text)", sequence: try found["call_version", as: Int.self],
            changedAt: try found["changed_at", as: Date?.self] ?? closes, startsAt: closes,
            summary: "Closes: \(try found["title", as: String.self])")
        return Array(CalendarDocument(name: try found["panel_name", as: String.self], entries: [entry]).text.utf8)
    }
}

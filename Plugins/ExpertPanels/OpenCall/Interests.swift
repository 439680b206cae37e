import PluginKit
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

/// Expressions of interest: by anybody, without an account, in any form, withdrawn at will. Whoever makes one gets a secret, once, with
/// which they read, change, send in and withdraw it.
enum Interests {
    /// What came of it.
    enum State: String, Sendable, CaseIterable, PostgresCodable {
        case draft, sent, withdrawn
        case leftOut = "left_out"
        case seat, reserve
        case notDrawn = "not_drawn"
        case ended
    }

    private static let common: [Resource.Field] = [
        .id("opportunity_id", "The call."),
        .text("call_title", "What was called for."),
        .text("reference", "The reference under which it goes into the draw."),
        .choice("state", State.self, "What came of it."),
        .text("name", "The name; kept from those who shortlist.").orNull,
        .text("contact", "How to reach them; kept from those who shortlist.").orNull,
        .text("words", "In their own words.").orNull,
        .text("recording", "The link of a recording.").orNull,
        .choice("channel", Channel.self, "How it came in."),
        .text("left_out_because", "Why it is not in the draw.").orNull,
        .moment("feedback_wanted_at", "When feedback was asked for.").orNull,
        .text("feedback", "The feedback.").orNull,
        .moment("sent_at", "When it was sent in.").orNull,
        .moment("withdrawn_at", "When it was withdrawn.").orNull,
        .text("withdrawn_because", "Why, where somebody else withdrew it because it came twice.").orNull,
        .version, .createdAt,
    ]

    private static let table = "expert_panels.interest_details"

    /// What those who run the panel see, and the person.
    static let resource = Resource("Interest", "expression of interest", table: table, key: "interest_id", common)

    /// What is answered when one is begun, once.
    static let begun = Resource(
        "InterestBegun", "expression of interest", table: table, key: "interest_id",
        common + [.text("secret", "Keep it: with it you read, change, send in and withdraw this. Shown only now.")])

    /// The one of the visitor who asks.
    static func own(by actor: Actor) async throws -> Row {
        try await actor.read(
            "select \(query: resource.columns) from expert_panels.interest_details where interest_id = expert_panels.own_interest()"
        ).only(resource)
    }

    /// Begins one, as a draft.
    static func begin(by actor: Actor, _ draft: InterestDraft, for opportunity: UUID) async throws -> Row {
        try await actor.transaction { actor in
            try await requireOpen(opportunity, by: actor)
            return try await insert(draft, for: opportunity, Channel.web.rawValue, nil, by: actor)
        }
    }

    static func insert(
        _ draft: InterestDraft, for opportunity: UUID, _ channel: String, _ person: UUID?, by actor: Actor
    ) async throws -> Row {
        let secret = Secret.generate(.interest)
        let id = actor.newID
        _ = try await actor.run(
            // From here on the transaction is about this one, and may write what belongs to it.
            "select set_config('expert_panels.interest', \(id)::uuid::text, true)",
            actor.recorded(
                """
                insert into expert_panels.interests
                    (network_id, interest_id, opportunity_id, reference, person_id, secret_hash, words, recording, channel, entered_by)
                values (\(actor.network), \(id), \(opportunity), 'E' || upper(right(\(id)::uuid::text, 10)), \(person), \(secret.hash),
                        \(draft.words), \(draft.recording), \(channel), kith.current_person())
                returning interest_id as id
                """, as: "interest.begun"))
        try await draft.writeApart(id, for: opportunity, by: actor)
        return try await actor.read(
            """
            select \(query: resource.columns), \(secret.text)::text as secret
            from expert_panels.interest_details where interest_id = \(id)
            """
        ).only(begun)
    }

    /// Replaces the draft of the visitor who asks.
    static func replace(by actor: Actor, _ draft: InterestDraft) async throws -> Row {
        try await actor.transaction { actor in
            let (id, opportunity) = try await lock(by: actor, draftsOnly: true)
            _ = try await actor.write(
                """
                update expert_panels.interests set words = \(draft.words), recording = \(draft.recording), version = version + 1
                where interest_id = \(id) returning interest_id as id
                """)
            try await draft.writeApart(id, for: opportunity, by: actor)
            return try await own(by: actor)
        }
    }

    /// Withdraws it, at once and without a reason. What was said is deleted; a pool that is frozen keeps its hash, and the next leaves it out.
    static func withdraw(by actor: Actor) async throws {
        try await actor.transaction { actor in
            let (id, _) = try await lock(by: actor, draftsOnly: false)
            _ = try await actor.run(
                actor.recorded(
                    """
                    update expert_panels.interests set withdrawn_at = coalesce(withdrawn_at, now()), version = version + 1
                    where interest_id = \(id) returning interest_id as id
                    """),
                """
                update expert_panels.volunteers v set withdrawn_at = coalesce(v.withdrawn_at, now()) from expert_panels.interests i
                where i.interest_id = \(id) and v.network_id = i.network_id and v.volunteer_id = i.volunteer_id
                """,
                """
                update expert_panels.seats s set ended_at = now() from expert_panels.interests i
                where i.interest_id = \(id) and s.network_id = i.network_id and s.volunteer_id = i.volunteer_id and s.ended_at is null
                """)
        }
    }

    /// Asks for feedback: offered to everybody who sent one in and was not chosen.
    static func askForFeedback(by actor: Actor) async throws -> Row {
        try await actor.transaction { actor in
            let (id, _) = try await lock(by: actor, draftsOnly: false)
            let state = try await own(by: actor)["state", as: String.self]
            guard [State.leftOut, .reserve, .notDrawn].map(\.rawValue).contains(state) else {
                throw Refusal.conflict("Feedback is for those who were not chosen, once that is settled. Ask again then.")
            }
            _ = try await actor.write(
                """
                update expert_panels.interests set feedback_wanted_at = coalesce(feedback_wanted_at, now()), version = version + 1
                where interest_id = \(id) returning interest_id as id
                """)
            return try await own(by: actor)
        }
    }

    struct Feedback: Input {
        let words: String

        init(from fields: inout Fields) {
            words = fields.required("feedback", .text(1...5000, lines: true), "The feedback, in plain English.")
        }
    }

    /// Gives feedback to somebody who asked for it.
    static func giveFeedback(by actor: Actor, _ feedback: Feedback, to id: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            let found = try await actor.get(resource, id, where: "panel_id = \(panel)")
            guard try found["feedback_wanted_at", as: Date?.self] != nil else {
                throw Refusal.conflict("This person has not asked for feedback. It is offered to them, and not pressed on them.")
            }
            _ = try await actor.write(
                """
                update expert_panels.interests set feedback = \(feedback.words), feedback_by = kith.current_person(), feedback_at = now(),
                    version = version + 1
                where interest_id = \(id) returning interest_id as id
                """)
            return try await actor.get(resource, id)
        }
    }

    struct Filters: Input {
        private let wantsFeedback: Bool

        init(from fields: inout Fields) {
            wantsFeedback = fields.optional("wants_feedback", .boolean, default: false, "Only those who wait for feedback.")
        }

        /// Drafts are their writers' own.
        func condition(of panel: UUID, _ opportunity: UUID) -> Query {
            .all(
                "panel_id = \(panel) and opportunity_id = \(opportunity) and sent_at is not null",
                wantsFeedback ? "feedback_wanted_at is not null and feedback_at is null" : nil)
        }
    }

    static func requireOpen(_ opportunity: UUID, by actor: Actor) async throws {
        let state = try await actor.read("select state from expert_panels.open_calls where opportunity_id = \(opportunity)").only(
            OpenCalls.resource)["state", as: OpenCalls.State.self]
        switch state {
        case .open: return
        case .notYetOpen: throw Refusal.conflict("This call is not open yet. Its page says from when.")
        case .closed: throw Refusal.conflict("This call has closed. Nothing can be begun or sent in any more; you can still withdraw.")
        }
    }

    static func lock(by actor: Actor, draftsOnly: Bool) async throws -> (id: UUID, opportunity: UUID) {
        let found = try await actor.read(
            """
            select interest_id, opportunity_id, sent_at is not null as is_sent, withdrawn_at is not null as is_withdrawn
            from expert_panels.interests where interest_id = expert_panels.own_interest() for no key update
            """
        ).only(resource)
        if draftsOnly, try found["is_withdrawn", as: Bool.self] {
            throw Refusal.conflict("You have withdrawn this. You can begin a new one while the call is open.")
        }
        if draftsOnly, try found["is_sent", as: Bool.self] {
            throw Refusal.conflict("You have sent this in. To say something else, withdraw it and begin a new one.")
        }
        return (try found["interest_id", as: UUID.self], try found["opportunity_id", as: UUID.self])
    }
}

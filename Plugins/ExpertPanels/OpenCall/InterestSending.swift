import PluginKit
import struct FoundationEssentials.UUID

/// How an expression of interest is sent in: with what the person agrees to, whether they may take part, and what stands in between.
enum InterestSending {
    /// What people agree to.
    static let consent = ConsentPurpose(
        "expert_panels.interest", "keeping what you send in, to choose a panel",
        wordings: [
            """
            We keep what you send us to choose the people of this panel, and for nothing else. Those who shortlist do not see your name. What \
            you say of yourself for the targets is read by the draw and by nobody. You can withdraw at any time, without a reason: what you \
            said is then deleted.
            """
        ])

    struct Declaration: Input {
        let wording: Int
        let eligibility: [Bool]
        let conflicts: [Conflicts.Declared]

        init(from fields: inout Fields) {
            wording = fields.required(
                "consent_wording", .integer(1...1000), "The version of the consent that was read or heard; it is agreed to.")
            eligibility = fields.required(
                "eligibility", .list(of: .boolean, 0...20), "Yes or no to each question about who may take part, in order.")
            conflicts = fields.required(
                "conflicts", .list(of: .object(), 0...20),
                "What stands between you and somebody who decides; an empty list says that you know of nothing.")
        }
    }

    /// Sends in the draft of the visitor who asks.
    static func send(by actor: Actor, _ declaration: Declaration) async throws -> Row {
        try await actor.transaction { actor in
            let (id, opportunity) = try await Interests.lock(by: actor, draftsOnly: true)
            try await Interests.requireOpen(opportunity, by: actor)
            try await send(id, for: opportunity, declaration, Channel.web.rawValue, by: actor)
            return try await Interests.own(by: actor)
        }
    }

    /// Makes a volunteer of it, who is known by a reference only; with the reason why they are in no pool, where they say themselves that
    /// something is not true of them which must be.
    static func send(_ id: UUID, for opportunity: UUID, _ declaration: Declaration, _ channel: String, by actor: Actor) async throws {
        try consent.requirePresent(declaration.wording)
        let questions = try await complete(id, for: opportunity, by: actor)
        guard questions.count == declaration.eligibility.count else {
            throw Refusal.invalid([FieldProblem("/eligibility", "Answer each of the \(questions.count) questions about who may take part.")]
            )
        }
        let volunteer = UUID.version7()
        let unmet = zip(questions, declaration.eligibility).filter { !$0.1 }.map(\.0)
        var statements: [Query] = [
            """
            insert into expert_panels.interest_consents (network_id, consent_id, interest_id, purpose, wording, given, channel, recorded_by)
            values (\(actor.network), \(UUID.version7()), \(id), 'interest', \(consent.wording), true, \(channel), kith.current_person())
            """,
            """
            insert into expert_panels.volunteers (network_id, volunteer_id, opportunity_id, reference, person_id)
            select network_id, \(volunteer), opportunity_id, reference, person_id from expert_panels.interests where interest_id = \(id)
            """,
            """
            insert into expert_panels.characteristics (network_id, volunteer_id, answers, household, identity)
            select network_id, \(volunteer), answers, household, identity from expert_panels.interest_answers where interest_id = \(id)
            """,
            actor.recorded(
                """
                update expert_panels.interests set sent_at = now(), volunteer_id = \(volunteer), version = version + 1
                where interest_id = \(id) returning interest_id as id
                """, as: "interest.sent"),
        ]
        statements += declaration.conflicts.map { Conflicts.declare(by: actor, $0, in: id, as: "null") }
        if !unmet.isEmpty {
            let reason = "They say that this is not true of them: \(unmet.joined(separator: " "))"
            statements.append(
                """
                insert into expert_panels.exclusions (network_id, exclusion_id, volunteer_id, stage, reason)
                values (\(actor.network), \(UUID.version7()), \(volunteer), 'eligibility', left(\(reason), 2000))
                """)
        }
        _ = try await actor.run(statements)
        try await Doubles.ask(about: "select \(volunteer)::uuid", in: opportunity, by: actor)
    }

    // What must be there: how to reach them, something to read or to listen to, and an answer for each target.
    private static func complete(_ id: UUID, for opportunity: UUID, by actor: Actor) async throws -> [String] {
        let rows = try await actor.run(
            """
            select i.words is null and i.recording is null as is_empty, c.name is null as is_nameless, c.contact is null as is_unreachable
            from expert_panels.interests i left join expert_panels.interest_contacts c using (network_id, interest_id) where i.interest_id = \(id)
            """,
            """
            select t.feature, string_agg(t.value, ', ' order by t.value) from expert_panels.targets t
            where t.opportunity_id = \(opportunity) and not exists (
                select from expert_panels.interest_answers a join expert_panels.targets k on k.opportunity_id = t.opportunity_id
                where a.interest_id = \(id) and k.feature = t.feature and a.answers->>t.feature = k.value)
            group by t.feature order by t.feature
            """,
            "select unnest(eligibility) from expert_panels.role_profiles where opportunity_id = \(opportunity)")
        let found = try rows[0].only(Interests.resource)
        var problems: [FieldProblem] = []
        if try found["is_empty", as: Bool.self] {
            problems.append(FieldProblem("/words", "Say something in words, or give the link of a recording."))
        }
        if try found["is_nameless", as: Bool.self] { problems.append(FieldProblem("/name", "Say what you are called.")) }
        if try found["is_unreachable", as: Bool.self] { problems.append(FieldProblem("/contact", "Say how you can be reached.")) }
        problems += try rows[1].decode((String, String).self).map {
            FieldProblem("/answers/\($0.replacing("~", with: "~0").replacing("/", with: "~1"))", "Choose one of: \($1).")
        }
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        return try rows[2].decode(String.self)
    }

    /// What a helper writes down for somebody, who agreed to it on paper, by phone or in person.
    struct Helped: Input {
        let draft: InterestDraft
        let declaration: Declaration
        let channel: Channel.Recorded
        let person: UUID?

        init(from fields: inout Fields) {
            draft = InterestDraft(from: &fields)
            declaration = Declaration(from: &fields)
            channel = fields.required("channel", .choice(), "How they told you, and agreed that you write it down.")
            person = fields.optional("person_id", .id, "Who they are, where they are a person of the network.")
        }
    }

    /// Writes down and sends in what somebody told a helper. The secret is handed to them: it is theirs.
    static func enter(by actor: Actor, _ helped: Helped, for opportunity: UUID, of panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.get(OpenCalls.resource, opportunity, where: "panel_id = \(panel) and published_at is not null")
            try await Interests.requireOpen(opportunity, by: actor)
            if let person = helped.person { try await Volunteers.requireStaying(person, in: panel, by: actor) }
            let begun = try await Interests.insert(helped.draft, for: opportunity, helped.channel.rawValue, helped.person, by: actor)
            let id = actor.newID
            try await send(id, for: opportunity, helped.declaration, helped.channel.rawValue, by: actor)
            return try await actor.read(
                """
                select \(query: Interests.resource.columns), \(begun["secret", as: String.self])::text as secret
                from expert_panels.interest_details where interest_id = \(id)
                """
            ).only(Interests.begun)
        }
    }
}

import HTTPTypes
import PluginKit
import struct FoundationEssentials.UUID

/// Expressions of interest that people with an account link to themselves, with the secret that they got. From then on they need it no more.
enum LinkedInterests {
    struct Link: Input {
        let hash: [UInt8]

        init(from fields: inout Fields) {
            hash = Secret.hash(ofTyped: fields.required("secret", .text(1...100), "The secret that you were shown once."))
        }
    }

    /// Links one to the person who asks. Only whoever has its secret can, and only while nobody has.
    static func link(by actor: Actor, _ link: Link) async throws -> Row {
        try await actor.transaction { actor in
            let found = try await actor.read(
                """
                select i.interest_id, i.volunteer_id, o.panel_id, kith.current_person() as person_id, i.person_id is not null as is_linked,
                    i.withdrawn_at is not null as is_withdrawn, i.entered_by is not distinct from kith.current_person() as is_by_helper
                from expert_panels.interests i join expert_panels.opportunities o using (network_id, opportunity_id)
                where i.secret_hash = \(link.hash) for no key update of i
                """
            ).only(Interests.resource)
            let id = try found["interest_id", as: UUID.self]
            if try found["is_linked", as: Bool.self] { throw Refusal.conflict("This is linked to somebody's account already.") }
            if try found["is_withdrawn", as: Bool.self] { throw Refusal.conflict("This was withdrawn. There is nothing left to link.") }
            if try found["is_by_helper", as: Bool.self] {
                throw Refusal.conflict("You wrote this down for somebody else. Hand them the secret: they link it themselves.")
            }
            let person = try found["person_id", as: UUID.self]
            try await Volunteers.requireStaying(person, in: try found["panel_id", as: UUID.self], by: actor)
            try await requireOnly(id, of: person, by: actor)
            _ = try await actor.run(
                actor.recorded(
                    """
                    update expert_panels.interests set person_id = kith.current_person(), version = version + 1
                    where interest_id = \(id) returning interest_id as id
                    """, about: person),
                """
                update expert_panels.volunteers set person_id = kith.current_person()
                where volunteer_id = \(try found["volunteer_id", as: UUID?.self]) and person_id is null
                """)
            return try await actor.get(Interests.resource, id)
        }
    }

    // Nobody is twice in a draw, and nobody takes what is known to be somebody else's.
    private static func requireOnly(_ id: UUID, of person: UUID, by actor: Actor) async throws {
        let clash = try await actor.read(
            """
            select coalesce(own.person_id <> \(person), false) as is_other, exists (
                select from expert_panels.interests o
                where o.opportunity_id = i.opportunity_id and o.person_id = \(person) and o.withdrawn_at is null
                union all
                select from expert_panels.volunteers v
                where v.opportunity_id = i.opportunity_id and v.person_id = \(person) and v.withdrawn_at is null
                  and v.volunteer_id is distinct from i.volunteer_id) as is_twice
            from expert_panels.interests i left join expert_panels.volunteers own
                on own.network_id = i.network_id and own.volunteer_id = i.volunteer_id
            where i.interest_id = \(id)
            """
        ).only(Interests.resource)
        if try clash["is_other", as: Bool.self] {
            throw Refusal.conflict("The people who run the panel have this down as somebody else's. Ask them to look.")
        }
        if try clash["is_twice", as: Bool.self] {
            throw Refusal.conflict("You have offered for this call already. Withdraw one of the two, then link the other.")
        }
    }

    /// Acts on one that is linked to the person who asks, just as whoever shows its secret would: as a visitor who sees this one alone.
    static func acting<Result: Sendable>(
        by actor: Actor, on id: UUID, _ body: @Sendable (Actor) async throws -> Result
    ) async throws -> Result {
        try await actor.transaction { actor in
            _ = try await actor.read(
                "select interest_id from expert_panels.interests where interest_id = \(id) and person_id = kith.current_person()"
            ).only(Interests.resource)
            _ = try await actor.run(
                """
                select set_config('kith.person', '', true), set_config('expert_panels.visitor', 'yes', true),
                    set_config('expert_panels.interest', \(id)::uuid::text, true)
                """)
            return try await body(actor)
        }
    }
}

extension Endpoint {
    private static let ofMine: PathTemplate = "/networks/{network}/people/me/interests/{interest}"

    static let linkedInterests: [Endpoint] = [
        .act(
            "link_interest", "/networks/{network}/people/me/interests",
            "Link your expression of interest to your account, with the secret that you were shown", .member, records: "interest.linked",
            returns: Interests.resource
        ) { try await LinkedInterests.link(by: $0.actor, $0.input) },
        .list(
            "list_my_interests", "/networks/{network}/people/me/interests", "List your expressions of interest, and what came of them",
            .member, of: Interests.resource
        ) { try await $0.actor.list(Interests.resource, $0.page, where: "person_id = kith.current_person()") },
        .get("get_my_interest", ofMine, "Read one of your expressions of interest", .member, returns: Interests.resource) {
            try await LinkedInterests.acting(by: $0.actor, on: $0.id("interest")) { try await Interests.own(by: $0) }
        },
        .act(
            "replace_my_interest", method: .put, ofMine, "Replace your draft", .member, records: "interest.changed",
            returns: Interests.resource, body: InterestDraft.self
        ) { call in
            try await LinkedInterests.acting(by: call.actor, on: call.id("interest")) { try await Interests.replace(by: $0, call.input) }
        },
        .act(
            "send_my_interest", "/networks/{network}/people/me/interests/{interest}/send", "Send in your expression of interest", .member,
            records: "interest.sent", returns: Interests.resource, body: InterestSending.Declaration.self
        ) { call in
            try await LinkedInterests.acting(by: call.actor, on: call.id("interest")) { try await InterestSending.send(by: $0, call.input) }
        },
        .end(
            "withdraw_my_interest", method: .post, "/networks/{network}/people/me/interests/{interest}/withdraw",
            "Withdraw at once and without a reason; what you said is deleted", .member, records: "interest.withdrawn"
        ) { try await LinkedInterests.acting(by: $0.actor, on: $0.id("interest")) { try await Interests.withdraw(by: $0) } },
        .act(
            "ask_for_my_feedback", "/networks/{network}/people/me/interests/{interest}/feedback",
            "Ask for feedback, where you were not chosen", .member, records: "feedback.wanted", returns: Interests.resource,
            body: NoInput.self
        ) { try await LinkedInterests.acting(by: $0.actor, on: $0.id("interest")) { try await Interests.askForFeedback(by: $0) } },
    ]
}

extension PanelInterest {
    /// `kith panel interest link`
    struct Link: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "link", abstract: "Link your expression of interest to your account, so that you need its secret no more.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let secret = try Terminal.secret("The secret that you were shown once")
            output.show(try await place.client().post("people/me/interests", ["secret": .string(secret)]), PanelInterest.columns)
        }
    }

    /// `kith panel interest mine`
    struct Mine: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mine", abstract: "List the expressions of interest that are linked to your account, or withdraw one.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Withdraw the one with this id, at once and without a reason. What you said is deleted.") var withdraw: String?

        func run() async throws {
            let client = try await place.client()
            if let withdraw {
                try await client.post("people/me/interests/\(withdraw)/withdraw")
                return Terminal.print("Withdrawn. What you said is deleted.")
            }
            output.show(list: try await client.list("people/me/interests", most: list.most), PanelInterest.columns)
        }
    }
}

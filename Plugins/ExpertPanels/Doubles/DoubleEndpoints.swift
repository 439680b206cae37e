import PluginKit

extension Endpoint {
    static let doubles: [Endpoint] = [
        .list(
            "list_doubles", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/doubles",
            "List volunteers with the same name and year of birth, who may be one person", .permission(.managePanel, .parameter("panel")),
            of: Doubles.resource, by: Doubles.Filters.self
        ) {
            try await $0.actor.list(Doubles.resource, $0.page, where: $0.input.condition(of: $0.id("panel"), $0.id("opportunity")))
        },
        .act(
            "answer_double", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/doubles/{double}/answer",
            "Say whether two volunteers are one person; the offer that is not kept is then withdrawn",
            .permission(.managePanel, .parameter("panel")), records: "double.answered", returns: Doubles.resource
        ) { try await Doubles.answer(by: $0.actor, $0.id("double"), $0.input, in: $0.id("opportunity"), of: $0.id("panel")) },
    ]
}

extension PrivacyContract {
    /// What is held of people who may have come twice. The name and the year of birth are not.
    static let doubles: [Holding] = [
        .init(
            "Whether you were taken for somebody who had offered twice", table: "expert_panels.doubles",
            columns: ["asked_at", "answer", "answered_at"],
            ofPerson: """
                one_id in (select volunteer_id from expert_panels.volunteers where person_id = $person)
                or other_id in (select volunteer_id from expert_panels.volunteers where person_id = $person)
                """,
            confidentiality: .ordinary, erasure: .keep(because: "Why an offer was taken out stays known, by ids only."),
            retention: "As long as the network exists, by id only.")
    ]
}

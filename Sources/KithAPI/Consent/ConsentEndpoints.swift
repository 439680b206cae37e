import HTTPTypes
import Kith

extension Endpoint {
    /// What people agree to.
    static func consents(_ purposes: [ConsentPurpose]) -> [Endpoint] {
        [
            .value(
                "get_my_consents", "/networks/{network}/people/me/consents", "Read what you are asked to agree to, and what you decided",
                .member, returns: Consents.stateSchema
            ) { try await Consents.states(by: $0.actor, of: nil, purposes) },
            .act(
                "decide_consent", "/networks/{network}/people/me/consents", "Agree to a purpose, or withdraw, for yourself", .member,
                records: "consent.decided", returns: Consents.resource
            ) { try await Consents.decide(by: $0.actor, $0.input, of: purposes) },
            .value(
                "get_consents", "/networks/{network}/people/{person}/consents", "Read what holds for a person",
                .permission(.recordConsents, .network), returns: Consents.stateSchema
            ) { try await Consents.states(by: $0.actor, of: $0.id("person"), purposes) }.recordingAccess(to: .person("person")),
            .act(
                "record_consent", "/networks/{network}/people/{person}/consents",
                "Record what a person decided on paper, by phone or in person", .permission(.recordConsents, .network),
                records: "consent.decided", returns: Consents.resource
            ) { try await Consents.record(by: $0.actor, $0.input, for: $0.id("person"), of: purposes) },
            .list(
                "list_consents", "/networks/{network}/consents",
                "List the entries of the consent ledger: your own, or all with a role for it",
                .member, of: Consents.resource, by: Consents.Filters.self
            ) { try await $0.actor.list(Consents.resource, $0.page, where: $0.input.condition) },
        ] + monitoring
    }

    private static let monitoring: [Endpoint] = [
        .value(
            "get_monitoring_answers", "/networks/{network}/people/me/monitoring", "Read your own answers for equality monitoring", .member,
            returns: MonitoringAnswers.schema
        ) { try await MonitoringAnswers.get(by: $0.actor) },
        .end(
            "replace_monitoring_answers", method: .put, "/networks/{network}/people/me/monitoring",
            "Answer for equality monitoring; any question may be skipped", .member, records: "monitoring.answered",
            body: MonitoringAnswers.Answers.self
        ) { try await MonitoringAnswers.replace(by: $0.actor, $0.input) }.needing(.equalityMonitoring),
        .value(
            "count_monitoring", "/networks/{network}/monitoring-counts", "Read equality monitoring in groups of five or more",
            .permission(.countMonitoring, .network), returns: MonitoringAnswers.countSchema
        ) { try await MonitoringAnswers.count(by: $0.actor) },
    ]

    /// What people agree to, need, attend, leave and complain of.
    static func rights(_ manifests: [ModuleManifest]) -> [Endpoint] {
        consents(ConsentPurpose.core + manifests.flatMap(\.purposes)) + accessNeeds + meetings
            + withdrawals(WithdrawalStep.core + manifests.flatMap(\.withdrawal)) + administrators + complaints
    }
}

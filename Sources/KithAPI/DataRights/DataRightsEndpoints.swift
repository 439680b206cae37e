import HTTPTypes
import Kith

extension Endpoint {
    /// What a person may ask for of what is held of them, and how long it is held.
    static func dataRights(_ contracts: [PrivacyContract]) -> [Endpoint] {
        dataRequests + erasurePreviews(Erasures(contracts)) + restrictions + rectifications + retention(RetentionRules(contracts))
    }

    private static let dataRequests: [Endpoint] = [
        .create(
            "export_my_data", "/networks/{network}/people/me/exports", "Ask for a copy of everything that is held about you", .member,
            records: "data_request.export_asked", returns: DataRequests.asked, status: .accepted, among: "data-requests",
            answersSecret: true, body: NoInput.self
        ) { try await DataRequests.export(by: $0.actor) },
        .create(
            "export_data", "/networks/{network}/people/{person}/exports", "Ask for a copy of what is held about somebody",
            .permission(.exerciseDataRights, .network), records: "data_request.export_asked", returns: DataRequests.asked,
            status: .accepted, among: "data-requests", answersSecret: true
        ) { try await DataRequests.export(of: $0.id("person"), by: $0.actor, $0.input) },
        .create(
            "erase_my_data", "/networks/{network}/people/me/erasures", "Ask for the erasure of everything that is held about you", .member,
            records: "data_request.erasure_asked", returns: DataRequests.resource, status: .accepted, among: "data-requests"
        ) { try await DataRequests.erase(by: $0.actor, $0.input) },
        .create(
            "erase_data", "/networks/{network}/people/{person}/erasures", "Ask for the erasure of what is held about somebody",
            .permission(.exerciseDataRights, .network), records: "data_request.erasure_asked", returns: DataRequests.resource,
            status: .accepted, among: "data-requests"
        ) { try await DataRequests.erase($0.id("person"), by: $0.actor, $0.input) },
        .list(
            "list_data_requests", "/networks/{network}/data-requests", "List requests for copies and erasures", .member,
            of: DataRequests.resource
        ) { try await $0.actor.list(DataRequests.resource, $0.page, where: DataRequests.visible) },
        .get(
            "get_data_request", "/networks/{network}/data-requests/{data_request}", "Read how a request stands", .member,
            returns: DataRequests.resource
        ) { try await $0.actor.get(DataRequests.resource, $0.id("data_request"), where: DataRequests.visible) },
        .act(
            "approve_data_request", "/networks/{network}/data-requests/{data_request}/approve",
            "Approve what another administrator asked for",
            .permission(.exerciseDataRights, .network), records: "data_request.approved", returns: DataRequests.resource, body: NoInput.self
        ) { try await DataRequests.approve(by: $0.actor, $0.id("data_request")) },
        .act(
            "refuse_data_request", "/networks/{network}/data-requests/{data_request}/refuse", "Refuse what another administrator asked for",
            .permission(.exerciseDataRights, .network), records: "data_request.refused", returns: DataRequests.resource, body: NoInput.self
        ) { try await DataRequests.refuse(by: $0.actor, $0.id("data_request")) },
        .act(
            "cancel_data_request", "/networks/{network}/data-requests/{data_request}/cancel", "Take back a request that is not done",
            .member,
            records: "data_request.cancelled", returns: DataRequests.resource, body: NoInput.self
        ) { try await DataRequests.cancel(by: $0.actor, $0.id("data_request")) },
        .document(
            "download_data", "/networks/{network}/data-requests/{data_request}/download",
            "Fetch a copy, once, with the code that was shown",
            .member, records: "data_request.downloaded", mediaType: "application/zip", body: DataExports.Opening.self
        ) { try await DataExports.download($0.id("data_request"), by: $0.actor, $0.input) },
    ]

    private static func erasurePreviews(_ erasures: Erasures) -> [Endpoint] {
        [
            .value(
                "preview_my_erasure", "/networks/{network}/people/me/erasure-preview", "See what your erasure would delete, blank and keep",
                .member, returns: Erasures.preview
            ) { try await erasures.preview(of: nil, by: $0.actor) },
            .value(
                "preview_erasure", "/networks/{network}/people/{person}/erasure-preview",
                "See what somebody's erasure would delete, blank and keep", .permission(.exerciseDataRights, .network),
                returns: Erasures.preview
            ) { try await erasures.preview(of: $0.id("person"), by: $0.actor) },
        ]
    }

    private static let restrictions: [Endpoint] = [
        .act(
            "restrict_my_data", method: .put, "/networks/{network}/people/me/restriction", "Have your data kept and not used, from now on",
            .member, records: "restriction.started", returns: Restrictions.resource
        ) { try await Restrictions.begin(by: $0.actor, $0.input) },
        .end(
            "lift_my_restriction", "/networks/{network}/people/me/restriction", "Have your data used again", .member,
            records: "restriction.lifted"
        ) {
            try await Restrictions.end(by: $0.actor)
        },
        .act(
            "restrict_data", method: .put, "/networks/{network}/people/{person}/restriction",
            "Have somebody's data kept and not used, on their behalf", .permission(.managePeople, .network), records: "restriction.started",
            returns: Restrictions.resource
        ) { try await Restrictions.begin(for: $0.id("person"), by: $0.actor, $0.input) },
        .end(
            "lift_restriction", "/networks/{network}/people/{person}/restriction", "Have somebody's data used again, on their behalf",
            .permission(.managePeople, .network), records: "restriction.lifted"
        ) { try await Restrictions.end(for: $0.id("person"), by: $0.actor) },
        .list(
            "list_restrictions", "/networks/{network}/restrictions", "List whose data is not used, by id",
            .permission(.managePeople, .network), of: Restrictions.resource
        ) { try await $0.actor.list(Restrictions.resource, $0.page) },
    ]

    private static let rectifications: [Endpoint] = [
        .create(
            "ask_for_rectification", "/networks/{network}/people/me/rectifications", "Say what is wrong about you, and what is right",
            .member, records: "rectification.asked", returns: Rectifications.resource, among: "rectifications"
        ) { try await Rectifications.create(by: $0.actor, $0.input) },
        .list(
            "list_rectifications", "/networks/{network}/rectifications", "List corrections that were asked for", .member,
            of: Rectifications.resource
        ) { try await $0.actor.list(Rectifications.resource, $0.page, where: Rectifications.visible) },
        .get(
            "get_rectification", "/networks/{network}/rectifications/{rectification}", "Read a correction that was asked for", .member,
            returns: Rectifications.resource
        ) { try await $0.actor.get(Rectifications.resource, $0.id("rectification"), where: Rectifications.visible) },
        .act(
            "decide_rectification", "/networks/{network}/rectifications/{rectification}/decide", "Say what was corrected, or why not",
            .permission(.managePeople, .network), records: "rectification.decided", returns: Rectifications.resource
        ) { try await Rectifications.decide(by: $0.actor, $0.id("rectification"), $0.input) },
    ]

    private static func retention(_ rules: RetentionRules) -> [Endpoint] {
        [
            .value(
                "preview_retention", "/networks/{network}/retention-rules", "See how long things are kept, and what would go now",
                .permission(.manageNetwork, .network), returns: RetentionRules.schema
            ) { try await rules.preview(by: $0.actor) },
            .end(
                "choose_retention", method: .put, "/networks/{network}/retention-rules/{rule_name}",
                "Choose for how long something is kept",
                .permission(.manageNetwork, .network), records: "retention.chosen", body: RetentionRules.Choice.self
            ) { try await rules.choose($0.word("rule_name"), by: $0.actor, $0.input) },
            .start(
                "run_retention", "/networks/{network}/retention-rules/run", "Erase what has had its time, now",
                .permission(.manageNetwork, .network), records: "retention.asked", body: NoInput.self
            ) { try await RetentionRules.run(by: $0.actor) },
        ]
    }
}

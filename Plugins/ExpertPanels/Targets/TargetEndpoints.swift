import PluginKit

extension Endpoint {
    static let targets: [Endpoint] = [
        .importing(
            "import_targets", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/targets/import",
            "Replace the targets by those of a CSV file", .permission(.managePanel, .parameter("panel")), records: "targets.imported",
            returns: ImportReport.schema, by: Targets.Options.self
        ) { call, file, _ in
            try await Targets.replace(by: call.actor, for: call.id("opportunity"), of: call.id("panel"), file, call.input)
        },
        .consider(
            "consider_targets", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/targets/what-if",
            "See what other targets would do to everyone's chance", .permission(.managePanel, .parameter("panel")),
            records: "targets.considered", returns: WhatIf.answer, body: WhatIf.Asked.self
        ) { try await WhatIf.answer(by: $0.actor, for: $0.id("opportunity"), of: $0.id("panel"), $0.input) },
        .list(
            "list_targets", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/targets", "Read the published targets",
            .permission(.seePanel, .anywhere), of: Targets.resource
        ) {
            try await $0.actor.list(
                Targets.resource, $0.page, where: "panel_id = \($0.id("panel")) and opportunity_id = \($0.id("opportunity"))")
        },
    ]
}

import PluginKit

extension Endpoint {
    static let eligibility: [Endpoint] = [
        .list(
            "list_conflicts", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/conflicts",
            "List the conflicts of interest that were declared for a call", .permission(.managePanel, .parameter("panel")),
            of: Conflicts.resource
        ) {
            try await $0.actor.list(Conflicts.resource, $0.page, where: Conflicts.condition(of: $0.id("panel"), $0.id("opportunity")))
        },
        .create(
            "exclude_volunteer", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/volunteers/{volunteer}/exclusions",
            "Leave somebody out of the next pool, with the reason", .permission(.managePanel, .parameter("panel")),
            records: "volunteer.excluded", returns: Exclusions.resource
        ) {
            try await Exclusions.exclude(by: $0.actor, $0.id("volunteer"), $0.input, in: $0.id("opportunity"), of: $0.id("panel"))
        },
        .list(
            "list_exclusions", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/exclusions",
            "List who is left out, by reference, and why", .permission(.seeSelection, .parameter("panel")), of: Exclusions.resource
        ) {
            try await $0.actor.list(
                Exclusions.resource, $0.page, where: "panel_id = \($0.id("panel")) and opportunity_id = \($0.id("opportunity"))")
        },
        .act(
            "lift_exclusion", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/exclusions/{exclusion}/lift",
            "Take back that somebody is left out, with the reason", .permission(.managePanel, .parameter("panel")),
            records: "exclusion.lifted", returns: Exclusions.resource
        ) { try await Exclusions.lift(by: $0.actor, $0.id("exclusion"), $0.input, in: $0.id("opportunity"), of: $0.id("panel")) },
    ]
}

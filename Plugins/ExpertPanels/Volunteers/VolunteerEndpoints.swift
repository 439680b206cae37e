import HTTPTypes
import PluginKit

extension Endpoint {
    static let volunteers: [Endpoint] = [
        .importing(
            "import_volunteers", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/volunteers/import",
            "Take volunteers from a CSV file", .permission(.managePanel, .parameter("panel")), records: "volunteers.imported",
            returns: VolunteerImport.report, by: VolunteerImport.Options.self
        ) { call, file, progress in
            try await VolunteerImport(file, for: call.id("opportunity"), progress).write(by: call.actor, of: call.id("panel"), call.input)
        },
        .list(
            "list_volunteers", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/volunteers",
            "List volunteers by their reference, without what they say of themselves", .permission(.managePanel, .parameter("panel")),
            of: Volunteers.resource
        ) {
            try await $0.actor.list(
                Volunteers.resource, $0.page, where: "panel_id = \($0.id("panel")) and opportunity_id = \($0.id("opportunity"))")
        },
        .act(
            "identify_volunteer", method: .put,
            "/networks/{network}/panels/{panel}/opportunities/{opportunity}/volunteers/{volunteer}/person",
            "Say which person of the network a volunteer is", .permission(.managePanel, .parameter("panel")),
            records: "volunteer.identified", returns: Volunteers.resource
        ) {
            try await Volunteers.identify(
                by: $0.actor, $0.id("volunteer"), as: $0.input, in: $0.id("opportunity"), of: $0.id("panel"))
        },
        .end(
            "withdraw_volunteer", method: .post,
            "/networks/{network}/panels/{panel}/opportunities/{opportunity}/volunteers/{volunteer}/withdraw",
            "Take a volunteer's offer back, at once and without a reason", .permission(.managePanel, .parameter("panel")),
            records: "volunteer.withdrawn"
        ) { try await Volunteers.withdraw(by: $0.actor, $0.id("volunteer"), from: $0.id("opportunity"), of: $0.id("panel")) },
    ]
}

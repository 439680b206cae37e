import HTTPTypes
import PluginKit

extension Endpoint {
    static let power: [Endpoint] = [
        .value(
            "get_power", "/networks/{network}/panels/{panel}/power", "Read how power is shared in a panel, against what the network wants",
            .permission(.seePanel, .anywhere), returns: Power.schema
        ) { try await Power.read(by: $0.actor, of: $0.id("panel")) },
        .act(
            "declare_lived_experience", method: .put, "/networks/{network}/lived-experience",
            "Say whether you have lived experience, to be counted where panels are run and chosen", .member,
            records: "lived_experience.declared",
            returns: LivedExperience.resource, body: LivedExperience.Declaration.self
        ) { try await LivedExperience.declare(by: $0.actor, $0.input) }.needing(LivedExperience.purpose),
        .value(
            "get_lived_experience", "/networks/{network}/lived-experience", "Read what you said of your lived experience", .member,
            returns: LivedExperience.schema
        ) { try await LivedExperience.own(by: $0.actor) },
        .end(
            "take_back_lived_experience", "/networks/{network}/lived-experience", "Take back what you said of your lived experience",
            .member,
            records: "lived_experience.taken_back"
        ) { try await LivedExperience.takeBack(by: $0.actor) },
        .create(
            "add_part", "/networks/{network}/panels/{panel}/parts", "Record who chairs a panel, or selects for it",
            .permission(.managePanel, .parameter("panel")), records: "part.added", returns: Parts.resource
        ) { try await Parts.add(by: $0.actor, $0.input, to: $0.id("panel")) },
        .list(
            "list_parts", "/networks/{network}/panels/{panel}/parts", "List who chairs a panel, and who selects for it",
            .permission(.seePanel, .anywhere), of: Parts.resource
        ) { try await $0.actor.list(Parts.resource, $0.page, where: "panel_id = \($0.id("panel"))") },
        .end(
            "end_part", "/networks/{network}/panels/{panel}/parts/{part}", "End somebody's part in running a panel",
            .permission(.managePanel, .parameter("panel")), records: "part.ended"
        ) { try await Parts.end(by: $0.actor, $0.id("part"), of: $0.id("panel")) },
        .act(
            "record_voice", method: .put, "/networks/{network}/panels/{panel}/voices",
            "Record what somebody put on the agenda of a session, and how long they spoke", .permission(.managePanel, .parameter("panel")),
            records: "voice.recorded", returns: Voices.resource, body: Voices.New.self
        ) { try await Voices.record(by: $0.actor, $0.input, of: $0.id("panel")) },
        .act(
            "check_quorum", "/networks/{network}/panels/{panel}/quorums", "Check whether those present can decide",
            .permission(.managePanel, .parameter("panel")), records: "quorum.checked", returns: Quorums.resource, body: Quorums.New.self
        ) { try await Quorums.check(by: $0.actor, $0.input, of: $0.id("panel")) },
        .list(
            "list_quorums", "/networks/{network}/panels/{panel}/quorums", "List who was enough to decide, and when",
            .permission(.seePanel, .anywhere), of: Quorums.resource
        ) { try await $0.actor.list(Quorums.resource, $0.page, where: "panel_id = \($0.id("panel"))") },
    ]
}

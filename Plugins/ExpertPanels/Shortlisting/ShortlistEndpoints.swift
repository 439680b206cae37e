import HTTPTypes
import PluginKit

extension Endpoint {
    static let shortlisting: [Endpoint] = [
        .act(
            "open_shortlist", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/shortlist",
            "Have two people or more score what is sent in, before the draw", .permission(.managePanel, .parameter("panel")),
            records: "shortlist.opened", returns: Shortlists.resource, body: Shortlists.New.self
        ) { try await Shortlists.open(by: $0.actor, $0.input, for: $0.id("opportunity"), of: $0.id("panel")) },
        .act(
            "add_shortlister", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/shortlist/people",
            "Ask one more person to score", .permission(.managePanel, .parameter("panel")), records: "shortlister.added",
            returns: Shortlists.resource, body: Shortlists.Person.self
        ) { try await Shortlists.add(by: $0.actor, $0.input, for: $0.id("opportunity"), of: $0.id("panel")) },
        .get(
            "get_shortlist", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/shortlist", "Read how shortlisting goes",
            .permission(.seePanel, .anywhere), returns: Shortlists.resource
        ) { try await Shortlists.get(by: $0.actor, for: $0.id("opportunity"), of: $0.id("panel")) },
        .act(
            "declare_conflicts", method: .put, "/networks/{network}/panels/{panel}/opportunities/{opportunity}/shortlist/declaration",
            "Declare what stands between you and those who offer, before you score", .permission(.seePanel, .anywhere),
            records: "conflicts.declared", returns: Shortlists.resource, body: Assessments.Declaration.self
        ) { try await Assessments.declare(by: $0.actor, $0.input, for: $0.id("opportunity"), of: $0.id("panel")) },
        .list(
            "list_shortlist_interests", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/shortlist/interests",
            "List what you may score: words and recordings, without names", .permission(.seePanel, .anywhere), of: Assessments.material
        ) { try await Assessments.materials(by: $0.actor, $0.page, for: $0.id("opportunity"), of: $0.id("panel")) },
        .act(
            "assess_interest", method: .put,
            "/networks/{network}/panels/{panel}/opportunities/{opportunity}/shortlist/interests/{interest}/assessment",
            "Score an expression of interest", .permission(.seePanel, .anywhere), records: "interest.assessed",
            returns: Assessments.resource, body: Assessments.Score.self
        ) {
            try await Assessments.assess(by: $0.actor, $0.id("interest"), $0.input, for: $0.id("opportunity"), of: $0.id("panel"))
        },
        .act(
            "finish_shortlisting", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/shortlist/finish",
            "Say that you have scored all", .permission(.seePanel, .anywhere), records: "shortlisting.finished",
            returns: Shortlists.resource, body: NoInput.self
        ) { try await Assessments.finish(by: $0.actor, for: $0.id("opportunity"), of: $0.id("panel")) },
        .list(
            "list_assessments", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/shortlist/assessments",
            "List your scores, and everybody's when all are done", .permission(.seePanel, .anywhere), of: Assessments.resource
        ) {
            try await Assessments.list(by: $0.actor, $0.page, for: $0.id("opportunity"), of: $0.id("panel"))
        },
        .act(
            "decide_shortlist", "/networks/{network}/panels/{panel}/opportunities/{opportunity}/shortlist/decision",
            "Draw the line, for everybody alike", .permission(.managePanel, .parameter("panel")), records: "shortlist.decided",
            returns: Shortlists.resource, body: Shortlists.Line.self
        ) { try await Shortlists.decide(by: $0.actor, $0.input, for: $0.id("opportunity"), of: $0.id("panel")) },
    ]
}

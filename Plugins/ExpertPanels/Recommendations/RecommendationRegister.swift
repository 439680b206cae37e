import Mustache
import PluginKit
import struct FoundationEssentials.UUID

/// "You said, we did": what a panel recommended and what came of it, to publish. It names organisations and counts people; nobody's name
/// is in it.
struct RecommendationRegister: Sendable {
    private let figures: JSON
    private let items: [JSON]

    static let schema = Schema.object(
        name: "Register",
        members: [
            ("panel", .inline(["type": "string"]), "What the panel is called."),
            ("purpose", .inline(["type": "string"]), "What it is for."),
            ("recommendations", .inline(["type": "integer"]), "How many recommendations it made."),
            ("closed", .inline(["type": "integer"]), "How many have been answered for good."),
            ("overdue", .inline(["type": "integer"]), "How many answers are overdue."),
            ("closed_share", .nullable(.inline(["type": "number"])), "The share that is closed, from 0 to 1; null without any."),
            ("median_days_to_answer", .nullable(.inline(["type": "number"])), "Half of them were answered within so many days."),
            ("items", .list(.inline(["type": "object"])), "Each recommendation with its answer, the oldest first."),
        ], required: ["panel", "purpose", "recommendations", "closed", "overdue", "closed_share", "median_days_to_answer", "items"])

    static func read(by actor: Actor, of panel: UUID) async throws -> RecommendationRegister {
        let rows = try await actor.run(
            """
            select d.name as panel, d.purpose, count(r.recommendation_id) as recommendations, count(*) filter (where r.is_closed) as closed,
                count(*) filter (where r.is_overdue) as overdue,
                round(avg(r.is_closed::integer), 3)::float8 as closed_share,
                round((percentile_cont(0.5) within group (order by extract(epoch from r.time_to_answer)) / 86400)::numeric, 1)::float8
                    as median_days_to_answer
            from expert_panels.panel_details d left join expert_panels.recommendation_details r using (network_id, panel_id)
            where d.panel_id = \(panel) group by d.name, d.purpose
            """,
            """
            select title, details, evidence, asked, in_favour, organisation_name, due_on, is_overdue, answer, answer_words,
                answered_at::date as answered_on, agree, disagree
            from expert_panels.recommendation_details where panel_id = \(panel) order by recommendation_id
            """)
        func read(_ append: (inout [UInt8]) -> Void) throws -> JSON {
            var bytes: [UInt8] = []
            append(&bytes)
            return try JSON(reading: bytes)
        }
        let panel = try rows[0].only(Panels.resource)
        return try RecommendationRegister(
            figures: read { panel.appendJSON(into: &$0) }, items: read { rows[1].appendJSON(into: &$0) }.array ?? [])
    }

    /// All of it.
    var json: JSON {
        guard case .object(var members) = figures else { return figures }
        members["items"] = .array(items)
        return .object(members)
    }

    /// A page for a web site.
    func html() throws -> [UInt8] { try Array(MustacheTemplate(string: Self.page).render(view { $0 }).utf8) }

    /// The same in Markdown.
    func markdown() throws -> [UInt8] { try Array(MustacheTemplate(string: Self.text).render(view(Self.escaped)).utf8) }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: " ").reduce(into: "") { escaped, character in
            if "`*_[]<>#|".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
    }

    private func view(_ text: (String) -> String) -> [String: Any] {
        let items = items.map { item -> [String: Any] in
            func words(_ name: String) -> String { text(item[name]?.string ?? "") }
            func count(_ name: String) -> Int64 { item[name]?.integer ?? 0 }
            let answer = item["answer"]?.string.flatMap(Recommendations.Answer.init)
            let opinions = "\(count("agree")) agree, \(count("disagree")) do not"
            let view = [
                "title": words("title"), "details": words("details"), "organisation": words("organisation_name"),
                "support": "\(count("in_favour")) of \(count("asked")) support it", "due": words("due_on"), "state": state(item, answer),
                "words": words("answer_words"), "evidence": words("evidence"),
                "view": count("agree") + count("disagree") == 0 ? "" : opinions,
            ]
            // What is empty has no line.
            return view.filter { !$0.value.isEmpty }
        }
        let share = figures["closed_share"]?.number.map { "\(Int(($0 * 100).rounded())) %" } ?? "none yet"
        let median = figures["median_days_to_answer"]?.number.map { "\($0) days" } ?? "none yet"
        return [
            "panel": text(figures["panel"]?.string ?? ""), "purpose": text(figures["purpose"]?.string ?? ""), "share": share,
            "median": median, "overdue": figures["overdue"]?.integer ?? 0, "count": figures["recommendations"]?.integer ?? 0,
            "items": items,
        ]
    }

    private func state(_ item: JSON, _ answer: Recommendations.Answer?) -> String {
        let day = item["answered_on"]?.string ?? ""
        let late = item["is_overdue"]?.bool == true ? " The answer is overdue." : ""
        return switch answer {
        case .done: "Done (\(day))"
        case .partly: "Partly done (\(day))"
        case .notDone: "Not done (\(day))"
        case .later: "Not yet, as was answered on \(day).\(late)"
        case nil: "Waits for an answer.\(late)"
        }
    }

    private static let page = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{panel}}: you said, we did</title>
        <style>body { font: 18px/1.5 Arial, sans-serif; max-width: 45em; margin: 2em auto; padding: 0 1em }
        article { border-top: 1px solid; padding: 0.5em 0 } p { white-space: pre-line }</style></head><body>
        <h1>{{panel}}: you said, we did</h1>
        <p>{{purpose}}</p>
        <p>Recommendations: {{count}}. Answered for good: {{share}}. Half were answered within: {{median}}. Overdue: {{overdue}}.</p>
        {{#items}}<article><h2>{{title}}</h2>
        <p>{{details}}</p>
        {{#evidence}}<p>What it rests on: {{.}}</p>
        {{/evidence}}<p>{{support}}. To be answered by {{organisation}}, by {{due}}.</p>
        <p><strong>{{state}}</strong> {{words}}</p>
        {{#view}}<p>Those who recommended it: {{.}}.</p>
        {{/view}}</article>
        {{/items}}</body></html>

        """

    private static let text = """
        # {{{panel}}}: you said, we did

        {{{purpose}}}

        Recommendations: {{count}}. Answered for good: {{share}}. Half were answered within: {{median}}. Overdue: {{overdue}}.
        {{#items}}

        ## {{{title}}}

        {{{details}}}
        {{#evidence}}

        What it rests on: {{{.}}}
        {{/evidence}}

        {{support}}. To be answered by {{{organisation}}}, by {{due}}.

        **{{{state}}}** {{{words}}}
        {{#view}}

        Those who recommended it: {{.}}.
        {{/view}}
        {{/items}}

        """
}

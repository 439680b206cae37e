import Postgres

/// Equality monitoring and lived experience: special-category data (UK GDPR, article 9), asked for one purpose, readable by the person
/// alone, and counted in groups.
public enum MonitoringAnswers {
    /// One question with the answers that it takes. Every question may be skipped.
    struct Question: Sendable {
        let id: String
        let text: String
        let answers: [String]

        var format: Format<String> {
            let answers = answers
            return Format(
                ["type": "string", "enum": .array(answers.map(JSON.string))], placeholder: "",
                expected: "one of \(answers.joined(separator: ", "))"
            ) { json in json.string.flatMap { answers.contains($0) ? $0 : nil } }
        }
    }

    /// After the harmonised questions of the Government Statistical Service for England and Wales (Census 2021), in their short forms.
    static let questions = [
        Question(
            id: "lived_experience", text: "Your own experience of services, or of caring for somebody.",
            answers: ["used_services", "cared_for_somebody", "both", "neither", "prefer_not_to_say"]),
        Question(
            id: "age", text: "Your age.",
            answers: ["under_18", "18_24", "25_34", "35_44", "45_54", "55_64", "65_74", "75_or_over", "prefer_not_to_say"]),
        Question(id: "disability", text: "Whether you are disabled.", answers: ["yes", "no", "prefer_not_to_say"]),
        Question(
            id: "ethnicity", text: "Your ethnic group.",
            answers: ["asian", "black", "mixed", "white", "other", "prefer_not_to_say"]),
        Question(id: "gender", text: "Your gender.", answers: ["woman", "man", "non_binary", "other", "prefer_not_to_say"]),
        Question(
            id: "religion", text: "Your religion.",
            answers: ["none", "christian", "buddhist", "hindu", "jewish", "muslim", "sikh", "other", "prefer_not_to_say"]),
        Question(
            id: "sexual_orientation", text: "Your sexual orientation.",
            answers: ["straight", "gay_or_lesbian", "bisexual", "other", "prefer_not_to_say"]),
    ]

    /// What a person answers; what is left out is skipped, and what was answered before is replaced.
    public struct Answers: Input {
        /// What was answered, by the question.
        public let given: [(question: String, answer: String)]

        public init(from fields: inout Fields) {
            var given: [(question: String, answer: String)] = []
            for question in questions {
                if let answer = fields.optional(question.id, question.format, question.text) { given.append((question.id, answer)) }
            }
            self.given = given
        }
    }

    /// Replaces one's own answers.
    public static func replace(by actor: Actor, _ answers: Answers) async throws {
        _ = try await actor.run(
            "delete from kith.monitoring_answers where person_id = kith.current_person()",
            """
            insert into kith.monitoring_answers (network_id, person_id, question, answer)
            select \(actor.network), kith.current_person(), a.question, a.answer
            from unnest(\(answers.given.map(\.question))::text[], \(answers.given.map(\.answer))::text[]) as a (question, answer)
            """,
            actor.recorded("select kith.current_person() as id"))
    }

    /// One's own answers.
    public static func get(by actor: Actor) async throws -> JSON {
        let answers = try await actor.read(
            "select question, answer from kith.monitoring_answers where person_id = kith.current_person()"
        ).decode((String, String).self)
        return .object(Dictionary(answers.map { ($0, .string($1)) }) { $1 })
    }

    /// The schema of one's own answers.
    public static let schema = Schema.object(
        name: "MonitoringAnswers", members: questions.map { ($0.id, $0.format.schema, $0.text) }, required: [])

    /// How many gave each answer, where they are enough. There is no total, from which a small group could be reckoned.
    public static func count(by actor: Actor) async throws -> JSON {
        let counts = try await actor.read(
            "select question, answer, people from kith.count_monitoring(\(ConsentPurpose.equalityMonitoring.wording)::integer)"
        ).decode((String, String, Int).self)
        return [
            "items": .array(counts.map { ["question": .string($0.0), "answer": .string($0.1), "people": .integer(Int64($0.2))] })
        ]
    }

    /// The schema of the counts.
    public static let countSchema = Schema.object(
        name: "MonitoringCounts",
        members: [
            (
                "items",
                .list(
                    .object(
                        name: "MonitoringCount",
                        members: [
                            ("question", .inline(["type": "string"]), "The question."),
                            ("answer", .inline(["type": "string"]), "The answer."),
                            ("people", .inline(["type": "integer"]), "How many gave it: five or more. Smaller groups are left out."),
                        ], required: ["question", "answer", "people"])), "The groups."
            )
        ], required: ["items"])
}

import Kith
import KithClient
import struct Foundation.Date

extension DemoLife {
    private static let recommendations: [(title: String, details: String, answer: JSON, agrees: Bool)] = [
        (
            "A quiet room beside the waiting room", "Somewhere to wait without noise and without being watched.",
            ["answer": "done", "words": "The old office is a quiet room since Monday."], true
        ),
        (
            "Call back within the hour", "Whoever rings in a crisis hears within an hour when somebody will come.",
            ["answer": "partly", "words": "By day we do. At night there are too few of us until the spring."], true
        ),
        (
            "Let people choose who is told", "Ask at the first contact who should be told, and who must not be.",
            ["answer": "not_done", "words": "The form belongs to another trust, which has refused."], false
        ),
    ]

    /// Makes recommendations, which the trust answers and their authors judge, and writes the public register.
    func answer(_ members: [DemoPerson]) async throws {
        let owner = try await Self.person("Dr Ros Hill", "observer", in: scene)
        let due = Date(timeIntervalSinceNow: 90 * 86_400).formatted(.iso8601).prefix(10)
        for recommendation in Self.recommendations {
            let made = try await panel(as: coordinator).post(
                "recommendations",
                [
                    "title": .string(recommendation.title), "details": .string(recommendation.details), "asked": 20, "in_favour": 19,
                    "author_ids": .array(members.prefix(3).map { .string($0.id) }), "organisation_id": .string(scene.trust),
                    "owner_id": .string(owner.id), "due_on": .string(String(due)),
                ]
            ).json.id
            try await panel(as: owner).post("recommendations/\(made)/answers", recommendation.answer)
            for author in members.prefix(3) {
                try await panel(as: author).put("recommendations/\(made)/opinion", ["agrees": .bool(recommendation.agrees)])
            }
        }
        Self.done("Three recommendations, each with an owner at the trust and a day. It answered: done, partly, not done with the reason.")
        Self.done("Those who made them said whether they agree. With the last answer they do not, and the register says so.")
        let register = try write("register.html", try await panel(as: coordinator).file("register/page"))
        Self.done("Wrote the public register, without anybody's name: \(register)")
        look("kith panel recommendations \(scene.panelID)")
    }
}

import HTTPTypes
import Kith
import KithTesting

/// A call that is published, with targets and two questions about who may take part.
struct OpenCallScene: Sendable {
    let call: Call
    var network: TestNetwork { call.network }
    var server: TestServer { network.server }
    var page: String { network.path("/open-calls/\(call.id)") }
    var own: String { network.path("/interest") }

    static let targets = "feature,value,min,max\nexperience,wards,0,2\nexperience,community,0,2\n"

    static func with(
        seats: Int = 2, closes: String = "2099-01-01T12:00:00Z", _ body: @escaping @Sendable (OpenCallScene) async throws -> Void
    ) async throws {
        try await Call.with(seats: seats) { call in
            let scene = OpenCallScene(call: call)
            _ = try await call.importTargets(targets).expecting(200)
            try await scene.setDates(opens: "2026-01-01T09:00:00Z", closes: closes)
            _ = try await call.network.send(
                .put, "\(call.path)/profile",
                [
                    "time_needed": "Six mornings.", "pay": "£20 an hour, and travel.", "support": "A buddy.",
                    "who_for": "Anybody who was there.",
                    "eligibility": ["Are you 18 or older?", "Do you live in the county?"],
                ]
            ).expecting(200)
            _ = try await call.network.post("\(call.path)/profile/publish").expecting(200)
            try await body(scene)
        }
    }

    func setDates(opens: String, closes: String) async throws {
        let version = try await network.get(call.path).json["version"]?.integer ?? 0
        _ = try await network.patch(
            call.path, ["opens_at": .string(opens), "closes_at": .string(closes)], version: "\"\(version)\""
        ).expecting(200)
    }

    func close() async throws { try await setDates(opens: "2026-01-01T09:00:00Z", closes: "2026-01-02T09:00:00Z") }

    static func draft(_ name: String = "Maria Lopez", words: String = "I was on that ward.") -> JSON {
        ["name": .string(name), "contact": "07700 900123", "words": .string(words), "answers": ["experience": "wards"]]
    }

    static let declaration: JSON = ["consent_wording": 1, "eligibility": [true, true], "conflicts": []]

    /// Begins a draft as somebody without an account.
    /// - Returns: the secret
    func begin(_ draft: JSON = draft()) async throws -> String {
        try await server.post("\(page)/interests", draft, token: nil).expecting(200).json["secret"]?.string ?? ""
    }

    func send(_ secret: String, _ declaration: JSON = declaration) async throws -> TestResponse {
        try await server.post("\(own)/send", declaration, token: secret)
    }

    /// Begins and sends in.
    /// - Returns: the secret and the id
    func interest(_ draft: JSON = draft(), _ declaration: JSON = declaration) async throws -> (secret: String, id: String) {
        let secret = try await begin(draft)
        return (secret, try await send(secret, declaration).expecting(200).id)
    }
}

import Kith
import KithTesting
import Postgres

/// A panel that pays: a policy, three who approve or pay, and somebody who works.
struct PayScene: Sendable {
    let call: Call
    let officer: TestPerson
    let lead: TestPerson
    let member: TestPerson
    /// Yesterday, on which the work was done.
    let day: String

    var network: TestNetwork { call.network }
    var offers: String { "\(call.panelPath)/pay-offers" }
    var claims: String { "\(call.panelPath)/pay-claims" }

    static func with(_ body: @escaping @Sendable (PayScene) async throws -> Void) async throws {
        try await Call.with { call in
            let network = call.network
            _ = try await network.post("/pay-policies", policy()).expecting(201)
            let scene = PayScene(
                call: call, officer: try await network.person(.paymentsOfficer), lead: try await network.person(.programmeLead),
                member: try await network.person(.participant),
                day: try await network.server.superuser.query("select (current_date - 1)::text").decode(String.self)[0])
            try await body(scene)
        }
    }

    /// A member gets £27.50 for an hour and £55 for two; a writer £13.75 an hour. Half is paid at short notice.
    static func policy(from day: String = "2020-01-01") -> JSON {
        func band(_ role: String, _ minutes: Int64, _ basis: String, _ pence: Int64) -> JSON {
            ["role": .string(role), "up_to_minutes": .integer(minutes), "basis": .string(basis), "pay": pay(pence)]
        }
        return [
            "name": "Ours", "source": "Our board", "signpost": "Citizens Advice", "effective_from": .string(day), "mileage": pay(45),
            "claim_within_months": 3, "pay_within_days": 14, "late_cancellation_days": 2, "late_cancellation_percent": 50,
            "bands": [band("member", 60, "fixed", 2750), band("member", 120, "fixed", 5500), band("writer", 600, "hourly", 1375)],
        ]
    }

    static func pay(_ pence: Int64) -> JSON { ["amount": .integer(pence), "currency": "GBP"] }

    /// Offers other work than a meeting.
    func offer(_ minutes: Int64 = 60, role: String = "member", on day: String? = nil, to person: TestPerson? = nil) async throws -> String {
        try await network.post(
            offers,
            [
                "person_id": .string((person ?? member).id), "role": .string(role), "title": "Reading", "on_day": .string(day ?? self.day),
                "minutes": .integer(minutes),
            ], as: lead
        ).expecting(201).id
    }

    func answer(_ offer: String, _ body: JSON = ["answer": "accept"], as person: TestPerson? = nil) async throws -> TestResponse {
        try await network.post("\(offers)/\(offer)/answer", body, as: person ?? member)
    }

    func claim(_ body: JSON, as person: TestPerson? = nil) async throws -> TestResponse {
        try await network.post(claims, body, as: person ?? member)
    }

    /// A fee that is accepted and claimed.
    func claimFee(_ minutes: Int64 = 60, by person: TestPerson? = nil) async throws -> String {
        let offer = try await offer(minutes, to: person)
        _ = try await answer(offer, as: person).expecting(200)
        return try await claim(["kind": "fee", "offer_id": .string(offer)], as: person).expecting(201).id
    }

    func step(_ claim: String, _ step: String, _ body: JSON = [:], as person: TestPerson) async throws -> TestResponse {
        try await network.post("\(claims)/\(claim)/\(step)", body, as: person)
    }

    func approve(_ claim: String) async throws {
        _ = try await step(claim, "approve", as: lead).expecting(200)
        _ = try await step(claim, "approve", as: officer).expecting(200)
    }

    func payAll(_ reference: String = "Run 1") async throws -> TestResponse {
        try await network.post("/pay-payments", ["reference": .string(reference), "paid_on": .string(day)], as: officer)
    }

    /// Runs statements as the server does, behind a door that somebody came through.
    func asServer(_ person: TestPerson, _ statements: Query...) async throws -> [Rows] {
        try await network.asServer(person, statements)
    }
}

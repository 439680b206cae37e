import Kith
import KithClient
import struct Foundation.Date

extension DemoLife {
    /// Offers pay for the session; people accept, take less, give it away or decline; two people approve each claim; one run pays them.
    func pay(_ members: [DemoPerson], for session: String) async throws {
        let example = try await scene.network.get("example-pay-policy").json
        try await scene.network.post("pay-policies", example)
        Self.done("Set what is paid, from which day, and by which source: \(example["name"]?.string ?? "").")
        let warned = members[3]
        try await warned.network.put("people/me/pay-ceiling", ["week": ["amount": 2000]])
        var offers: [String] = []
        for member in members {
            let body: JSON = ["person_id": .string(member.id), "role": "member", "meeting_id": .string(session)]
            offers.append(try await panel(as: coordinator).post("pay-offers", body).json.id)
        }
        for (index, member) in members.enumerated() {
            let choice: JSON =
                switch index {
                case 1: ["answer": "donate", "donate_to": "The local food bank"]
                case 2: ["answer": "decline"]
                case 3: ["answer": "reduce", "pay": ["amount": 2000]]
                default: ["answer": "accept"]
                }
            if member.id == warned.id { try await showWarning(of: offers[index], to: member) }
            try await panel(as: member).post("pay-offers/\(offers[index])/answer", choice)
        }
        Self.done("Offered everybody the fee. One gives it away, one declines, one takes less; nobody was asked why.")
        let claims = try await claim(members, offers)
        for claim in claims {
            for approver in [lead, payments] { try await panel(as: approver).post("pay-claims/\(claim)/approve") }
        }
        Self.done("\(claims.count) claims, each approved by two people. Whoever could not come claimed too, and was asked why.")
        let run = try await payments.network.post(
            "pay-payments", ["reference": "PANEL-1", "paid_on": .string(String(Date().formatted(.iso8601).prefix(10)))]
        ).json
        let payroll = try write("payroll.csv", try await payments.network.file("pay-payments/\(run.id)/payroll"))
        let transfer = try write("transfer.csv", try await payments.network.file("pay-payments/\(run.id)/transfer"))
        Self.done("Paid them in one run, with a file for payroll (\(payroll)) and one for the bank (\(transfer)), which come to the same.")
        look("kith panel pay figures")
    }

    private func showWarning(of offer: String, to member: DemoPerson) async throws {
        do {
            try await panel(as: member).post("pay-offers/\(offer)/answer", ["answer": "accept"])
        } catch let warning as ClientError {
            Self.done("\(member.name) had set a ceiling, which only they and Pat can see, and was warned before accepting:")
            Terminal.print("    “\(warning.problem?["detail"]?.string ?? "\(warning)")”")
        }
    }

    /// The fees of those who take one, and the journey of one of them.
    private func claim(_ members: [DemoPerson], _ offers: [String]) async throws -> [String] {
        var claims: [String] = []
        for (index, member) in members.enumerated() where index != 1 && index != 2 {
            var body: [String: JSON] = ["kind": "fee", "offer_id": .string(offers[index])]
            if index == 5 { body["reason_not_attended"] = "I was taken ill that morning." }
            claims.append(try await panel(as: member).post("pay-claims", .object(body)).json.id)
        }
        let day = JSON.string(String(Date().formatted(.iso8601).prefix(10)))
        claims.append(
            try await panel(as: members[0]).post("pay-claims", ["kind": "mileage", "miles": 24, "on_day": day]).json.id)
        return claims
    }
}

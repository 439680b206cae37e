import Crypto
import Kith
import KithServer
import KithTesting
import Postgres
import Testing
import struct FoundationEssentials.Data
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

@Suite struct WebhookTests {
    private func withReceiver(
        allowing allowed: String = "127.0.0.0/8", _ body: @escaping @Sendable (TestNetwork, TestHookServer) async throws -> Void
    ) async throws {
        try await TestHookServer.run { receiver in
            try await withTestServer(Distribution([]), worker: false) {
                $0.webhookPolicy = AddressPolicy(allowing: allowed.split(separator: ",").compactMap { AddressRange(String($0)) })
            } _: { server in
                try await body(server.makeNetwork(), receiver)
            }
        }
    }

    private func hook(_ network: TestNetwork, _ receiver: TestHookServer, _ status: Int = 200, _ kinds: JSON = []) async throws -> JSON {
        try await network.post("/webhooks", ["url": .string("http://localhost:\(receiver.port)/\(status)"), "kinds": kinds])
            .expecting(201).json
    }

    private func isSigned(_ call: JSON, by secret: String) -> Bool {
        let key = SymmetricKey(data: Data(base64Encoded: String(secret.dropFirst("whsec_".count))) ?? Data())
        let headers = call["headers"]
        let text = ["webhook-id", "webhook-timestamp"].map { headers?[$0]?.string ?? "" }.joined(separator: ".")
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(text).\(call["body"]?.string ?? "")".utf8), using: key)
        let signatures = headers?["webhook-signature"]?.string?.split(separator: " ").map(String.init) ?? []
        return signatures.contains("v1,\(Data(code).base64EncodedString())")
    }

    private func delivery(_ network: TestNetwork, _ webhook: String, _ what: String, _ holds: @Sendable (JSON) -> Bool) async throws -> JSON
    {
        try await eventually(what) { try await network.get("/webhooks/\(webhook)/deliveries").items.first(where: holds) }
    }

    @Test func `What happens is told once, signed, with nothing but identifiers`() async throws {
        try await withReceiver { network, receiver in
            let hook = try await hook(network, receiver, 200, ["person.created"])
            let secret = hook["secret"]?.string ?? ""
            let person = try await network.post("/people", ["name": "Quillwort", "email": "q@example.org"]).expecting(201).id
            _ = try await network.post("/organisations", ["name": "O", "kind": "charity"]).expecting(201)
            let call = try await eventually("The call") { try receiver.calls().first }
            #expect(isSigned(call, by: secret) && !isSigned(call, by: "whsec_AAAA"))
            let body = try JSON(reading: Array((call["body"]?.string ?? "").utf8))
            #expect(body["type"] == "person.created" && body["data"]?["subject_id"]?.string == person)
            #expect(call["headers"]?["host"]?.string == "localhost:\(receiver.port)")
            let timestamp = Double(call["headers"]?["webhook-timestamp"]?.string ?? "") ?? 0
            #expect(abs(Date.now.timeIntervalSince1970 - timestamp) < 60)
            #expect(!"\(call)".contains("Quillwort") && !"\(call)".contains("q@example.org"))
            let id = hook["id"]?.string ?? ""
            _ = try await delivery(network, id, "The delivery") { $0["state"] == "delivered" && $0["status"] == 200 }
            #expect(try receiver.calls().count == 1)
            // The secret is nowhere in the open.
            let kept = try await network.server.superuser.query("select string_agg(w::text, '') from kith.webhooks w").decode(String?.self)
            let bytes = Data(base64Encoded: String(secret.dropFirst(6)))!.hexadecimal
            #expect(kept.first??.contains(bytes) == false)
            #expect(try await network.get("/webhooks/\(id)").json["secret"] == nil)
        }
    }

    @Test func `What is said to one person alone is told to nobody, not even that it was`() async throws {
        try await withReceiver { network, receiver in
            let id = try await hook(network, receiver)["id"]?.string ?? ""
            let raiser = try await network.person(.participant)
            for _ in 0..<2 { _ = try await network.person(.safeguardingLead) }
            _ = try await network.post("/concerns", ["text": "I saw something"], as: raiser).expecting(201)
            let marker = try await network.post("/organisations", ["name": "Last", "kind": "charity"]).expecting(201).id
            _ = try await delivery(network, id, "What came after it") { $0["subject_id"]?.string == marker && $0["state"] == "delivered" }
            let told = try await network.get("/webhooks/\(id)/deliveries?limit=200").items.compactMap { $0["kind"]?.string }
            #expect(told.contains("concern.raised") && !told.contains("concern.received"), "\(told)")
            #expect(try receiver.calls().contains { $0["body"]?.string?.contains("concern.received") == true } == false)
        }
    }

    @Test func `After a rotation both secrets sign, and later the new one alone`() async throws {
        try await withReceiver { network, receiver in
            let hook = try await hook(network, receiver, 200, ["webhook.none"])
            let id = hook["id"]?.string ?? ""
            let rotated = try await network.post("/webhooks/\(id)/secret").expecting(200).json["secret"]?.string ?? ""
            let earlier = hook["secret"]?.string ?? ""
            #expect(rotated != earlier)
            _ = try await network.post("/webhooks/\(id)/test").expecting(200)
            let both = try await eventually("The call") { try receiver.calls().first }
            #expect(isSigned(both, by: earlier) && isSigned(both, by: rotated))
            _ = try await network.server.superuser.query("update kith.webhooks set previous_until = now()")
            _ = try await network.post("/webhooks/\(id)/test").expecting(200)
            let later = try await eventually("The second call") { try receiver.calls().dropFirst().first }
            #expect(!isSigned(later, by: earlier) && isSigned(later, by: rotated))
        }
    }

    @Test func `A call that fails is tried again with the same id, is given up, and can be replayed`() async throws {
        try await withReceiver { network, receiver in
            let id = try await hook(network, receiver, 500, ["webhook.none"])["id"]?.string ?? ""
            let test = try await network.post("/webhooks/\(id)/test").expecting(200).id
            let waiting = try await delivery(network, id, "The first try") { $0["state"] == "queued" && $0["status"] == 500 }
            #expect(waiting["attempts"] == 1)
            _ = try await network.server.superuser.query("update kith.webhook_deliveries set attempts = 9, due_at = now()")
            _ = try await delivery(network, id, "The end") { $0["state"] == "dead" }
            let version = try await network.get("/webhooks/\(id)").version
            let url = JSON.string("http://localhost:\(receiver.port)/200")
            _ = try await network.patch("/webhooks/\(id)", ["url": url], version: version).expecting(200)
            _ = try await network.post("/webhooks/\(id)/deliveries/\(test)/replay").expecting(200)
            _ = try await delivery(network, id, "The replay") { $0["state"] == "delivered" && $0["attempts"] == 1 }
            let ids = try receiver.calls().map { $0["headers"]?["webhook-id"] }
            #expect(ids.count == 3 && Set(ids).count == 1)
        }
    }

    @Test func `Only the worker that holds a delivery makes it, and not after its lease has run out`() async throws {
        try await withReceiver { network, receiver in
            let server = network.server
            let id = try await hook(network, receiver, 200, ["webhook.none"])["id"]?.string ?? ""
            let test = try await network.post("/webhooks/\(id)/test").expecting(200).id
            _ = try await delivery(network, id, "The call") { $0["state"] == "delivered" }
            let worker = UUID()
            func hold(for lease: String, by holder: UUID, in state: String = "sending") async throws {
                _ = try await server.superuser.query(
                    """
                    update kith.webhook_deliveries set state = \(state), worker_id = \(holder),
                        lease_expires_at = clock_timestamp() + \(lease)::text::interval
                    """)
            }
            func enter() async throws {
                _ = try await server.app.query(
                    "select kith.enter_webhook_delivery(\(worker), \(network.id)::text::uuid, \(test)::text::uuid)")
            }
            try await hold(for: "1 hour", by: worker)
            try await enter()
            for (lease, holder, state) in [
                ("-1 second", worker, "sending"), ("1 hour", UUID(), "sending"), ("1 hour", worker, "delivered"),
            ] {
                try await hold(for: lease, by: holder, in: state)
                await #expect(throws: PostgresError.self) { try await enter() }
            }
        }
    }

    @Test func `A redirect is not followed, and a receiver that is gone is told no more`() async throws {
        try await withReceiver { network, receiver in
            let redirecting = try await hook(network, receiver, 302, ["webhook.none"])["id"]?.string ?? ""
            _ = try await network.post("/webhooks/\(redirecting)/test").expecting(200)
            _ = try await delivery(network, redirecting, "The redirect") { $0["status"] == 302 && $0["state"] == "queued" }
            let gone = try await hook(network, receiver, 410, ["webhook.none"])["id"]?.string ?? ""
            _ = try await network.post("/webhooks/\(gone)/test").expecting(200)
            _ = try await delivery(network, gone, "The end") { $0["status"] == 410 && $0["state"] == "dead" }
            #expect(try await network.get("/webhooks/\(gone)").json["disabled_at"] != .null)
            #expect(try receiver.calls().map { $0["path"]?.string } == ["/302", "/410"])
        }
    }

    @Test func `A host that leads inside is not called, whatever its name`() async throws {
        try await withReceiver(allowing: "") { network, receiver in
            for url in ["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/"] {
                #expect(try await network.post("/webhooks", ["url": .string(url)]).status == 422)
            }
            #expect(try await network.post("/webhooks", ["url": "http://example.org/"]).status == 422)
            let id = try await network.post(
                "/webhooks", ["url": .string("https://localhost:\(receiver.port)/200"), "kinds": ["webhook.none"]]
            )
            .expecting(201).id
            // As if the policy had been wider when it was added, without the encryption that would refuse it as well.
            _ = try await network.server.superuser.query(
                "update kith.webhooks set url = \("http://localhost:\(receiver.port)/200")")
            _ = try await network.post("/webhooks/\(id)/test").expecting(200)
            _ = try await delivery(network, id, "The refusal") { $0["problem"] == "address not permitted" }
            #expect(try receiver.calls().isEmpty)
        }
    }

    @Test func `One that is switched off is told when it is on again, and only an administrator decides`() async throws {
        try await withReceiver { network, receiver in
            let id = try await hook(network, receiver, 200, ["person.created"])["id"]?.string ?? ""
            _ = try await network.post("/webhooks/\(id)/disable").expecting(200)
            _ = try await network.post("/people", ["name": "P"]).expecting(201)
            let lead = try await network.person(.programmeLead)
            #expect(try await network.get("/webhooks", as: lead).status == 403)
            #expect(try await network.post("/webhooks/\(id)/enable", as: lead).status == 403)
            #expect(try receiver.calls().isEmpty)
            _ = try await network.post("/webhooks/\(id)/enable").expecting(200)
            _ = try await eventually("The calls") { try receiver.calls().count >= 2 ? true : nil }
            #expect(try await network.delete("/webhooks/\(id)").status == 204)
            #expect(try await network.get("/webhooks/\(id)/deliveries").items.isEmpty)
        }
    }
}

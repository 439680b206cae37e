import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing
import struct FoundationEssentials.UUID

@Suite struct LetterTests {
    private func withNetwork(_ body: @escaping @Sendable (TestNetwork) async throws -> Void) async throws {
        try await withTestServer(Distribution([]), worker: false) { server in try await body(server.makeNetwork(named: "Llais")) }
    }

    private func person(_ network: TestNetwork, _ name: String, _ way: String, _ contact: [String: JSON]) async throws -> String {
        let body: [String: JSON] = ["name": .string(name), "contact_by": .string(way)]
        return try await network.post("/people", .object(body.merging(contact) { $1 })).expecting(201).id
    }

    @Test func `Letters are printed a page each, for those who asked for post, and recorded when they are posted`() async throws {
        try await withNetwork { network in
            let first = try await person(
                network, "Ann <Pugh>", "post", ["postal_address": "1 Stryd Fawr\nBangor", "email": "a@example.org"])
            let second = try await person(network, "Ben", "post", ["postal_address": "2 High St"])
            let large: JSON = ["contact_by": "post", "large_print": true, "locale": "cy"]
            _ = try await network.server.put(
                network.path("/people/\(second)/message-preferences"), large, token: network.administrator.token
            ).expecting(200)
            for id in [first, second] { _ = try await network.post("/people/\(id)/invitations/send").expecting(200) }
            let printed = try await network.post("/letters/print").expecting(200)
            #expect(printed.headers[.contentType] == "text/html; charset=utf-8")
            #expect(printed.text.split(separator: "<section").count == 3)
            #expect(printed.text.contains("Ann &lt;Pugh&gt;<br>1 Stryd Fawr<br>Bangor<br>"))
            #expect(printed.text.contains("font-size: 18pt") && printed.text.contains("Helo Ben"))
            #expect(!printed.text.contains("a@example.org"))
            let code = try #require(printed.text.firstMatch(of: /([0-9A-Z]{5}-){3}[0-9A-Z]{5}/)).output.0
            #expect(try await network.server.accept(String(code)).id == first)
            // Printed ones are not printed again unless asked for, and wait until they are posted.
            #expect(try await network.post("/letters/print").expecting(200).text.contains("<section") == false)
            #expect(try await network.post("/letters/print", ["again": true]).expecting(200).text.contains("<section"))
            let waiting = try await network.get("/letters").items
            #expect(waiting.count == 2 && waiting.allSatisfy { $0["printed_at"] != .null })
            let id = waiting[0]["id"]?.string ?? ""
            let posted = try await network.post("/messages/\(id)/sent").expecting(200)
            #expect(posted.json["state"] == "sent" && posted.json["sent_by"]?.string == network.administrator.id)
            let again = try await network.post("/messages/\(id)/sent").expecting(200)
            #expect(again.json["sent_at"] == posted.json["sent_at"])
            #expect(try await network.get("/letters").items.count == 1)
        }
    }

    @Test func `Calls are listed with the number and the words, for people and for a spreadsheet`() async throws {
        try await withNetwork { network in
            let person = try await person(network, "=Cai", "phone", ["phone": "01248 000000"])
            _ = try await network.post("/people/\(person)/invitations/send").expecting(200)
            let list = try await network.post("/calls/print").expecting(200)
            #expect(list.text.contains("=Cai, 01248 000000") && list.text.contains("You are invited to join Llais"))
            let table = try await network.post("/calls/export", ["again": true]).expecting(200)
            #expect(table.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(table.text.contains(",'=Cai,01248 000000,"))
            #expect(try await network.get("/letters").items.isEmpty)
        }
    }

    @Test func `A letter about something confidential does not say what it is about`() async throws {
        try await withNetwork { network in
            let lead = try await person(network, "Dee", "post", ["postal_address": "3 Lôn Las"])
            _ = try await network.server.app.batch([
                "select set_config('kith.network', \(network.id), true)",
                MessageTemplate.concernReceived.queue(for: UUID(uuidString: lead)!),
            ])
            let letter = try await network.post("/letters/print").expecting(200).text
            #expect(letter.contains("Something is waiting for you in Llais. It is private"))
            #expect(!letter.contains("concern"))
            #expect(try await network.get("/letters").text.contains("concern") == false)
        }
    }

    @Test func `Who may not see what is sent prints no letters and records no calls`() async throws {
        try await withNetwork { network in
            let person = try await network.person(.participant, .facilitator, .auditor)
            for path in ["/letters", "/calls", "/messages"] { #expect(try await network.get(path, as: person).status == 403) }
            for path in ["/letters/print", "/calls/print", "/calls/export", "/messages/\(UUID())/sent"] {
                #expect(try await network.post(path, as: person).status == 403)
            }
        }
    }
}

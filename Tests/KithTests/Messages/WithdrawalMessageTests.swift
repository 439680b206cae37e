import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing
import struct FoundationEssentials.UUID

@Suite struct WithdrawalMessageTests {
    /// What is said of pay that was earned goes to those too who have left.
    private static let pay = MessageTemplate(
        module: "kiln", "paid", "When something was paid", outlivesLeaving: true, texts: ["en": .init("Paid", "Hello {{name}}")])

    private func queue(_ template: MessageTemplate, _ scene: RightsScene, _ about: JSON = [:]) async throws {
        _ = try await scene.network.server.app.batch([
            "select set_config('kith.network', \(scene.network.id), true)",
            template.queue(for: try #require(UUID(uuidString: scene.person.id)), about),
        ])
    }

    @Test(arguments: ["activity", "programme", "network", "recorded"])
    func `What was about to be sent about it is not sent; pay and the confirmation are`(way: String) async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            try await scene.reach(scene.person, by: "post", address: "1 High St")
            try await scene.invite(scene.person, to: scene.meeting().id).expecting(201)
            try await queue(Self.pay, scene, ["activity_id": .string(scene.panel)])
            try await queue(.somethingWaits, scene, ["programme_id": .string(scene.programme)])
            try await queue(.somethingWaits, scene)
            #expect(try await network.get("/letters").items.count == 4)
            let scope: JSON = way == "programme" ? ["programme_id": .string(scene.programme)] : ["activity_id": .string(scene.panel)]
            switch way {
            case "network": _ = try await network.post("/leave", as: scene.person)
            case "recorded": _ = try await network.post("/people/\(scene.person.id)/withdrawals", ["channel": "phone"]).expecting(200)
            default: _ = try await network.post("/withdrawals", scope, as: scene.person).expecting(201)
            }
            let all = way == "network" || way == "recorded"
            #expect(
                try await scene.messages(of: scene.person) == [
                    "core.meeting_invitation cancelled", "kiln.paid queued",
                    "core.something_waits \(way == "activity" ? "queued" : "cancelled")",
                    "core.something_waits \(all ? "cancelled" : "queued")", "core.withdrawn queued",
                ])
            #expect(try await network.get("/letters").items.count == (way == "activity" ? 4 : way == "programme" ? 3 : 2))
            let letters = try await network.post("/letters/print").expecting(200).text
            #expect(letters.contains("as you asked"))
        }
    }

    @Test func `A mail that was on its way at the withdrawal is not tried again`() async throws {
        try await RightsScene.with { scene in
            let (network, server) = (scene.network, scene.network.server)
            try await scene.reach(scene.person, email: "a@example.org")
            try await scene.invite(scene.person, to: scene.meeting().id).expecting(201)
            _ = try await server.superuser.query(
                "update kith.messages set state = 'sending', lease_expires_at = now() - interval '1 second'")
            _ = try await network.post("/withdrawals", ["programme_id": .string(scene.programme)], as: scene.person).expecting(201)
            #expect(try await scene.messages(of: scene.person) == ["core.meeting_invitation sending", "core.withdrawn queued"])
            let claimed = try await server.app.query(
                "select message_id from kith.claim_messages(gen_random_uuid(), 10, interval '1 minute')"
            ).decode(UUID.self)
            #expect(claimed.count == 1)
            #expect(try await scene.messages(of: scene.person) == ["core.meeting_invitation cancelled", "core.withdrawn sending"])
        }
    }

    @Test func `Leaving is confirmed once, by a mail that takes its meetings out of the calendar, also where it was written down`()
        async throws
    {
        try await RightsScene.withMail { scene, mailServer in
            let network = scene.network
            try await scene.reach(scene.person, email: "a@example.org")
            let meeting = try await scene.meeting().id
            try await scene.invite(scene.person, to: meeting).expecting(201)
            _ = try await mailServer.mails(1, to: "a@example.org")
            let record: JSON = ["channel": "phone", "activity_id": .string(scene.panel)]
            for _ in 0..<2 { _ = try await network.post("/people/\(scene.person.id)/withdrawals", record).expecting(200) }
            let left = try await mailServer.mails(2, to: "a@example.org")[1]
            #expect(left.subject == "You have left, as you asked" && left["text"]?.string?.contains("You have left Crisis care") == true)
            #expect(left.invitation("METHOD") == "CANCEL" && left.invitation("UID") == "\(meeting)@kith")
            #expect(left.invitation("SEQUENCE") == "2")
            #expect(try await network.post("/leave", as: scene.person).status == 204)
            let gone = try await mailServer.mails(3, to: "a@example.org")[2]
            #expect(gone["text"]?.string?.contains("You have left A network") == true && gone["calendar"] == .null)
            #expect(try await scene.messages(of: scene.person).count == 3)
        }
    }

    @Test(arguments: ["activity", "programme"])
    func `A convenor cannot bring back whoever has withdrawn; only they themselves come back`(way: String) async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let convenor = try await network.person(.participant)
            var body: [String: JSON] = [
                "name": "Set", "convenor_ids": [.string(convenor.id)], "member_ids": [.string(scene.person.id)],
            ]
            body[way == "activity" ? "activity_id" : "programme_id"] = .string(way == "activity" ? scene.panel : scene.programme)
            let space = try await network.post("/spaces", .object(body)).expecting(201).id
            let scope: JSON = ["programme_id": .string(scene.programme)]
            let withdrawal = try await network.post("/withdrawals", scope, as: scene.person).expecting(201).id
            let add: JSON = ["person_id": .string(scene.person.id)]
            let refused = try await network.post("/spaces/\(space)/members", add, as: convenor)
            #expect(refused.status == 409 && refused.text.contains("has withdrawn"))
            #expect(try await network.post("/spaces", .object(body)).status == 409)
            #expect(try await network.delete("/withdrawals/\(withdrawal)", as: scene.person).status == 204)
            #expect(try await network.post("/spaces/\(space)/members", add, as: convenor).status == 201)
        }
    }

    @Test func `A convenor and a withdrawal at the same moment leave nobody behind in the space`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let convenor = try await network.person(.participant)
            let body: JSON = ["name": "Set", "convenor_ids": [.string(convenor.id)], "activity_id": .string(scene.panel)]
            let space = try await network.post("/spaces", body).expecting(201).id
            for _ in 0..<6 {
                let person = try await network.person(.participant)
                async let added = network.post("/spaces/\(space)/members", ["person_id": .string(person.id)], as: convenor)
                async let withdrawn = network.post("/withdrawals", ["activity_id": .string(scene.panel)], as: person)
                _ = try await (added, withdrawn.expecting(201))
                #expect(try await network.get("/spaces/\(space)/notes", as: person).status == 404)
            }
        }
    }
}

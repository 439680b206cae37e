import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

@Suite struct OpenCallTests {
    @Test func `A published call is read by anybody, with its deadline for calendars`() async throws {
        try await OpenCallScene.with { scene in
            let page = try await scene.server.get(scene.page, token: nil).expecting(200).json
            #expect(page["state"] == "open" && page["pay"] == "£20 an hour, and travel." && page["has_shortlist"] == false)
            #expect(page["questions"] == [["feature": "experience", "values": ["community", "wards"]]])
            let calendar = try await scene.server.get("\(scene.page)/deadline", token: nil).expecting(200).text
            #expect(calendar.contains("DTSTART:20990101T120000Z") && calendar.contains("SUMMARY:Closes: Join"))
            // Another call, not published, is not there.
            let hidden = try await scene.network.post(
                "\(scene.call.panelPath)/opportunities", ["title": "Later", "description": "Not yet", "seats": 1]
            ).expecting(201).id
            #expect(try await scene.server.get(scene.network.path("/open-calls/\(hidden)"), token: nil).status == 404)
        }
    }

    @Test func `A call opens and closes by itself`() async throws {
        try await OpenCallScene.with { scene in
            let secret = try await scene.begin()
            try await scene.setDates(opens: "2098-01-01T09:00:00Z", closes: "2099-01-01T09:00:00Z")
            #expect(try await scene.server.get(scene.page, token: nil).json["state"] == "not_yet_open")
            #expect(try await scene.server.post("\(scene.page)/interests", OpenCallScene.draft(), token: nil).status == 409)
            try await scene.close()
            #expect(try await scene.server.get(scene.page, token: nil).json["state"] == "closed")
            #expect(try await scene.server.post("\(scene.page)/interests", OpenCallScene.draft(), token: nil).status == 409)
            #expect(try await scene.send(secret).status == 409)
            _ = try await scene.server.post("\(scene.own)/withdraw", token: secret).expecting(204)
        }
    }

    @Test func `An expression of interest is a draft, is changed, and is sent in as a volunteer without a name`() async throws {
        try await OpenCallScene.with { scene in
            let secret = try await scene.begin(["recording": "https://example.org/my-voice"])
            #expect(try await scene.send(secret).status == 422)
            // People type a secret as they read it.
            _ = try await scene.server.send(.put, scene.own, OpenCallScene.draft(), token: secret.lowercased()).expecting(200)
            #expect(try await scene.network.get("\(scene.call.path)/interests").items.isEmpty)
            #expect(try await scene.send(secret, ["consent_wording": 2, "eligibility": [true, true], "conflicts": []]).status == 409)
            let sent = try await scene.send(secret).expecting(200).json
            #expect(sent["state"] == "sent" && sent["name"] == "Maria Lopez")
            #expect(try await scene.send(secret).status == 409)
            let volunteers = try await scene.network.get("\(scene.call.path)/volunteers")
            #expect(volunteers.items.map { $0["reference"] } == [sent["reference"]])
            #expect(!volunteers.text.contains("Maria"))
            let answers = try await scene.server.superuser.query("select answers::text from expert_panels.characteristics").decode(
                String.self)
            #expect(answers == [#"{"experience": "wards"}"#])
            let consents = try await scene.server.superuser.query(
                "select purpose || ' ' || given || ' ' || channel from expert_panels.interest_consents"
            ).decode(String.self)
            #expect(consents == ["interest true web"])
        }
    }

    @Test func `Withdrawing takes one call, deletes what was said, and leaves the next pool`() async throws {
        try await OpenCallScene.with { scene in
            var secrets: [String] = []
            for name in ["Ada", "Bo", "Cy"] { secrets.append(try await scene.interest(OpenCallScene.draft(name)).secret) }
            _ = try await scene.server.send(
                .put, "\(scene.own)/monitoring", ["consent_wording": 1, "age": "25_34"], token: secrets[0]
            ).expecting(204)
            _ = try await scene.server.post("\(scene.own)/withdraw", token: secrets[0]).expecting(204)
            _ = try await scene.server.post("\(scene.own)/withdraw", token: secrets[0]).expecting(204)
            let own = try await scene.server.get(scene.own, token: secrets[0]).expecting(200).json
            #expect(own["state"] == "withdrawn" && own["words"] == .null && own["name"] == .null)
            let left = try await scene.server.superuser.query(
                """
                select (select count(*) from expert_panels.interest_contacts), (select count(*) from expert_panels.interest_answers),
                    (select count(*) from expert_panels.characteristics), (select count(*) from expert_panels.interest_monitoring),
                    (select count(*) from expert_panels.interest_consents where not given)
                """
            ).decode((Int, Int, Int, Int, Int).self)
            #expect(left[0] == (2, 2, 2, 0, 2))
            #expect(try await scene.call.freeze().expecting(201).json["volunteers"] == 2)
            // Those who run the panel can take an offer back too, with the same effect.
            let volunteer = try await scene.network.get("\(scene.call.path)/volunteers").items.first { $0["withdrawn_at"] == .null }?["id"]?
                .string
            try await scene.call.withdraw(volunteer ?? "")
            let contacts = try await scene.server.superuser.query("select count(*) from expert_panels.interest_contacts").decode(Int.self)
            #expect(contacts == [1])
        }
    }

    @Test func `A helper writes down what somebody says, with their consent on the ledger, and hands them the secret`() async throws {
        try await OpenCallScene.with { scene in
            let helper = try await scene.network.person(.facilitator)
            let person = try await scene.network.person(.participant)
            guard case .object(var told) = OpenCallScene.draft(), case .object(let declaration) = OpenCallScene.declaration else { return }
            told.merge(declaration) { $1 }
            told["person_id"] = .string(person.id)
            #expect(try await scene.network.post("\(scene.call.path)/interests", .object(told), as: helper).status == 422)
            told["channel"] = "paper"
            let entered = try await scene.network.post("\(scene.call.path)/interests", .object(told), as: helper).expecting(201).json
            let consents = try await scene.server.superuser.query(
                "select channel, recorded_by::text from expert_panels.interest_consents"
            ).decode((String, String).self)
            #expect(consents.count == 1 && consents[0] == ("paper", helper.id))
            #expect(try await scene.server.get(scene.own, token: entered["secret"]?.string).expecting(200).json["channel"] == "paper")
            // Whoever leaves the network takes it with them.
            _ = try await scene.server.post(scene.network.path("/leave"), token: person.token)
            #expect(try await scene.server.get(scene.own, token: entered["secret"]?.string).json["state"] == "withdrawn")
            #expect(try await scene.network.post("\(scene.call.path)/interests", .object(told), as: helper).status == 409)
        }
    }

    @Test func `A secret opens one expression of interest, and nothing else of the network`() async throws {
        try await OpenCallScene.with { scene in
            let (secret, id) = try await scene.interest(OpenCallScene.draft("Ada"))
            _ = try await scene.interest(OpenCallScene.draft("Bo"))
            let elsewhere = try await scene.server.makeNetwork(named: "Elsewhere")
            try await elsewhere.enable("expert_panels")
            #expect(try await scene.server.get(elsewhere.path("/interest"), token: secret).status == 404)
            #expect(try await scene.server.get(scene.network.path("/people"), token: secret).status == 401)
            #expect(try await scene.server.get(scene.own, token: scene.network.administrator.token).status == 404)
            #expect(try await scene.server.get(scene.own, token: nil).status == 401)
            // The policies hold whatever the server asks for.
            let visitor: [Query] = [
                "select expert_panels.enter_interest(\(Secret.hash(ofTyped: secret)), \(scene.network.id)::text::uuid, null)",
                "select interest_id::text from expert_panels.interests", "select count(*) from expert_panels.interest_contacts",
                "select count(*) from expert_panels.interest_answers",
                "update expert_panels.interests set words = 'Mine' where interest_id <> expert_panels.own_interest()",
            ]
            let rows = try await scene.server.app.batch(visitor)
            #expect(try rows[1].decode(String.self) == [id])
            #expect(try rows[2].decode(Int.self) == [1])
            #expect(try rows[3].decode(Int.self) == [1])
            #expect(rows[4].affected == 0)
            // Nor does anybody with a role read what was said for the targets.
            let manager = try await scene.server.app.batch([
                "select set_config('kith.network', \(scene.network.id), true), set_config('kith.person', \(scene.network.administrator.id), true)",
                "select count(*) from expert_panels.interest_answers", "select count(*) from expert_panels.interest_monitoring",
            ])
            #expect(try manager[1].decode(Int.self) == [0])
        }
    }

    @Test func `Equality monitoring is apart, may be skipped question by question, and is counted in groups of five or more`() async throws
    {
        try await OpenCallScene.with { scene in
            var secrets: [String] = []
            for number in 0..<6 {
                let (secret, _) = try await scene.interest()
                let answers: JSON = number < 5 ? ["consent_wording": 1, "age": "25_34"] : ["consent_wording": 1, "disability": "yes"]
                _ = try await scene.server.send(.put, "\(scene.own)/monitoring", answers, token: secret).expecting(204)
                let own = try await scene.server.get("\(scene.own)/monitoring", token: secret).json
                #expect(own == (number < 5 ? ["age": "25_34"] : ["disability": "yes"]))
                secrets.append(secret)
            }
            let counts = try await scene.network.get("\(scene.call.path)/monitoring-counts").expecting(200).items
            #expect(counts == [["question": "age", "answer": "25_34", "people": 5]])
            #expect(!(try await scene.network.get("\(scene.call.path)/interests").text).contains("25_34"))
            _ = try await scene.server.send(.delete, "\(scene.own)/monitoring", nil, token: secrets[0]).expecting(204)
            #expect(try await scene.server.get("\(scene.own)/monitoring", token: secrets[0]).json == [:])
            #expect(try await scene.network.get("\(scene.call.path)/monitoring-counts").items == [])
        }
    }

    @Test func `Whoever says that they may not take part is left out, with the reason, and it can be taken back`() async throws {
        try await OpenCallScene.with { scene in
            let left = try await scene.interest(
                OpenCallScene.draft("Ada"), ["consent_wording": 1, "eligibility": [true, false], "conflicts": [["kind": "family"]]])
            for name in ["Bo", "Cy"] { _ = try await scene.interest(OpenCallScene.draft(name)) }
            #expect(
                try await scene.send(try await scene.begin(), ["consent_wording": 1, "eligibility": [true], "conflicts": []]).status == 422)
            let own = try await scene.server.get(scene.own, token: left.secret).json
            #expect(own["state"] == "left_out")
            #expect(own["left_out_because"]?.string?.contains("Do you live in the county?") == true)
            #expect(try await scene.network.get("\(scene.call.path)/conflicts").items.map { $0["kind"] } == ["family"])
            #expect(try await scene.call.freeze().expecting(201).json["volunteers"] == 2)
            let exclusion = try await scene.network.get("\(scene.call.path)/exclusions").items
            #expect(exclusion.count == 1 && exclusion[0]["decided_by"] == .null)
            let id = exclusion[0]["id"]?.string ?? ""
            _ = try await scene.network.post("\(scene.call.path)/exclusions/\(id)/lift", ["reason": "Moves here in May."]).expecting(200)
            #expect(try await scene.network.post("\(scene.call.path)/exclusions/\(id)/lift", ["reason": "Again."]).status == 409)
            #expect(try await scene.call.freeze().expecting(201).json["volunteers"] == 3)
        }
    }

    @Test func `People read what came of it, also when they moved up or let an offer run out`() async throws {
        try await OpenCallScene.with(seats: 1) { scene in
            var secrets: [String: String] = [:]
            for name in ["Ada", "Bo"] {
                let sent = try await scene.interest(OpenCallScene.draft(name))
                let person = try await scene.network.person()
                let volunteers = try await scene.network.get("\(scene.call.path)/volunteers").items
                let volunteer = volunteers.first { !secrets.keys.contains($0["id"]?.string ?? "") }?["id"]?.string ?? ""
                secrets[volunteer] = sent.secret
                _ = try await scene.network.send(
                    .put, "\(scene.call.path)/volunteers/\(volunteer)/person", ["person_id": .string(person.id)]
                ).expecting(200)
            }
            func state(_ volunteer: JSON?) async throws -> JSON? {
                try await scene.server.get(scene.own, token: secrets[volunteer?.string ?? ""]).json["state"]
            }
            _ = try await scene.call.draw(scene.call.freeze().expecting(201).id)
            let draw = try await scene.network.get("\(scene.call.panelPath)/draws").items[0]["id"]?.string ?? ""
            let drawn = try await scene.network.get("\(scene.call.panelPath)/draws/\(draw)/seats").items
            #expect(drawn.count == 2)
            #expect(try await state(drawn[0]["volunteer_id"]) == "seat")
            #expect(try await state(drawn[1]["volunteer_id"]) == "reserve")
            for (seat, expires) in zip(drawn, ["2020-01-01", "2099-01-01"]) {
                _ = try await scene.network.post(
                    "\(scene.call.panelPath)/seats/\(seat["id"]?.string ?? "")/invite", ["expires_on": .string(expires)]
                ).expecting(200)
            }
            #expect(try await state(drawn[0]["volunteer_id"]) == "ended")
            _ = try await scene.network.post("\(scene.call.panelPath)/seats/\(drawn[1]["id"]?.string ?? "")/reply", ["accepts": true])
                .expecting(200)
            #expect(try await state(drawn[1]["volunteer_id"]) == "seat")
        }
    }
}

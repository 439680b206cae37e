import HTTPTypes
import Kith
import KithTesting
import Postgres
import Testing

/// A person who comes to a call twice, with the same name and year of birth: asked, not merged.
@Suite struct DoubleTests {
    private static func doubles(_ call: Call, _ state: String = "") async throws -> [JSON] {
        try await call.network.get("\(call.path)/doubles\(state)").items
    }

    private static func answer(_ call: Call, _ double: JSON, _ said: JSON) async throws -> TestResponse {
        try await call.network.post("\(call.path)/doubles/\(double["id"]?.string ?? "")/answer", said)
    }

    private static let targets = "feature,value,min,max\nage,old,0,2\nage,young,0,2\n"
    private static let twice = """
        id,age,name,birth_year
        A,old,Zo\u{eb} Gro\u{df},1950
        B,old,Ann Lee,1960
        C,young,\u{20}zoe\u{308}\u{a0} GROSS ,1950

        """

    @Test func `Two rows of a file with the same name and year of birth are both taken, and become a question`() async throws {
        try await Call.with(seats: 2) { call in
            _ = try await call.importTargets(Self.targets).expecting(200)
            let checked = try await call.importVolunteers(Self.twice, "?dry_run=true").expecting(200).json
            #expect(checked["question_count"] == 1 && checked["problems"] == [])
            #expect(try await Self.doubles(call).isEmpty)
            let taken = try await call.importVolunteers(Self.twice).expecting(200).json
            #expect(taken["imported"] == 3)
            #expect(
                taken["questions"] == [
                    ["row": 4, "field": "name", "detail": "The same name and year of birth as row 2. Are they one person?"]
                ])
            let double = try #require(try await Self.doubles(call, "?state=open").first)
            #expect(Set([double["one_reference"], double["other_reference"]]) == ["A", "C"])

            let refused = try await call.freeze()
            #expect(refused.status == 409)
            #expect(refused.json["detail"]?.string?.hasPrefix("Two volunteers have the same name and year of birth.") == true)
            let kept = try #require(
                try await call.network.get("\(call.path)/volunteers").items.first { $0["reference"] == "C" }?["id"])
            for wrong: JSON in [
                ["answer": "same"], ["answer": "different", "kept_id": kept],
                ["answer": "same", "kept_id": double["opportunity_id"] ?? .null],
            ] {
                #expect(try await Self.answer(call, double, wrong).status == 422)
            }
            let answered = try await Self.answer(call, double, ["answer": "same", "kept_id": kept]).expecting(200).json
            #expect(answered["state"] == "same" && answered["answered_by"] != .null)
            #expect(try await Self.answer(call, double, ["answer": "different"]).status == 409)
            #expect(try await call.freeze().expecting(201).json["volunteers"] == 2)
            let out = try #require(try await call.network.get("\(call.path)/volunteers").items.first { $0["reference"] == "A" })
            #expect(out["withdrawn_at"] != .null)
            #expect(
                out["withdrawn_because"] == "Offered twice, with the same name and year of birth. The other offer stands: C.")
            // It is not said of anybody else who withdraws: not of the one who stays, nor of somebody who was offered once.
            for staying in ["B", "C"] {
                let volunteers = try await call.network.get("\(call.path)/volunteers").items
                let id = volunteers.first { $0["reference"] == .string(staying) }?["id"]?.string ?? ""
                try await call.withdraw(id)
            }
            let reasons = try await call.network.get("\(call.path)/volunteers").items.filter { $0["withdrawn_because"] != .null }
            #expect(reasons.map { $0["reference"] } == ["A"])
            // What is left of the names is a digest, and no answer for the targets.
            let stored = try await call.network.server.superuser.query(
                "select answers::text || coalesce(encode(identity, 'escape'), '') from expert_panels.characteristics"
            ).decode(String.self)
            #expect(stored.allSatisfy { !$0.lowercased().contains("gro") && !$0.contains("1950") && !$0.contains("name") })
        }
    }

    @Test func `Two people with the same name and year of birth both stay, and a third is asked about again`() async throws {
        try await Call.with(seats: 2) { call in
            _ = try await call.importTargets(Self.targets).expecting(200)
            _ = try await call.importVolunteers(Self.twice).expecting(200)
            _ = try await Self.answer(call, Self.doubles(call)[0], ["answer": "different"]).expecting(200)
            #expect(try await call.freeze().expecting(201).json["volunteers"] == 3)
            let more = try await call.importVolunteers("id,age,name,birth_year\nD,old,Ann Lee,1961\nE,old,ann lee,1960\nF,old,Ann Lee,\n")
                .expecting(200).json
            #expect(
                more["questions"]?.array?.map { $0["detail"] } == [
                    "The same name and year of birth as the volunteer B, who is here already. Are they one person?"
                ])
            #expect(try await call.freeze().status == 409)
            // Whoever withdraws takes the question along.
            let people = try await call.network.get("\(call.path)/volunteers").items
            let new = try #require(people.first { $0["reference"] == "E" }?["id"]?.string)
            try await call.withdraw(new)
            #expect(try await Self.doubles(call, "?state=open").isEmpty)
            let settled = try #require(try await Self.doubles(call, "?state=settled").first)
            #expect(try await Self.answer(call, settled, ["answer": "different"]).status == 409)
            #expect(try await call.freeze().status == 201)
        }
    }

    @Test func `A name and year of birth that stand in too many rows are named with the row`() async throws {
        try await Call.with(seats: 2) { call in
            let file = "id,age,name,birth_year\n" + (1...21).map { "V\($0),old,Ann,1950\n" }.joined() + "W,old,Ann,1951\n"
            let refused = try await call.importVolunteers(file)
            #expect(refused.status == 422 && refused.pointers == ["/rows/22/name"])
            let taken = try await call.importVolunteers(file, "?skip_bad_rows=true").expecting(200).json
            #expect(taken["imported"] == 21 && taken["question_count"] == 190)
        }
    }

    @Test func `A year of birth that is none is named with its row`() async throws {
        try await Call.with { call in
            let refused = try await call.importVolunteers("id,age,name,birth_year\nA,old,Ann,60\nB,old,Ann,196x\nC,old,Ann,\n")
            #expect(refused.pointers == ["/rows/2/birth_year", "/rows/3/birth_year"])
        }
    }

    @Test func `Whoever was drawn stays, and whoever comes after them is the one to take out`() async throws {
        try await Call.with(seats: 2) { call in
            _ = try await call.importTargets("feature,value,min,max\nage,old,2,2\n").expecting(200)
            _ = try await call.importVolunteers("id,age,name,birth_year\nA,old,Ann,1950\nB,old,Bob,1950\n").expecting(200)
            _ = try await call.draw(call.freeze().expecting(201).id)
            _ = try await call.importVolunteers("id,age,name,birth_year\nC,old,ann,1950\n").expecting(200)
            let (double, people) = (try await Self.doubles(call)[0], try await call.network.get("\(call.path)/volunteers").items)
            func id(_ reference: JSON) -> JSON { people.first { $0["reference"] == reference }?["id"] ?? .null }
            let refused = try await Self.answer(call, double, ["answer": "same", "kept_id": id("C")])
            #expect(refused.status == 409)
            #expect(try await Self.doubles(call)[0]["state"] == "open")
            _ = try await Self.answer(call, double, ["answer": "same", "kept_id": id("A")]).expecting(200)
        }
    }

    @Test func `People of the open call are compared with each other and with those of a file`() async throws {
        try await OpenCallScene.with { scene in
            let call = scene.call
            _ = try await call.importVolunteers("id,experience,name,birth_year\nA,community,maria  LOPEZ,1970\n").expecting(200)
            func draft(_ year: Int?) -> JSON {
                var members = OpenCallScene.draft().object ?? [:]
                members["birth_year"] = year.map { .integer(Int64($0)) }
                return .object(members)
            }
            #expect(try await scene.server.post("\(scene.page)/interests", draft(1800), token: nil).status == 422)
            _ = try await scene.interest(draft(nil))
            _ = try await scene.interest(draft(1971))
            #expect(try await Self.doubles(call).isEmpty)
            let secret = try await scene.begin(draft(1970))
            // A draft is changed without the year again; it is no offer yet, so nothing is asked.
            _ = try await scene.server.send(.put, scene.own, OpenCallScene.draft(words: "I was there."), token: secret).expecting(200)
            #expect(try await Self.doubles(call).isEmpty)
            _ = try await scene.send(secret).expecting(200)
            let double = try #require(try await Self.doubles(call).first)
            let kept = [double["one_reference"], double["other_reference"]][0] == "A" ? double["one_id"] : double["other_id"]
            _ = try await Self.answer(call, double, ["answer": "same", "kept_id": kept ?? .null]).expecting(200)
            let own = try await scene.server.get(scene.own, token: secret).expecting(200).json
            #expect(own["state"] == "withdrawn" && own["words"] == .null)
            #expect(own["withdrawn_because"]?.string?.hasSuffix("The other offer stands: A.") == true)
            // A draft under another name does not keep the digest of the name before.
            let renamed = try await scene.begin(draft(1970))
            _ = try await scene.server.send(.put, scene.own, OpenCallScene.draft("Mario Lopez"), token: renamed).expecting(200)
            _ = try await scene.send(renamed).expecting(200)
            #expect(try await Self.doubles(call).count == 1)
        }
    }

    @Test func `Only those who run the panel see and answer`() async throws {
        try await Call.with(seats: 2) { call in
            _ = try await call.importVolunteers(Self.twice).expecting(200)
            let double = try await Self.doubles(call)[0]
            let member = try await call.network.person(.participant)
            #expect(try await call.network.get("\(call.path)/doubles", as: member).status == 403)
            let path = "\(call.path)/doubles/\(double["id"]?.string ?? "")/answer"
            #expect(try await call.network.post(path, ["answer": "different"], as: member).status == 403)
            await #expect(throws: PostgresError.self) {
                _ = try await call.network.server.superuser.query("update expert_panels.doubles set answer = 'same'")
            }
        }
    }
}

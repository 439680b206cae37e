import HTTPTypes
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct MeetingTests {
    @Test func `A meeting is called, answered, moved, attended and called off`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            let meeting = try await scene.meeting()
            let path = "\(scene.meetings)/\(meeting.id)"
            #expect(try await network.get(path, as: scene.person).status == 404)
            #expect(try await scene.invite(scene.person, to: meeting.id).status == 201)
            #expect(try await scene.invite(scene.person, to: meeting.id).status == 409)
            #expect(try await network.get("/people/me/meetings", as: scene.person).items.map { $0["id"] } == [.string(meeting.id)])
            let answer: JSON = ["reply": "yes", "attends_by": "remote", "supporters": 1]
            #expect(try await network.post("\(path)/reply", answer, as: scene.person).expecting(200).json["supporters"] == 1)
            let moved = try await network.patch(
                path, ["starts_at": RightsScene.time(60), "ends_at": RightsScene.time(62)], version: meeting.version)
            #expect(moved.status == 200)
            #expect(try await network.patch(path, ["title": "Other"], version: meeting.version).status == 412)
            let came = try await network.post("\(path)/people/\(scene.person.id)/attendance", ["attended": "phone", "supporters": 2])
            #expect(came.json["attended_supporters"] == 2)
            _ = try await network.post("\(path)/papers", ["title": "Agenda", "link": "https://example.org/agenda", "sent": true]).expecting(
                200)
            #expect(try await network.get("\(path)/papers", as: scene.person).items.first?["sent_at"] != .null)
            #expect(try await network.post("\(path)/cancel").expecting(200).json["state"] == "cancelled")
            #expect(try await scene.invite(scene.coordinator, to: meeting.id).status == 404)
        }
    }

    @Test func `Bad times, no place, and a link that is none are each named`() async throws {
        try await RightsScene.with { scene in
            let times: JSON = ["title": "M", "starts_at": RightsScene.time(5), "ends_at": RightsScene.time(4), "place": "P"]
            let badTimes = try await scene.network.post(scene.meetings, times)
            #expect(badTimes.pointers == ["/ends_at"])
            let nowhere: JSON = ["title": "M", "starts_at": RightsScene.time(4), "ends_at": RightsScene.time(5)]
            let noPlace = try await scene.network.post(scene.meetings, nowhere)
            #expect(noPlace.pointers == ["/place"])
            let link: JSON = [
                "title": "M", "starts_at": RightsScene.time(4), "ends_at": RightsScene.time(5), "remote_link": "javascript:alert(1)",
            ]
            let badLink = try await scene.network.post(scene.meetings, link)
            #expect(badLink.pointers == ["/remote_link"])
        }
    }

    @Test func `Only those with a role for the activity's programme manage its meetings`() async throws {
        try await RightsScene.with { scene in
            let other = try await scene.network.programme("Another")
            let stranger = try await scene.network.person(.facilitator, in: other)
            let own = try await scene.network.person(.facilitator, in: scene.programme)
            let body: JSON = ["title": "M", "starts_at": RightsScene.time(4), "ends_at": RightsScene.time(5), "place": "P"]
            #expect(try await scene.network.post(scene.meetings, body, as: stranger).status == 403)
            #expect(try await scene.network.post(scene.meetings, body, as: scene.person).status == 403)
            let meeting = try await scene.network.post(scene.meetings, body, as: own).expecting(201).id
            #expect(try await scene.network.get("\(scene.meetings)/\(meeting)", as: stranger).status == 404)
            #expect(try await scene.network.get(scene.meetings, as: stranger).items.isEmpty)
            // The address of an activity of one's own does not lead to the meeting of another.
            let panel = try await scene.network.post("/panels", ["programme_id": .string(other), "name": "P", "purpose": "P"]).expecting(
                201
            ).id
            #expect(try await scene.network.post("/activities/\(panel)/meetings/\(meeting)/cancel", as: stranger).status == 404)
            #expect(
                try await scene.network.post(
                    "/activities/\(panel)/meetings/\(meeting)/people", ["person_id": .string(scene.person.id)], as: stranger
                )
                .status == 404)
        }
    }

    @Test func `Every current need of those invited is carried into a meeting, and a later one too`() async throws {
        try await RightsScene.with { scene in
            try await scene.decide()
            let first = try await scene.need()
            let meeting = try await scene.meeting().id
            try await scene.invite(scene.person, to: meeting)
            #expect(try await scene.needs(meeting).map { $0["id"] } == [.string(first)])
            let second = try await scene.need("step_free_access")
            #expect(try await Set(scene.needs(meeting).compactMap { $0["id"]?.string }) == [first, second])
            #expect(try await scene.needs(meeting).allSatisfy { $0["state"] == "needed" && $0["details"] == "Quillwort, please" })
            // A need that ends is carried no more, nor those of somebody who is not invited any more.
            _ = try await scene.network.post("/access-needs/\(second)/review", ["still_needed": false], as: scene.person).expecting(200)
            #expect(try await scene.needs(meeting).map { $0["id"] } == [.string(first)])
            _ = try await scene.network.delete("\(scene.meetings)/\(meeting)/people/\(scene.person.id)").expecting(204)
            #expect(try await scene.needs(meeting).isEmpty)
        }
    }

    @Test func `A need that is shared with nobody, or without consent, is carried into no meeting`() async throws {
        try await RightsScene.with { scene in
            _ = try await scene.need()
            let meeting = try await scene.meeting().id
            try await scene.invite(scene.person, to: meeting)
            func carried() async throws -> [Int] {
                try await scene.network.server.superuser.query("select count(*) from kith.meeting_needs").decode(Int.self)
            }
            #expect(try await carried() == [0])
            try await scene.decide()
            #expect(try await carried() == [1])
            _ = try await scene.network.post("/access-needs", ["kind": "dietary", "share_with": "nobody"], as: scene.person).expecting(201)
            #expect(try await carried() == [1])
            try await scene.decide(RightsScene.share, false)
            #expect(try await carried() == [0])
        }
    }

    @Test func `A need that comes at the same moment as an invitation is not lost`() async throws {
        try await RightsScene.with { scene in
            try await scene.decide()
            for _ in 0..<8 {
                let meeting = try await scene.meeting().id
                let person = try await scene.network.person(.participant)
                try await scene.decide(as: person)
                async let invited = scene.invite(person, to: meeting)
                async let need = scene.need("parking", as: person)
                _ = try await (invited.expecting(201), need)
                #expect(try await scene.needs(meeting).count == 1)
            }
        }
    }

    @Test func `A meeting is ready when every need is arranged or explained, and not before`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            try await scene.decide()
            let (first, second) = (try await scene.need(), try await scene.need("parking"))
            let meeting = try await scene.meeting().id
            let path = "\(scene.meetings)/\(meeting)"
            try await scene.invite(scene.person, to: meeting)
            let refused = try await network.post("\(path)/ready")
            #expect(refused.status == 409)
            #expect(!refused.text.contains(scene.person.id) && !refused.text.contains("parking"))
            _ = try await network.post("\(path)/needs/\(first)/steps", ["step": "arranged"], as: scene.coordinator).expecting(200)
            #expect(try await network.post("\(path)/ready").status == 409)
            let explained: JSON = ["step": "explained", "explanation": "The town hall has no car park; a taxi will come."]
            _ = try await network.post("\(path)/needs/\(second)/steps", explained, as: scene.coordinator).expecting(200)
            #expect(try await network.post("\(path)/ready").json["state"] == "ready")
            // A need that arises later takes the mark away.
            let third = try await scene.need("dietary")
            #expect(try await network.get(path).json["state"] == "planned")
            _ = try await network.post("\(path)/needs/\(third)/steps", ["step": "arranged"], as: scene.coordinator).expecting(200)
            let ready = try await network.post("\(path)/ready").expecting(200)
            // So does moving: what was arranged was for another hour.
            _ = try await network.patch(path, ["starts_at": RightsScene.time(70), "ends_at": RightsScene.time(72)], version: ready.version)
                .expecting(200)
            #expect(try await network.get(path).json["state"] == "planned")
            #expect(try await scene.needs(meeting).allSatisfy { $0["state"] == "needed" })
        }
    }

    @Test func `Only those who arrange arrange; the person says whether a need was met`() async throws {
        try await RightsScene.with { scene in
            let network = scene.network
            try await scene.decide()
            let need = try await scene.need()
            let meeting = try await scene.meeting().id
            try await scene.invite(scene.person, to: meeting)
            let steps = "\(scene.meetings)/\(meeting)/needs/\(need)/steps"
            #expect(try await network.post(steps, ["step": "arranged"]).status == 404)
            #expect(try await network.post(steps, ["step": "arranged"], as: scene.person).status == 409)
            #expect(try await network.post(steps, ["step": "met"], as: scene.person).status == 409)
            let unexplained = try await network.post(steps, ["step": "explained"], as: scene.coordinator)
            #expect(unexplained.pointers == ["/explanation"])
            _ = try await network.post(steps, ["step": "arranged"], as: scene.coordinator).expecting(200)
            _ = try await network.post(steps, ["step": "met"], as: scene.person).expecting(200)
            let reviewed = try await network.post(steps, ["step": "reviewed", "was_met": false], as: scene.person).expecting(200).json
            #expect(reviewed["state"] == "reviewed")
            #expect(reviewed["was_met"] == false)
        }
    }

    @Test func `A coordinator of one programme arranges its meetings and sees no other need`() async throws {
        try await RightsScene.with { scene in
            try await scene.decide()
            _ = try await scene.need()
            let meeting = try await scene.meeting().id
            try await scene.invite(scene.person, to: meeting)
            let own = try await scene.network.person(.accessCoordinator, in: scene.programme)
            let other = try await scene.network.person(.accessCoordinator, in: scene.network.programme("Another"))
            #expect(try await scene.needs(meeting, as: own).first?["details"] == "Quillwort, please")
            #expect(try await scene.needs(meeting, as: other).isEmpty)
            #expect(try await scene.network.get("/access-needs", as: other).items.isEmpty)
        }
    }
}

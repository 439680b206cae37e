import ExpertPanels
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct PanelConfidentialityTests {
    @Test func `A participant sees panels and their results, and no volunteer`() async throws {
        try await Call.with { call in
            try await call.fill()
            _ = try await call.draw(call.freeze().expecting(201).id)
            let draw = try await call.network.get("\(call.panelPath)/draws").items[0]["id"]?.string ?? ""
            let participant = try await call.network.person(.participant)
            for open in [
                "/panels", call.panelPath, call.path, "\(call.path)/targets", "\(call.panelPath)/pools", "\(call.panelPath)/draws",
            ] {
                #expect(try await call.network.get(open, as: participant).status == 200, "\(open)")
            }
            for closed in ["\(call.path)/volunteers", "\(call.panelPath)/draws/\(draw)/seats"] {
                #expect(try await call.network.get(closed, as: participant).status == 403, "\(closed)")
            }
            #expect(try await call.network.upload("\(call.path)/volunteers/import", Array("id\nX\n".utf8), as: participant).status == 403)
            #expect(try await call.network.post("\(call.panelPath)/draws", ["pool_id": .string(draw)], as: participant).status == 403)
        }
    }

    @Test func `Each step to the seats is recorded once`() async throws {
        try await Call.with { call in
            try await call.fill()
            _ = try await call.draw(call.freeze().expecting(201).id)
            let actions = try await call.network.get("/audit-entries?limit=200").items.compactMap { $0["action"]?.string }
            let counts = Dictionary(actions.map { ($0, 1) }, uniquingKeysWith: +)
            for step in [
                "panel.created", "opportunity.created", "volunteers.imported", "targets.imported", "pool.frozen", "draw.requested",
                "job.queued",
                "draw.completed", "job.succeeded",
            ] { #expect(counts[step] == 1, "\(step)") }
        }
    }

    @Test func `A facilitator of one programme draws its panels and sees no volunteer of another`() async throws {
        try await Call.with { call in
            let other = try await call.network.programme("Another")
            let facilitator = try await call.network.person(.facilitator, in: other)
            #expect(try await call.network.get("\(call.path)/volunteers", as: facilitator).status == 403)
            let panel = try await call.network.post("/panels", ["programme_id": .string(other), "name": "P", "purpose": "P"]).expecting(201)
                .id
            let own = try await call.network.post(
                "/panels/\(panel)/opportunities", ["title": "T", "description": "D", "seats": 1], as: facilitator
            ).expecting(201).id
            #expect(try await call.network.get("/panels/\(panel)/opportunities/\(own)/volunteers", as: facilitator).status == 200)
            // The address of one's own panel does not lead to the call of another.
            #expect(try await call.network.get("/panels/\(panel)/opportunities/\(call.id)/volunteers", as: facilitator).items.isEmpty)
            let moved = try await call.network.upload(
                "/panels/\(panel)/opportunities/\(call.id)/volunteers/import", Array("id\nX\n".utf8), as: facilitator)
            #expect(moved.status == 404)
            let frozen = try await call.network.post("/panels/\(panel)/pools", ["opportunity_id": .string(call.id)], as: facilitator)
            #expect(frozen.status == 404)
        }
    }

    @Test func `What volunteers say of themselves is in no answer, for anyone`() async throws {
        try await Call.with(seats: 1) { call in
            let file = "id,age,diagnosis,address,zip\nA,old,Quillwort,Fernlane 1,ZZ1\nB,old,Quillwort,Fernlane 2,ZZ2\n"
            let imported = try await call.importVolunteers(file).expecting(200)
            _ = try await call.importTargets("feature,value,min,max\nage,old,0,1\n").expecting(200)
            let pool = try await call.freeze().expecting(201)
            let job = try await call.draw(pool.id)
            var texts = [imported.text, pool.text, job.description]
            let draw = try await call.network.get("\(call.panelPath)/draws").items[0]["id"]?.string ?? ""
            for path in [
                "\(call.path)/volunteers", "\(call.panelPath)/pools/\(pool.id)", "\(call.panelPath)/draws/\(draw)",
                "\(call.panelPath)/draws/\(draw)/seats", "/jobs", "/audit-entries", call.path, "\(call.path)/targets",
            ] {
                texts.append(try await call.network.get(path).expecting(200).text)
            }
            for text in texts {
                for word in ["Quillwort", "Fernlane", "diagnosis", "household\":\""] { #expect(!text.contains(word)) }
            }
            let kept =
                try await call.network.server.superuser.query(
                    "select coalesce(string_agg(t, ''), '') from (select j::text t from kith.jobs j union all select e::text from kith.events e union all select a::text from kith.audit_entries a) x"
                ).decode(String.self).first ?? ""
            #expect(!kept.contains("Quillwort"))
        }
    }
}

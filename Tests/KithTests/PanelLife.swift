import HTTPTypes
import Kith
import KithTesting
import Postgres

extension TestNetwork {
    /// One of everything that follows a draw, with the administrator as the member of the panel.
    /// - Parameters:
    ///   - panel: the panel
    ///   - volunteers: the path of the volunteers of its call
    ///   - draw: a draw of the panel that nobody carries out
    ///   - name: what stands in every text
    /// - Returns: the identifiers, by the parameters of the paths
    /// - Throws: ``TestServer/Unexpected`` where the server refuses
    func panelLife(of panel: String, volunteers: String, draw: String, naming name: JSON) async throws -> [String: String] {
        let own = JSON.string(administrator.id)
        let volunteer = try await get(volunteers).items[1]["id"]?.string ?? ""
        _ = try await send(.put, "\(volunteers)/\(volunteer)/person", ["person_id": own]).expecting(200)
        let seats = try await server.superuser.query(
            """
            insert into expert_panels.seats (network_id, seat_id, draw_id, volunteer_id, part, place)
            values (\(id)::text::uuid, kith.new_id(), \(draw)::text::uuid, \(volunteer)::text::uuid, 'seat', 1) returning seat_id::text
            """
        ).decode(String.self)
        let path = "/panels/\(panel)"
        _ = try await post("\(path)/seats/\(seats[0])/invite").expecting(200)
        _ = try await post("\(path)/seats/\(seats[0])/reply", ["accepts": true]).expecting(200)
        let terms = try await post("\(path)/terms", ["body": name, "changes": name]).expecting(201).id
        _ = try await post("\(path)/terms/\(terms)/accept").expecting(200)
        let item = try await post(
            "\(path)/onboarding", ["person_id": own, "title": name, "owner_id": own, "due_on": "2099-01-01"]
        ).expecting(201).id
        let day = try await post("/closed-days", ["day": "2099-01-01", "name": name]).expecting(201).id
        let session = try await post(
            "\(path)/sessions",
            ["title": name, "starts_at": "2099-01-01T10:00:00Z", "ends_at": "2099-01-01T12:00:00Z", "place": name]
        ).expecting(201).id
        let minutes = try await post("\(path)/sessions/\(session)/minutes", ["body": name]).expecting(201).id
        _ = try await send(
            .put, "\(path)/sessions/\(session)/minutes/\(minutes)/reply", ["approves": false, "correction": name]
        ).expecting(200)
        let question = try await post(
            "\(path)/questions", ["kind": "view", "title": name, "closes_at": "2099-01-01T00:00:00Z"]
        ).expecting(201).id
        _ = try await post("\(path)/questions/\(question)/contributions", ["words": name]).expecting(200)
        return [
            "seat": seats[0], "terms": terms, "item": item, "closed_day": day, "session": session, "minutes": minutes, "question": question,
        ]
    }
}

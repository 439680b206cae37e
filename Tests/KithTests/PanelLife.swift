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

    /// One of everything about pay, with the administrator as the one who is paid.
    func panelPay(of panel: String, naming name: JSON) async throws -> [String: String] {
        let path = "/panels/\(panel)"
        let own = JSON.string(administrator.id)
        var body: [String: JSON] = [:]
        if case .object(let example) = try await get("/example-pay-policy").json { body = example }
        body["source"] = name
        body["effective_from"] = "2020-01-01"
        let policy = try await post("/pay-policies", .object(body)).expecting(201).id
        let offer = try await post(
            "\(path)/pay-offers", ["person_id": own, "role": "member", "title": name, "on_day": "2026-01-02", "minutes": 60]
        ).expecting(201).id
        _ = try await post("\(path)/pay-offers/\(offer)/answer", ["answer": "accept"]).expecting(200)
        let claim = try await post("\(path)/pay-claims", ["kind": "fee", "offer_id": .string(offer), "reason_late": name]).expecting(201).id
        let officer = try await person(.paymentsOfficer)
        for approver in [try await person(.programmeLead), officer] {
            _ = try await post("\(path)/pay-claims/\(claim)/approve", as: approver).expecting(200)
        }
        let payment = try await post("/pay-payments", ["reference": name, "paid_on": "2026-01-03"], as: officer).expecting(201).id
        _ = try await send(.put, "/people/me/pay-ceiling", ["week": ["amount": 100]]).expecting(200)
        return ["policy": policy, "offer": offer, "claim": claim, "payment": payment]
    }
}

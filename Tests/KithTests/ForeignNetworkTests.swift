import ExpertPanels
import HTTPTypes
import Kith
import KithAPI
import KithServer
import KithTesting
import Logging
import Postgres
import Testing

/// Every operation there is, tried from the outside: with the identifiers of a network in which the caller is nobody.
@Suite struct ForeignNetworkTests {
    /// Stands in every name of the network that is not seen into.
    private static let secret = "Quillwort"

    private static func endpoints() throws -> [Endpoint] {
        let wakeups = Wakeups(configuration: PostgresConfiguration(connectionString: ""), logger: Logger(label: "none"))
        return try Distribution([ExpertPanels.self]).endpoints(wakeups: wakeups)
    }

    @Test func `Nothing of another network can be read or changed`() async throws {
        let endpoints = try Self.endpoints()
        let sampler = RequestSampler(endpoints)
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            let (theirs, ids) = try await fill(server)
            let mine = try await server.makeNetwork(named: "Mine")
            try await mine.enable("expert_panels")
            let before = try await snapshot(of: theirs)
            for endpoint in endpoints where endpoint.path.parameters.contains("network") {
                for parameter in endpoint.path.parameters { #expect(ids[parameter] != nil, "\(parameter) is not in the fixture") }
                // Their network, as somebody who is not in it.
                let outside = try await sampler.send(endpoint, to: server, with: ids, token: mine.administrator.token)
                #expect(
                    outside.status == 404 || endpoint.name.hasPrefix("import") && outside.status == 422, "\(endpoint.name): \(outside.text)"
                )
                #expect(!outside.text.contains(Self.secret), "\(endpoint.name)")
                // Their things, by the address of one's own network.
                guard endpoint.name != "follow_events", endpoint.path.parameters.count > 1, !endpoint.path.text.contains("_name}") else {
                    continue
                }
                let parameters = ids.merging(["network": mine.id]) { $1 }
                let inside = try await sampler.send(endpoint, to: server, with: parameters, token: mine.administrator.token)
                #expect(!inside.text.contains(Self.secret), "\(endpoint.name)")
                if endpoint.method == .get {
                    // What only an auditor or a payments officer reads is refused to an administrator before it is looked for.
                    let isRefused = !endpoint.isForAdministrators && inside.status == 403
                    #expect(isRefused || inside.status == 404 || inside.json["items"] == [], "\(endpoint.name): \(inside.text)")
                } else {
                    #expect((400..<500).contains(inside.status), "\(endpoint.name): \(inside.status) \(inside.text)")
                }
            }
            #expect(try await snapshot(of: theirs) == before)
        }
    }

    @Test func `Lists answer one's own network and nothing of any other`() async throws {
        let endpoints = try Self.endpoints()
        let sampler = RequestSampler(endpoints)
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            _ = try await fill(server)
            let mine = try await server.makeNetwork(named: "Mine")
            try await mine.enable("expert_panels")
            for endpoint in endpoints
            where endpoint.method == .get && endpoint.path.parameters == ["network"] && endpoint.name != "follow_events" {
                if case .visitor = endpoint.access { continue }
                let answer = try await sampler.send(endpoint, to: server, with: ["network": mine.id], token: mine.administrator.token)
                // What people need, or do not want to earn more than, is not even listed to an administrator.
                let isEmpty = ["get_my_pay_ceiling", "get_lived_experience"].contains(endpoint.name) && answer.status == 404
                #expect(isEmpty || answer.status == (endpoint.isForAdministrators ? 200 : 403), "\(endpoint.name): \(answer.text)")
                #expect(!answer.text.contains(Self.secret), "\(endpoint.name)")
            }
            #expect(try await server.get("/v1/networks", token: mine.administrator.token).items.count == 1)
            #expect(try await server.get("/v1/tokens", token: mine.administrator.token).items.count == 1)
        }
    }

    @Test func `Without a token every operation but those for anyone answers 401`() async throws {
        let endpoints = try Self.endpoints()
        let sampler = RequestSampler(endpoints)
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            for endpoint in endpoints {
                switch endpoint.access {
                case .anyone, .visitor(_, .some): continue
                default: break
                }
                #expect(try await sampler.send(endpoint, to: server, with: [:], token: nil).status == 401, "\(endpoint.name)")
                let unknown = try await sampler.send(
                    endpoint, to: server, with: ["module_name": "expert_panels", "setting_name": "none"], token: "kith_token_0")
                // A file, or the name of a setting, may be refused before anybody looks at who asks.
                var early = ["import_volunteers": 422, "import_targets": 422, "choose_setting": 404][endpoint.name]
                // Nor does a door tell whether it is the network or the secret that there is not.
                if case .visitor = endpoint.access { early = 404 }
                #expect(unknown.status == 401 || unknown.status == early, "\(endpoint.name): \(unknown.text)")
            }
        }
    }

    /// A network with one of everything, and the identifiers of it.
    private func fill(_ server: TestServer) async throws -> (TestNetwork, [String: String]) {
        let network = try await server.makeNetwork(named: Self.secret)
        try await network.enable("expert_panels")
        let name = JSON.string(Self.secret)
        let person = try await network.post("/people", ["name": name, "email": "quillwort@example.org"]).expecting(201).id
        let organisation = try await network.post("/organisations", ["name": name, "kind": "charity"]).expecting(201).id
        let programme = try await network.programme(Self.secret)
        _ = try await network.post(
            "/programmes/\(programme)/organisations", ["organisation_id": .string(organisation), "part": "lead"]
        ).expecting(201)
        let affiliation = try await network.post(
            "/affiliations", ["person_id": .string(person), "organisation_id": .string(organisation), "role": name]
        ).expecting(201).id
        let grant = try await network.post("/role-grants", ["person_id": .string(person), "role": "observer"]).expecting(201).id
        let dataRequest = try await network.post("/people/\(person)/exports", ["reason": name]).expecting(202).id
        let rectification = try await network.post("/people/me/rectifications", ["request": name]).expecting(201).id
        let panel = try await network.post("/panels", ["programme_id": .string(programme), "name": name, "purpose": name]).expecting(201).id
        let calls = "/panels/\(panel)/opportunities"
        let call = try await network.post(calls, ["title": name, "description": name, "seats": 1]).expecting(201).id
        _ = try await network.upload("\(calls)/\(call)/volunteers/import", Array("id,age\nQuillwort 1,old\nQuillwort 2,young\n".utf8))
            .expecting(200)
        _ = try await network.upload("\(calls)/\(call)/targets/import", Array("feature,value,min,max\nage,old,0,1\nage,young,0,1\n".utf8))
            .expecting(200)
        let volunteer = try await network.get("\(calls)/\(call)/volunteers").items[0]["id"]?.string ?? ""
        let pool = try await network.post("/panels/\(panel)/pools", ["opportunity_id": .string(call)]).expecting(201).id
        let job = try await network.post("/panels/\(panel)/draws", ["pool_id": .string(pool)]).expecting(202).id
        let draw = try await network.get("/panels/\(panel)/draws").items[0]["id"]?.string ?? ""
        let twice = "id,age,name,birth_year\nQuillwort 3,old,Quillwort,1960\nQuillwort 4,old,Quillwort,1960\n"
        _ = try await network.upload("\(calls)/\(call)/volunteers/import", Array(twice.utf8)).expecting(200)
        let double = try await network.get("\(calls)/\(call)/doubles").items[0]["id"]?.string ?? ""
        let own = JSON.string(network.administrator.id)
        let recommendation = try await network.post(
            "/panels/\(panel)/recommendations",
            [
                "title": name, "details": name, "asked": 1, "in_favour": 1, "author_ids": [own], "organisation_id": .string(organisation),
                "owner_id": own, "due_on": "2099-01-01",
            ]
        ).expecting(201).id
        let profile = "\(calls)/\(call)/profile"
        _ = try await network.send(.put, profile, ["time_needed": name, "pay": name, "support": name, "who_for": name]).expecting(200)
        _ = try await network.post("\(profile)/publish").expecting(200)
        let interest = try await network.post(
            "\(calls)/\(call)/interests",
            [
                "name": name, "contact": name, "words": name, "channel": "paper", "consent_wording": 1, "eligibility": [], "conflicts": [],
                "answers": ["age": "old"],
            ]
        ).expecting(201).id
        let exclusion = try await network.post(
            "\(calls)/\(call)/volunteers/\(volunteer)/exclusions", ["stage": "eligibility", "reason": name]
        ).expecting(201).id
        let part = try await network.post("/panels/\(panel)/parts", ["person_id": own, "part": "chair"]).expecting(201).id
        // Nobody outside reads a call that is not published.
        _ = try await network.server.superuser.query("update expert_panels.role_profiles set published_at = null")
        let space = try await network.post("/spaces", ["name": name, "convenor_ids": [own]]).expecting(201).id
        let note = try await network.post("/spaces/\(space)/notes", ["text": name]).expecting(201).id
        let lead = try await network.person(.safeguardingLead)
        let request = try await network.post(
            "/spaces/\(space)/break-glass", ["reason": .string("\(Self.secret) is in danger"), "hours": 1], as: lead
        ).expecting(201).id
        let concern = try await network.post("/concerns", ["text": name]).expecting(201).id
        let checkpoints = try await signTwice(network)
        let entry = try await network.get("/audit-entries").items[0]["id"]?.string ?? ""
        let message = try await network.post("/people/\(person)/invitations/send").expecting(200).id
        let webhook = try await network.post("/webhooks", ["url": "https://quillwort.example/", "description": name]).expecting(201).id
        // Switched off, or its calls would change what is compared afterwards.
        _ = try await network.post("/webhooks/\(webhook)/disable").expecting(200)
        let delivery = try await network.post("/webhooks/\(webhook)/test").expecting(200).id
        let calendar = try await network.post("/calendars", ["name": name]).expecting(201).id
        // What people agreed to, need, attend, left and complained of.
        _ = try await network.post(
            "/people/me/consents", ["purpose": "core.share_access_needs", "wording": 1, "given": true]
        ).expecting(200)
        let need = try await network.post("/access-needs", ["kind": "other", "details": name]).expecting(201).id
        let meeting = try await network.post(
            "/activities/\(panel)/meetings",
            ["title": name, "starts_at": "2099-01-01T10:00:00Z", "ends_at": "2099-01-01T12:00:00Z", "place": name]
        ).expecting(201).id
        let meetings = "/activities/\(panel)/meetings/\(meeting)"
        for invited in [person, network.administrator.id] {
            _ = try await network.post("\(meetings)/people", ["person_id": .string(invited)]).expecting(201)
        }
        let paper = try await network.post("\(meetings)/papers", ["title": name, "link": "https://example.org"]).expecting(200).id
        let complaint = try await network.post("/complaints", ["summary": name]).expecting(201).id
        let leaver = try await network.person(.participant)
        let withdrawal = try await network.post("/withdrawals", ["activity_id": .string(panel)], as: leaver).expecting(201).id
        let ids = [
            "space": space, "note": note, "request": request, "concern": concern, "message": message, "webhook": webhook,
            "delivery": delivery, "calendar": calendar, "entry": entry,
            "earlier_checkpoint": checkpoints[0], "checkpoint": checkpoints[1], "network": network.id, "person": person,
            "organisation": organisation, "programme": programme, "affiliation": affiliation,
            "activity": panel, "meeting": meeting, "need": need, "paper": paper, "complaint": complaint, "withdrawal": withdrawal,
            "grant": grant, "panel": panel, "opportunity": call, "volunteer": volunteer, "pool": pool, "draw": draw, "job": job,
            "double": double,
            "recommendation": recommendation, "interest": interest, "exclusion": exclusion, "part": part,
            "data_request": dataRequest, "rectification": rectification, "rule_name": "jobs", "module_name": "expert_panels",
            "setting_name": "none",
        ]
        let life = try await network.panelLife(of: panel, volunteers: "\(calls)/\(call)/volunteers", draw: draw, naming: name)
        let pay = try await network.panelPay(of: panel, naming: name)
        return (network, ids.merging(life) { $1 }.merging(pay) { $1 })
    }

    private func signTwice(_ network: TestNetwork) async throws -> [String] {
        try await SignedLog.with { log in
            try await log.write(network.server.app)
            _ = try await network.post("/people", ["name": "Later"]).expecting(201)
            try await log.write(network.server.app)
            return try await network.get("/audit-checkpoints").items.compactMap { $0["id"]?.string }
        }
    }

    /// Everything in the network, as text.
    private func snapshot(of network: TestNetwork) async throws -> String {
        // Events and audit entries get their place in the order a moment after they were written.
        try await network.server.numberAuditEntries()
        try await eventually("the order of all events") {
            try await network.server.superuser.query("select from kith.events where position is null").isEmpty ? true : nil
        }
        let tables = try await network.server.superuser.query(
            """
            select format('%I.%I', table_schema, table_name) from information_schema.columns
            where column_name = 'network_id' and table_schema in ('kith', 'expert_panels') order by 1
            """
        ).decode(String.self)
        var text = ""
        for table in tables {
            text +=
                try await network.server.superuser.query(
                    "select coalesce(string_agg(t::text, ',' order by t::text), '') from \(raw: table) t where network_id = \(network.id)::text::uuid"
                ).decode(String.self).first ?? ""
        }
        return text
    }
}

extension Endpoint {
    /// Whether an administrator has the right to it.
    fileprivate var isForAdministrators: Bool {
        if case .permission(let permission, _) = access { permission.roles.contains(.administrator) } else { true }
    }
}

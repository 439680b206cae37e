import Kith
import KithClient

/// A network with everything that a pool needs.
struct DemoScene {
    let files = DemoFiles()
    let networkID: String
    let administrator: KithClient
    let network: KithClient
    let panelID: String
    let panel: KithClient
    let call: String
    let userLed: String
    let trust: String

    /// Sets the scene, telling each step.
    static func prepare(_ server: KithClient, named name: String) async throws -> DemoScene {
        let created = try await networkCreated(server, name)
        let accepted = try await server.with(token: nil).post(
            "invitations/accept", ["code": .string(created.text("invitation_code"))])
        let administrator = server.with(token: try accepted.json.text("token"))
        let network = administrator.at("networks/\(try created.id)")
        step("Made the network “\(name)”, and its administrator accepted the invitation.")
        try await network.put("modules/expert_panels")
        step("Enabled the module for expert-by-experience panels.")

        let userLed = try await network.post(
            "organisations",
            ["name": "Lived Experience Collective", "kind": "user_led_organisation", "board_members": 9, "board_lived_experience": 7])
        let trust = try await network.post("organisations", ["name": "Riverside NHS Trust", "kind": "nhs_trust"])
        let programme = try await network.post(
            "programmes", ["name": "Better crisis care", "summary": "People who use crisis care shape it."])
        for (organisation, part) in [(userLed, "lead"), (trust, "partner")] {
            try await network.post(
                "programmes/\(programme.json.id)/organisations", ["organisation_id": .string(organisation.json.id), "part": .string(part)])
        }
        step("Added a user-led organisation (7 of 9 on its board have lived experience), which leads, and a trust as its partner.")
        let made = try await network.post(
            "panels",
            [
                "programme_id": .string(programme.json.id), "name": "Crisis care panel",
                "purpose": "Experts by experience who advise on crisis care for a year.",
            ])
        let panel = network.at("panels/\(try made.json.id)")
        return DemoScene(
            networkID: try created.id, administrator: administrator, network: network, panelID: try made.json.id, panel: panel,
            call: try await filledCall(panel), userLed: try userLed.json.id, trust: try trust.json.id)
    }

    /// A token of the administrator for this network, for one day.
    func dayToken() async throws -> String {
        try await administrator.post(
            "tokens", ["name": "Demo", "scopes": ["read", "write"], "expires_in_days": 1, "network_id": .string(networkID)]
        ).json.text("secret")
    }

    private static func networkCreated(_ server: KithClient, _ name: String) async throws -> JSON {
        do {
            return try await server.post("networks", ["name": .string(name), "administrator_name": "Demo administrator"]).json
        } catch let error as ClientError where error.exitStatus == .notAllowed {
            throw CommandFailure(
                """
                The demo makes a network of its own, and only the server's operator may. Run it on the machine of the server with the same \
                KITH_DATA, or set KITH_TOKEN to the operator's token.
                """, .notAllowed)
        }
    }

    private static func filledCall(_ panel: KithClient) async throws -> String {
        let files = DemoFiles()
        let call = try await panel.post(
            "opportunities",
            [
                "title": "Twenty people to shape crisis care", "seats": 20,
                "description": "Six paid meetings over a year. No CV, and a supporter can come along.",
            ]
        ).json.id
        let checked = try await panel.upload("opportunities/\(call)/volunteers/import", ["dry_run": "true"], files.volunteersFile).json
        let problems = checked["problems"]?.array?.count ?? 0
        step("Checked the file of volunteers: \(checked["rows"]?.integer ?? 0) rows, \(problems) problems. Nothing written yet.")
        let volunteers = try await panel.upload("opportunities/\(call)/volunteers/import", [:], files.volunteersFile).json
        let targets = try await panel.upload("opportunities/\(call)/targets/import", [:], files.targetsFile).json
        step("Took \(volunteers["imported"]?.integer ?? 0) volunteers and \(targets["imported"]?.integer ?? 0) targets for 20 seats.")
        return call
    }

    /// Freezes the pool and draws, showing how far it is.
    func draw() async throws -> JSON {
        let pool = try await panel.post("pools", ["opportunity_id": .string(call)]).json
        Self.step("Froze the pool. Its hash is public before the draw: \(try pool.text("hash").prefix(16))…")
        let draw = try await finish(panel.post("draws", ["pool_id": .string(pool.id)]))
        Self.step("Drew the panel, by an algorithm and a secret that were committed to first.")
        return draw
    }

    /// Waits for the job of a draw and reads the draw.
    func finish(_ started: KithClient.Answer) async throws -> JSON {
        let result = try await network.waitShowingProgress(for: started.json.id)["result"] ?? .null
        return try await panel.get("draws/\(result.text("draw_id"))").json
    }

    /// Tells what was done.
    static func step(_ sentence: String) {
        Terminal.print("✓ \(sentence)")
    }
}

import HTTPTypes
import PluginKit
import struct FoundationEssentials.UUID

/// Gives the register of a panel an address that anybody can read, or takes it away. Off until those who run the panel choose it.
enum RegisterPublications {
    static let resource = Resource(
        "RegisterPublication", "publication", table: "expert_panels.register_publications", key: "panel_id",
        [
            .moment("published_at", "Since when anybody can read it."),
            .text("page", "The address of the page.", from: address("html")),
            .text("markdown", "The address of the same in Markdown.", from: address("md")),
            .text("json", "The address of the same in JSON.", from: address("json")),
        ])

    private static func address(_ form: String) -> String {
        "'/v1/networks/' || network_id || '/registers/' || panel_id || '/register.\(form)'"
    }

    static func publish(by actor: Actor, _ panel: UUID) async throws -> Row {
        try await actor.transaction { actor in
            _ = try await actor.write(
                """
                insert into expert_panels.register_publications (network_id, panel_id, published_by)
                values (\(actor.network), \(panel), kith.current_person()) on conflict do nothing returning panel_id as id
                """)
            return try await actor.get(resource, panel)
        }
    }

    static func end(by actor: Actor, _ panel: UUID) async throws {
        try await actor.transaction { actor in
            _ = try await actor.get(Panels.resource, panel)
            _ = try await actor.write("delete from expert_panels.register_publications where panel_id = \(panel) returning panel_id as id")
        }
    }
}

extension Access {
    /// Anybody, for a register that is published.
    fileprivate static let published = Access.visitor(door: "expert_panels.enter_register", at: "panel")
}

extension Endpoint {
    static let publicRegister: [Endpoint] = [
        .get(
            "get_register_publication", "/networks/{network}/panels/{panel}/register/publication",
            "Read under which addresses anybody can read the register", .permission(.seePanel, .anywhere),
            returns: RegisterPublications.resource
        ) { try await $0.actor.get(RegisterPublications.resource, $0.id("panel")) },
        .act(
            "publish_register", method: .put, "/networks/{network}/panels/{panel}/register/publication",
            "Let anybody read the register, without an account", .permission(.managePanel, .parameter("panel")),
            records: "register.published", returns: RegisterPublications.resource, body: NoInput.self
        ) { try await RegisterPublications.publish(by: $0.actor, $0.id("panel")) },
        .end(
            "unpublish_register", "/networks/{network}/panels/{panel}/register/publication",
            "Take the public address of the register away", .permission(.managePanel, .parameter("panel")),
            records: "register.unpublished"
        ) { try await RegisterPublications.end(by: $0.actor, $0.id("panel")) },
        .value(
            "get_public_register", "/networks/{network}/registers/{panel}/register.json", "Read a published register", .published,
            returns: RecommendationRegister.schema
        ) { try await RecommendationRegister.read(by: $0.actor, of: $0.id("panel")).json }.cached(forSeconds: 60),
        .file(
            "get_public_register_page", "/networks/{network}/registers/{panel}/register.html", "Read a published register as an HTML page",
            .published, mediaType: "text/html; charset=utf-8"
        ) { try await RecommendationRegister.read(by: $0.actor, of: $0.id("panel")).html() }.cached(forSeconds: 60),
        .file(
            "get_public_register_text", "/networks/{network}/registers/{panel}/register.md", "Read a published register as Markdown",
            .published, mediaType: "text/markdown; charset=utf-8"
        ) { try await RecommendationRegister.read(by: $0.actor, of: $0.id("panel")).markdown() }.cached(forSeconds: 60),
    ]
}

/// `kith panel publish-register`
struct PanelPublishRegister: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish-register", abstract: "Give the register an address that anybody can read, or take it away with --stop.")

    @OptionGroup var panel: PanelOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Take the address away.") var stop = false

    func run() async throws {
        let client = try await panel.client()
        if stop {
            try await client.delete("register/publication")
            return Terminal.print("The register has no public address any more.")
        }
        output.show(
            try await client.put("register/publication"),
            [Column("PAGE", "page"), Column("MARKDOWN", "markdown"), Column("JSON", "json"), Column("SINCE", "published_at")])
    }
}

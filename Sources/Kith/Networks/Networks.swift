public import Postgres
import struct FoundationEssentials.UUID

/// The tenants: one user-led organisation, one programme, or a partnership of several.
public enum Networks {
    /// What the API answers for a network.
    public static let resource = Resource(
        "Network", "network", table: "kith.networks", key: "network_id",
        [
            .text("name", "What it is called."),
            .integer(
                "user_led_percent",
                "The share of a board, in percent, from which an organisation counts as user-led; it always needs a majority."),
            .version, .createdAt,
        ])

    /// What the creator of a network is told, once.
    public static let created = Resource(
        "NetworkCreated", "network", table: "kith.networks", key: "network_id",
        [
            .text("name", "What it is called."),
            .id("administrator_id", "The person who administers it."),
            .text("invitation_code", "What the administrator accepts the invitation with. Shown only now; pass it on safely."),
            .moment("invitation_expires_at", "Until when it can be accepted."),
            .version,
        ])

    /// A new network, with its first administrator.
    public struct New: Input {
        let name: String
        let userLedPercent: Int
        let administrator: String
        let email: String?

        public init(from fields: inout Fields) {
            name = fields.required("name", .text(), "What it is called.")
            userLedPercent = fields.optional(
                "user_led_percent", .integer(50...100), default: 50,
                "The share of a board, in percent, from which an organisation counts as user-led; it always needs a majority.")
            administrator = fields.required("administrator_name", .text(), "The name of its first administrator.")
            email = fields.optional("administrator_email", .email, "Where the administrator can be reached.")
        }
    }

    /// What may change about a network.
    public struct Patch: Input {
        /// The columns to set.
        public private(set) var changes = Changes()

        public init(from fields: inout Fields) {
            changes.set("name", fields.change("name", .text(), "What it is called."))
            changes.set(
                "user_led_percent",
                fields.change("user_led_percent", .integer(50...100), "The share of a board from which an organisation counts as user-led.")
            )
        }
    }

    /// Creates a network and the invitation of its first administrator. The operator who creates it cannot see into it.
    public static func create(by actor: Actor, _ new: New) async throws -> Row {
        let network = UUID.version7()
        let actor = actor.opening(network)
        let administrator = UUID.version7()
        let invitation = Secret.generate(.invitation)
        let rows = try await actor.run(
            actor.recorded(
                """
                insert into kith.networks (network_id, name, user_led_percent) values (\(network), \(new.name), \(new.userLedPercent))
                returning network_id as id, name, version
                """, as: "network.created"),
            """
            insert into kith.people (network_id, person_id, name, email) values (\(network), \(administrator), \(new.administrator), \(new.email))
            """,
            """
            insert into kith.role_grants (network_id, grant_id, person_id, role)
            values (\(network), \(UUID.version7()), \(administrator), \(Role.administrator))
            """,
            Invitations.issue(invitation, to: administrator, in: network),
            """
            select n.network_id as id, n.name, \(administrator)::uuid as administrator_id, \(invitation.text) as invitation_code,
                   i.expires_at as invitation_expires_at, n.version
            from kith.networks n join kith.invitations i using (network_id) where n.network_id = \(network)
            """)
        return try rows[4].only(created)
    }

    /// The networks of the account; all of them for the operator.
    public static func list(by actor: Actor, _ page: Page) async throws -> Rows {
        let after: Query = page.after.map { "where network_id > \($0)" } ?? ""
        return try await actor.read(
            "select \(query: resource.columns) from kith.list_networks() \(query: after) order by network_id \(query: page.oneMore)")
    }
}

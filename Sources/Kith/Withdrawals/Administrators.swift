public import Postgres
import struct FoundationEssentials.UUID

/// The last administrator of a network may leave as anybody may. The operator of the server then sees that the network has none, and can
/// invite a new one; while there is one, the operator cannot.
public enum Administrators {
    /// What the operator is told, once.
    public static let appointed = Resource(
        "AdministratorAppointed", "administrator", table: "kith.people", key: "person_id",
        [
            .id("network_id", "The network."),
            .text("invitation_code", "What they accept the invitation with. Shown only now; pass it on safely."),
        ])

    /// A new administrator.
    public struct New: Input {
        let network: UUID
        let name: String
        let email: String?

        public init(from fields: inout Fields) {
            network = fields.required("network_id", .id, "The network that has none.")
            name = fields.required("administrator_name", .text(), "The name of the new administrator.")
            email = fields.optional("administrator_email", .email, "Where they can be reached.")
        }
    }

    /// The networks that nobody administers.
    public static func missing(by actor: Actor, _ page: Page) async throws -> Rows {
        let after: Query = page.after.map { "where network_id > \($0)" } ?? ""
        return try await actor.read(
            """
            select \(query: Networks.resource.columns) from kith.networks_without_administrator() \(query: after)
            order by network_id \(query: page.oneMore)
            """)
    }

    /// Invites an administrator to a network that has none.
    public static func appoint(by actor: Actor, _ new: New) async throws -> Row {
        let secret = Secret.generate(.invitation)
        return try await actor.run(
            """
            select kith.appoint_administrator(\(new.network), \(actor.newID), \(UUID.version7()), \(UUID.version7()), \(secret.hash), \(new.name),
                                              \(new.email))
            """,
            actor.recorded("select \(actor.newID)::uuid as id", about: actor.newID),
            "select \(actor.newID)::uuid as id, \(new.network)::uuid as network_id, \(secret.text) as invitation_code"
        )[2].only(appointed)
    }
}

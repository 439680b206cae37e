public import Postgres
import struct FoundationEssentials.UUID

/// The people of a network. A person may have no account: post and phone reach them too.
public enum People {
    /// How a person wants to be reached.
    public enum Channel: String, Sendable, CaseIterable, PostgresCodable {
        case email, post, phone
    }

    /// What the API answers for a person.
    public static let resource = Resource(
        "Person", "person", table: "kith.people", key: "person_id",
        [
            .text("name", "What they are called."),
            .text("email", "Where mail reaches them.").orNull,
            .text("phone", "Where a call reaches them.").orNull,
            .text("postal_address", "Where a letter reaches them.").orNull,
            .choice("contact_by", Channel.self, "How they want to be reached."),
            .boolean("has_account", "Whether they can sign in.", from: "account_id is not null"),
            .moment("ended_at", "When they left.").orNull,
            .version, .createdAt,
        ])

    /// A new person.
    public struct New: Input {
        let name: String
        let email: String?
        let phone: String?
        let postalAddress: String?
        let contactBy: Channel

        public init(from fields: inout Fields) {
            name = fields.required("name", .text(), "What they are called.")
            email = fields.optional("email", .email, "Where mail reaches them.")
            phone = fields.optional("phone", .text(1...50), "Where a call reaches them.")
            postalAddress = fields.optional("postal_address", .text(1...500, lines: true), "Where a letter reaches them.")
            contactBy = fields.optional("contact_by", .choice(), default: .email, "How they want to be reached.")
        }
    }

    /// What may change about a person.
    public struct Patch: Input {
        /// The columns to set.
        public private(set) var changes = Changes()

        public init(from fields: inout Fields) {
            changes.set("name", fields.change("name", .text(), "What they are called."))
            changes.set("email", fields.clearableChange("email", .email, "Where mail reaches them."))
            changes.set("phone", fields.clearableChange("phone", .text(1...50), "Where a call reaches them."))
            changes.set(
                "postal_address", fields.clearableChange("postal_address", .text(1...500, lines: true), "Where a letter reaches them."))
            changes.set("contact_by", fields.change("contact_by", .choice(Channel.self), "How they want to be reached."))
        }
    }

    /// Adds a person.
    public static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into kith.people (network_id, person_id, name, email, phone, postal_address, contact_by)
            values (\(actor.network), \(actor.newID), \(new.name), \(new.email), \(new.phone), \(new.postalAddress), \(new.contactBy))
            returning \(query: resource.columns)
            """, about: actor.newID
        ).only(resource)
    }

    /// The person who asks.
    public static func me(by actor: Actor) async throws -> Row {
        try await actor.read("select \(query: resource.columns) from kith.people where person_id = kith.current_person()").only(resource)
    }
}

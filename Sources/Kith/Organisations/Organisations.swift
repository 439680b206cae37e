public import Postgres

/// The bodies of a network: user-led organisations, trusts, councils, charities and others.
public enum Organisations {
    /// What kind of body it is.
    public enum Kind: String, Sendable, CaseIterable, PostgresCodable {
        case userLedOrganisation = "user_led_organisation"
        case nhsTrust = "nhs_trust"
        case council, charity, university, business
        case communityGroup = "community_group"
        case other
    }

    /// What the API answers for an organisation.
    public static let resource = Resource(
        "Organisation", "organisation", table: "kith.organisations", key: "organisation_id",
        [
            .text("name", "What it is called."),
            .choice("kind", Kind.self, "What kind of body it is."),
            .integer("board_members", "How many sit on its board, as declared.").orNull,
            .integer("board_lived_experience", "How many of them have lived experience, as they declare themselves.").orNull,
            .boolean(
                "user_led",
                "Whether most of the board, and at least the network's share, has lived experience. Null while nothing is declared.",
                from: """
                    board_lived_experience * 2 > board_members and board_lived_experience * 100 >= board_members * (
                        select n.user_led_percent from kith.networks n where n.network_id = kith.current_network())
                    """
            ).orNull,
            .version, .createdAt,
        ])

    /// A new organisation.
    public struct New: Input {
        let name: String
        let kind: Kind
        let boardMembers: Int?
        let boardLivedExperience: Int?

        public init(from fields: inout Fields) {
            name = fields.required("name", .text(), "What it is called.")
            kind = fields.required("kind", .choice(), "What kind of body it is.")
            boardMembers = fields.optional("board_members", .integer(1...1000), "How many sit on its board.")
            boardLivedExperience = fields.optional(
                "board_lived_experience", .integer(0...1000), "How many of them say that they have lived experience.")
        }
    }

    /// What may change about an organisation.
    public struct Patch: Input {
        /// The columns to set.
        public private(set) var changes = Changes()

        public init(from fields: inout Fields) {
            changes.set("name", fields.change("name", .text(), "What it is called."))
            changes.set("kind", fields.change("kind", .choice(Kind.self), "What kind of body it is."))
            changes.set("board_members", fields.clearableChange("board_members", .integer(1...1000), "How many sit on its board."))
            changes.set(
                "board_lived_experience",
                fields.clearableChange(
                    "board_lived_experience", .integer(0...1000), "How many of them say that they have lived experience."))
        }
    }

    /// Which organisations to list.
    public struct Filters: Input {
        private let kind: Kind?

        public init(from fields: inout Fields) {
            kind = fields.optional("kind", .choice(), "Only this kind.")
        }

        /// The condition, or nil for all.
        public var condition: Query? { kind.map { "kind = \($0)" } }
    }

    /// Adds an organisation.
    public static func create(by actor: Actor, _ new: New) async throws -> Row {
        try await actor.write(
            """
            insert into kith.organisations (network_id, organisation_id, name, kind, board_members, board_lived_experience)
            values (\(actor.network), \(actor.newID), \(new.name), \(new.kind), \(new.boardMembers), \(new.boardLivedExperience))
            returning \(query: resource.columns)
            """
        ).only(resource)
    }
}

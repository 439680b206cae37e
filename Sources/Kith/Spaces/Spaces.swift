public import Postgres
public import struct FoundationEssentials.UUID

/// Places whose notes only their members read: a learning set, a mentoring pair, a group of peers. A plugin opens one for its activity.
///
/// Whoever opens a space is in it only if they name themselves. From then on its convenors alone decide who comes in; a new member
/// reads what is written from then on, because what was said before was said to those who were there.
public enum Spaces {
    /// What its members see of a space.
    public static let resource = Resource(
        "Space", "space", table: "kith.spaces", key: "space_id",
        [
            .text("kind", "What it is, in a word of the module that opened it."),
            .text("name", "What it is called. Not sealed."),
            .id("programme_id", "The programme that it belongs to.").orNull,
            .id("activity_id", "The activity that it belongs to.").orNull,
            .id("created_by", "Who opened it."),
            .version, .createdAt,
            .moment("ended_at", "When it ended; it can still be read.").orNull,
        ])

    /// What administrators see of a space.
    public static let counts = Resource(
        "SpaceCounts", "space", table: "kith.list_space_counts()", key: "space_id",
        [
            .text("kind", "What it is."),
            .id("programme_id", "The programme that it belongs to.").orNull,
            .id("activity_id", "The activity that it belongs to.").orNull,
            .integer("members", "How many are in it."),
            .integer("notes", "How many notes there are."),
            .date("last_note_on", "The day of the latest note.").orNull,
            .createdAt,
            .moment("ended_at", "When it ended.").orNull,
        ])

    /// A new space.
    public struct New: Input {
        let kind: String
        let name: String
        let programme: UUID?
        let activity: UUID?
        let convenors: [UUID]
        let members: [UUID]

        public init(from fields: inout Fields) {
            kind = fields.optional("kind", .kind, default: "space", "What it is, in a word, as in learning_set.")
            name = fields.required("name", .text(), "What it is called. Not sealed: put nothing confidential into it.")
            programme = fields.optional("programme_id", .id, "The programme that it belongs to.")
            activity = fields.optional("activity_id", .id, "The activity that it belongs to.")
            convenors = fields.required("convenor_ids", .list(of: .id, 1...20), "Who decides who comes in. They are members too.")
            members = fields.optional("member_ids", .list(of: .id, 0...500), default: [], "Who else is in it.")
        }

        /// A new space, for a plugin.
        public init(
            kind: String, name: String, programme: UUID? = nil, activity: UUID? = nil, convenors: [UUID], members: [UUID] = []
        ) {
            self.kind = kind
            self.name = name
            self.programme = programme
            self.activity = activity
            self.convenors = convenors
            self.members = members
        }
    }

    /// Opens a space.
    /// - Parameters:
    ///   - actor: who opens it; they are a member only if they are named as one
    ///   - new: the space
    /// - Returns: the space
    /// - Throws: ``Refusal`` where somebody who is named cannot sign in
    public static func create(by actor: Actor, _ new: New) async throws -> Row {
        let id = actor.newID
        let convenors = Set(new.convenors)
        let people = Array(convenors.union(new.members))
        return try await actor.transaction { actor in
            let rows = try await actor.run(
                actor.recorded(
                    """
                    insert into kith.spaces (network_id, space_id, kind, name, programme_id, activity_id, created_by)
                    values (\(actor.network), \(id), \(new.kind), \(new.name),
                        coalesce(\(new.programme)::uuid, (select a.programme_id from kith.activities a where a.activity_id = \(new.activity)::uuid)),
                        \(new.activity)::uuid, kith.current_person())
                    returning \(query: resource.columns)
                    """),
                """
                insert into kith.space_members (network_id, membership_id, space_id, person_id, is_convenor, added_by)
                select \(actor.network)::uuid, kith.new_id(), \(id)::uuid, p, p = any (\(Array(convenors))::uuid[]), kith.current_person()
                from unnest(\(people)::uuid[]) p where kith.may_add_member(\(id)::uuid, p)
                """,
                "select kith.tell_members(\(id), 'space.joined', \(id))")
            guard rows[1].affected == people.count else { throw cannotSignIn("/member_ids") }
            return try rows[0].only(resource)
        }
    }

    static func cannotSignIn(_ pointer: String) -> Refusal {
        .invalid([
            FieldProblem(
                pointer,
                "Somebody here is not in the network, or has no account yet. Invite them to sign in first: only they themselves can read what is written."
            )
        ])
    }

    /// Ends a space: nothing more can be written. Its members can still read it.
    public static func end(by actor: Actor, _ id: UUID) async throws {
        let ended = try await actor.write(
            """
            update kith.spaces set ended_at = now(), version = version + 1
            where space_id = \(id) and ended_at is null and space_id in (select w.space_id from kith.writable_spaces() w where w.is_convenor)
            returning space_id as id
            """)
        if !ended.isEmpty { return }
        _ = try await actor.get(resource, id)
        throw Refusal.forbidden("Only a convenor of the space can end it, once.")
    }
}

extension Format where Value == String {
    /// A word that a module chooses.
    static let kind = Format(
        ["type": "string", "pattern": "^[a-z][a-z0-9_]{0,40}$"], placeholder: "",
        expected: "a word of lower case letters, digits and underscores"
    ) { json in json.string.flatMap { $0.wholeMatch(of: /[a-z][a-z0-9_]{0,40}/) == nil ? nil : $0 } }
}

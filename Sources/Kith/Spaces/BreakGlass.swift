import Crypto
import Postgres
public import struct FoundationEssentials.UUID

/// Opening a space to two people who are not in it: one asks with a reason and for how long, a second approves, both can then read until
/// the time is over, and the members are told of the request and of the opening, with who, when, why and until when.
public enum BreakGlass {
    /// What the members and those who may ask see of a request.
    public static let resource = Resource(
        "BreakGlass", "request to open the space", table: "kith.break_glass", key: "request_id",
        [
            .id("space_id", "Which space."),
            .id("requested_by", "Who asked."),
            .moment("requested_at", "When."),
            .integer("hours", "For how many hours."),
            .id("approved_by", "Who approved.").orNull,
            .moment("approved_at", "When it was opened.").orNull,
            .moment("expires_at", "Until when the two can read.").orNull,
            .moment("ended_at", "When it was ended before its time.").orNull,
            .sealedText("reason", "Why."), .textState,
        ])

    /// A new request.
    public struct New: Input {
        let reason: String
        let hours: Int

        public init(from fields: inout Fields) {
            reason = fields.required("reason", .text(10...2000, lines: true), "Why. The members of the space read it.")
            hours = fields.required("hours", .integer(1...72), "For how many hours.")
        }
    }

    private static func place(_ space: UUID, _ request: UUID) -> SealedPlace {
        SealedPlace("kith.break_glass.sealed_reason", space, request)
    }

    /// Asks. Nothing opens until somebody else approves.
    public static func request(by actor: Actor, _ space: UUID, _ new: New) async throws -> Opened {
        guard try await holdsRole(actor, space) else { throw notAllowed }
        guard let key = try await actor.dataKey(of: .space(space)) else { throw Refusal.damaged }
        let sealed = try place(space, actor.newID).seal(Array(new.reason.utf8), in: actor.ledger, with: [key])
        let rows = try await actor.run(
            actor.recorded(
                """
                insert into kith.break_glass (network_id, request_id, space_id, requested_by, hours, sealed_reason)
                values (\(actor.network), \(actor.newID), \(space), kith.current_person(), \(new.hours), \(sealed))
                returning \(query: resource.columns)
                """),
            "select kith.tell_members(\(space), 'break_glass.requested', \(actor.newID))",
            message(.spaceOpeningRequested, space, where: "true"))
        return try Opened(rows[0].only(resource), resource, ("reason", new.reason), ("text_state", SealedText.State.readable.rawValue))
    }

    /// Approves somebody else's request: the space is open to both from now on.
    public static func approve(by actor: Actor, _ space: UUID, _ request: UUID) async throws -> Opened {
        guard try await holdsRole(actor, space) else { throw notAllowed }
        _ = try await actor.run(
            actor.recorded(
                """
                update kith.break_glass set approved_by = kith.current_person()
                where request_id = \(request) and space_id = \(space) and (approved_by is distinct from kith.current_person()) returning request_id as id
                """),
            "select kith.tell_members(\(space), 'break_glass.approved', \(request)) from kith.break_glass where request_id = \(request) and approved_at = now()",
            message(
                .spaceOpened, space,
                where: "exists (select from kith.break_glass where request_id = \(request) and approved_at = now())"))
        return try await get(by: actor, space, request)
    }

    /// Ends an opening before its time, or takes a request back.
    public static func end(by actor: Actor, _ space: UUID, _ request: UUID) async throws {
        guard try await holdsRole(actor, space) else { throw notAllowed }
        _ = try await actor.run(
            actor.recorded(
                """
                update kith.break_glass set ended_at = coalesce(ended_at, now()) where request_id = \(request) and space_id = \(space)
                returning request_id as id
                """)
        )[0].only(resource)
    }

    /// The requests to open a space, for its members and those who may ask.
    public static func list(by actor: Actor, _ space: UUID, _ page: Page) async throws -> [Opened] {
        let after: Query = page.after.map { "and request_id > \($0)" } ?? ""
        return try await read(by: actor, space, "true \(query: after) order by request_id \(query: page.oneMore)")
    }

    // To every member, who they are being no business of whoever asks.
    private static func message(_ template: MessageTemplate, _ space: UUID, where condition: Query) -> Query {
        let about = JSON.object(["space_id": .string("\(space)")])
        return "select kith.message_members(\(space), \(template.id), \(JSONText(about.description))) where \(query: condition)"
    }

    private static func get(by actor: Actor, _ space: UUID, _ request: UUID) async throws -> Opened {
        guard let opened = try await read(by: actor, space, "request_id = \(request)").first else { throw Refusal.notFound(resource.thing) }
        return opened
    }

    private static func read(by actor: Actor, _ space: UUID, _ condition: Query) async throws -> [Opened] {
        let rows = try await actor.run(
            "select where kith.holds_break_glass_role(\(space)) or exists (select from kith.readable_spaces() r where r.space_id = \(space))",
            DataKeys.find(.space(space)),
            "select \(query: resource.columns), sealed_reason as sealed from kith.break_glass where space_id = \(space) and \(query: condition)"
        )
        guard !rows[0].isEmpty else { throw Refusal.notFound("space") }
        let keyring = try actor.keyring()
        guard let row = rows[1].first else { return [] }
        guard let key = try DataKeys.open(row, of: .space(space), in: actor.ledger, keyring) else { throw Refusal.damaged }
        return try rows[2].map { row in
            let opened = try SealedText(opening: row["sealed"], at: place(space, row["id"]), in: actor.ledger, with: [key])
            return Opened(row, resource, ("reason", opened.text), ("text_state", opened.state.rawValue))
        }
    }

    private static func holdsRole(_ actor: Actor, _ space: UUID) async throws -> Bool {
        try await actor.read("select kith.holds_break_glass_role(\(space))").decode(Bool.self).first ?? false
    }

    // The same whether there is such a space or not.
    private static let notAllowed = Refusal.notFound("space")
}

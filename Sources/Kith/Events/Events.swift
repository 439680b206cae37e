public import Postgres
import struct FoundationEssentials.UUID

/// What happened in a network, by kind and id, in the order in which it came to stand.
public enum Events {
    /// What the stream carries for an event.
    public static let resource = Resource(
        "Event", "event", table: "kith.events", key: "event_id",
        [
            .text("kind", "What happened."),
            .id("subject_id", "To what."),
            .moment("at", "When."),
            .integer("position", "Its place in the order."),
        ])

    /// The position of the latest event.
    public static func latest(by actor: Actor) async throws -> Int64 {
        try await actor.read(
            "select coalesce((select position from kith.events where network_id = kith.current_network() and position is not null order by position desc limit 1), 0) as position"
        ).first?["position", as: Int64.self] ?? 0
    }

    /// Events after a position, at most 100. Asks at the door each time, so that a role that has ended ends the stream.
    public static func after(_ position: Int64, by actor: Actor) async throws -> Rows {
        try await actor.read(
            """
            select \(query: resource.columns) from kith.events
            where network_id = kith.current_network() and position > \(position) order by position limit 100
            """)
    }
}

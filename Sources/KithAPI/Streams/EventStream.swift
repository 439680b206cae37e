public import Kith
import Postgres
import ServiceLifecycle

/// A stream of server-sent events that begins after a known event and goes on for as long as its reader may follow.
public struct EventStream: Sendable {
    let start: Int64
    let actor: Actor
    let wakeups: AsyncStream<Void>

    /// Makes a stream.
    /// - Parameters:
    ///   - start: the position after which it begins
    ///   - actor: who follows; asked at the door whenever there is something new
    ///   - wakeups: when to look
    public init(after start: Int64, for actor: Actor, wakeups: AsyncStream<Void>) {
        self.start = start
        self.actor = actor
        self.wakeups = wakeups
    }

    /// Writes what is new, again and again, until the reader leaves, may no longer follow, or the server stops.
    func write(to send: (_ chunk: [UInt8]) async throws -> Void) async throws {
        var position = start
        // Its own end at the stop of the server: the server waits for its connections before it stops what wakes them.
        for try await _ in wakeups.cancelOnGracefulShutdown() {
            var rows: Rows
            repeat {
                do {
                    rows = try await Events.after(position, by: actor)
                } catch let refusal as Refusal where refusal.kind != .unavailable {
                    try await send(Array("event: end\ndata: {\"reason\":\"You may no longer follow this.\"}\n\n".utf8))
                    return
                }
                if rows.isEmpty {
                    // A comment now and then shows that both ends are still there.
                    try await send(Array(":\n\n".utf8))
                    break
                }
                var chunk: [UInt8] = []
                for row in rows {
                    position = try row["position", as: Int64.self]
                    chunk.append(contentsOf: "id: \(position)\nevent: \(try row["kind", as: String.self])\ndata: ".utf8)
                    row.appendJSON(into: &chunk)
                    chunk.append(contentsOf: "\n\n".utf8)
                }
                try await send(chunk)
            } while rows.count == 100
        }
    }
}

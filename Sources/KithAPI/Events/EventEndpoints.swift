import Kith

extension Endpoint {
    static func events(_ wakeups: Wakeups) -> [Endpoint] {
        [
            .follow(
                "follow_events", "/networks/{network}/events", "Follow what happens, by kind and id", .permission(.followEvents, .anywhere)
            ) { call, lastID in
                let start: Int64
                if let lastID {
                    guard let position = Int64(lastID), position >= 0 else {
                        throw Refusal.invalid([FieldProblem("Last-Event-ID", "This must be the id of an event, a whole number.")])
                    }
                    start = position
                    // Shows at once whether the person may follow.
                    _ = try await Events.after(position, by: call.actor)
                } else {
                    start = try await Events.latest(by: call.actor)
                }
                return EventStream(after: start, for: call.actor, wakeups: wakeups.events(in: call.id("network")))
            }
        ]
    }
}

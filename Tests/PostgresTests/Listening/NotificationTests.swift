import Logging
import Testing

@testable import Postgres

@Suite struct NotificationTests {
    private func withListener(
        _ configuration: PostgresConfiguration, _ channels: [String],
        _ body: (AsyncStream<PostgresNotifications.Event>, PostgresNotifications) async throws -> Void
    ) async throws {
        let notifications = PostgresNotifications(configuration: configuration, channels: channels, logger: Logger(label: "test"))
        let events = notifications.events()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await notifications.run() }
            try await body(events, notifications)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func nextNotification(
        _ iterator: inout AsyncStream<PostgresNotifications.Event>.Iterator
    ) async throws -> PostgresNotifications.Notification {
        guard case .notification(let notification) = await iterator.next(isolation: #isolation) else { throw NoNotification() }
        return notification
    }

    private struct NoNotification: Error {}

    @Test func `notifications arrive in order, on the channels asked for`() async throws {
        try await withClient { client in
            let channel = "Odd \"channel\" \(client.configuration.applicationName ?? "")"
            try await withListener(client.configuration, [channel, "\(channel)2"]) { events, _ in
                var iterator = events.makeAsyncIterator()
                #expect(await iterator.next() == .reconnected)
                for number in 0..<200 { try await client.query("select pg_notify(\(channel), \(String(number)))") }
                try await client.query("select pg_notify('elsewhere', 'x')")
                try await client.query("select pg_notify(\(channel + "2"), \(nastyText.joined()))")
                for number in 0..<200 {
                    let notification = try await nextNotification(&iterator)
                    #expect(notification.channel == channel)
                    #expect(notification.payload == String(number))
                }
                let last = try await nextNotification(&iterator)
                #expect(last.payload == nastyText.joined())
            }
        }
    }

    @Test func `a lost connection is made again, and the subscriber is told`() async throws {
        try await withClient { client in
            var configuration = client.configuration
            configuration.applicationName = "listener of \(client.configuration.applicationName ?? "")"
            let name = configuration.applicationName
            try await withListener(configuration, ["c"]) { events, _ in
                var iterator = events.makeAsyncIterator()
                for _ in 0..<3 {
                    #expect(await iterator.next() == .reconnected)
                    try await client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = \(name)")
                }
                #expect(await iterator.next() == .reconnected)
                try await client.query("notify c, 'again'")
                let notification = try await nextNotification(&iterator)
                #expect(notification.payload == "again")
            }
        }
    }

    @Test func `a subscriber that falls behind is told that it missed something`() async throws {
        try await withClient { client in
            try await withListener(client.configuration, ["many"]) { events, notifications in
                var iterator = events.makeAsyncIterator()
                #expect(await iterator.next() == .reconnected)
                // A second subscriber that keeps up tells when all have been delivered.
                var other = notifications.events().makeAsyncIterator()
                let total = PostgresNotifications.bufferedEvents + 500
                for first in stride(from: 0, to: total, by: 100) {
                    try await client.query("select pg_notify('many', n::text) from generate_series(\(first), \(first + 99)) as n")
                    for _ in 0..<100 { _ = await other.next() }
                }
                var seen = 0
                while case .notification = await iterator.next() {
                    seen += 1
                    if seen == PostgresNotifications.bufferedEvents { try await client.query("notify many, 'late'") }
                }
                #expect(seen == PostgresNotifications.bufferedEvents)
                let late = try await nextNotification(&iterator)
                #expect(late.payload == "late")
            }
        }
    }

    @Test func `the streams end with the service`() async throws {
        try await withClient { client in
            var escaped: AsyncStream<PostgresNotifications.Event>?
            try await withListener(client.configuration, ["c"]) { events, _ in escaped = events }
            for await _ in try #require(escaped) {}
        }
    }
}

import EmbeddedPostgres
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

@Suite struct EventPublisherTests {
    @Test func `Two publishers at once do not number an event twice`() async throws {
        try await TestCluster.shared.withDatabase(Distribution([])) { database in
            try await database.withClient(as: ConnectionDetails.superuser) { superuser in
                _ = try await superuser.query(
                    """
                    insert into kith.events (network_id, event_id, kind, subject_id)
                    select gen_random_uuid(), gen_random_uuid(), 'person.created', gen_random_uuid() from generate_series(1, 20)
                    """)
                try await database.withClient(as: ConnectionDetails.app) { app in
                    try await app.withTransaction { first in
                        #expect(try await first.query("select kith.publish_events(20)").decode(Int.self) == [20])
                        // The second neither waits for the first nor numbers what the first has numbered.
                        let second = try await superuser.query("select kith.publish_events(20)", deadline: .seconds(5)).decode(Int.self)
                        #expect(second == [0])
                    }
                }
                let positions = try await superuser.query("select position from kith.events").decode(Int.self)
                #expect(positions.sorted() == Array(1...20))
            }
        }
    }
}

import Kith
import Postgres
import struct FoundationEssentials.UUID

/// A network with somebody and something of every kind that the core has.
struct Population {
    let network = UUID.version7()
    let programme = UUID.version7()
    let organisation = UUID.version7()
    let activities = [UUID.version7(), .version7()]
    let meetings = [UUID.version7(), .version7()]
    let person: UUID
    let other: UUID
    private let accounts = [UUID.version7(), .version7()]

    func account(of person: UUID) -> UUID { accounts[person == self.person ? 0 : 1] }

    /// Fills the core's tables.
    @discardableResult
    static func core(_ superuser: PostgresClient) async throws -> Population {
        let here = Population(person: .version7(), other: .version7())
        let (network, organisation) = (here.network, here.organisation)
        var statements: [Query] = [
            "insert into kith.networks (network_id, name) values (\(network), 'A network')",
            "insert into kith.programmes (network_id, programme_id, name) values (\(network), \(here.programme), 'A programme')",
            """
            insert into kith.organisations (network_id, organisation_id, name, kind) values (\(network), \(organisation), 'A charity', 'charity')
            """,
        ]
        statements += here.activities.map { activity in
            """
            insert into kith.activities (network_id, activity_id, programme_id, plugin, name)
            values (\(network), \(activity), \(here.programme), 'any', 'An activity')
            """
        }
        statements += zip(here.meetings, here.activities).map { meeting, activity in
            """
            insert into kith.meetings (network_id, meeting_id, activity_id, title, starts_at, ends_at, phone)
            values (\(network), \(meeting), \(activity), 'A meeting', now(), now() + interval '1 hour', '0')
            """
        }
        for person in [here.person, here.other] {
            let account = here.account(of: person)
            statements += [
                "insert into kith.accounts (account_id) values (\(account))",
                "insert into kith.people (network_id, person_id, account_id, name) values (\(network), \(person), \(account), 'A person')",
                """
                insert into kith.affiliations (network_id, affiliation_id, person_id, organisation_id, role)
                values (\(network), \(UUID.version7()), \(person), \(organisation), 'Member')
                """,
                """
                insert into kith.role_grants (network_id, grant_id, person_id, role) values (\(network), \(UUID.version7()), \(person), 'participant')
                """,
            ]
        }
        _ = try await superuser.batch(statements)
        return here
    }
}

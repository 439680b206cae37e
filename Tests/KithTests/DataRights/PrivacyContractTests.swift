import ExpertPanels
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

/// The core's own privacy contract, held against PostgreSQL's catalogue.
@Suite struct PrivacyContractTests {
    @Test func `Every column of every table of the core is classified`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let catalogue = try await Catalogue.read(schema: "kith", server.superuser)
            for table in catalogue.tables {
                // Identifiers are what ledgers keep of a person; everything else is somebody's or nobody's.
                for column in table.columns where column.type != "uuid" {
                    #expect(
                        PrivacyContract.core.declares("kith.\(table.name)", column.name),
                        "kith.\(table.name).\(column.name) is in no privacy contract: add it in the folder of its concept (PrivacyContract+….swift)."
                    )
                }
            }
        }
    }

    @Test func `Every column of the contract is in the schema`() async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            for contract in try Distribution([ExpertPanels.self]).contracts {
                for holding in contract.holdings {
                    let columns = holding.columns.joined(separator: ", ")
                    await #expect(throws: Never.self, "\(holding.title)") {
                        try await server.superuser.query("select \(raw: columns) from \(raw: holding.table) limit 0")
                    }
                }
            }
        }
    }

    @Test func `Each retention rule has a name of its own and starts within its limits`() throws {
        let rules = try Distribution([ExpertPanels.self]).contracts.flatMap(\.holdings).compactMap(\.retention.rule)
        #expect(rules.count > 3)
        #expect(Set(rules.map(\.name)).count == rules.count)
        for rule in rules { #expect(rule.limits.contains(rule.days), "\(rule.name)") }
    }

    @Test func `Every table that is about a person hides those whose data is restricted`() async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            let open = try await server.superuser.query(
                """
                select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'person_id'
                join pg_attribute n on n.attrelid = c.oid and n.attname = 'network_id'
                where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in ('kith', 'expert_panels') and not exists (
                    select from pg_policy p where p.polrelid = c.oid and p.polname = 'not_restricted' and not p.polpermissive)
                order by 1
                """
            ).decode(String.self)
            // Ledgers, the outbox, and the requests themselves: they hold ids, and administrators answer them. Who has withdrawn is not
            // asked again, their data being restricted or not.
            #expect(
                open == [
                    "kith.audit_entries", "kith.data_requests", "kith.events", "kith.exports", "kith.rectifications", "kith.restrictions",
                    "kith.withdrawals",
                ])
        }
    }
}

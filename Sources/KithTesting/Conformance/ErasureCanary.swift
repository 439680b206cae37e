import EmbeddedPostgres
import Foundation
import Kith
package import KithServer
import PluginKit
import Postgres
package import struct FoundationEssentials.UUID

/// Somebody of whom every column of every table that is about people tells the same word, by the catalogue and not by hand: what is left of
/// it after an erasure was missed.
package struct ErasureCanary: Sendable {
    /// Whose erasure is tried, and in which network.
    package let person: UUID, network: UUID
    /// The words that must go; those of the other person must stay.
    package static let ofPerson = ["\(SampleRows.marker) 0", "\(SampleRows.marker)0", "canary0@"], ofOther = "\(SampleRows.marker) 1"

    /// Fills the tables of the core and of each plugin for two people.
    /// - Parameters:
    ///   - server: the server
    ///   - distribution: its plugins
    ///   - values: SQL expressions, by `table.column`, for columns whose constraints allow no other
    /// - Returns: the canary, and the tables that could not be filled, each with the reason
    /// - Throws: where the database cannot be read
    package static func fill(
        _ server: TestServer, _ distribution: Distribution, filling values: [String: String] = [:]
    ) async throws -> (canary: ErasureCanary, unfilled: [String: String]) {
        let people = try await Population.core(server.superuser)
        var unfilled: [String: String] = [:]
        for (schema, contract) in zip(["kith"] + distribution.plugins.map { $0.id }, distribution.contracts) {
            let catalogue = try await Catalogue.read(schema: schema, server.superuser)
            let rows = SampleRows(catalogue, filling: values, people) { table, column in
                contract.impersonal["\(schema).\(table).\(column)"] == nil && contract.impersonal["\(table).\(column)"] == nil
                    && contract.impersonal["\(schema).\(table).*"] == nil
            }
            for (table, reason) in try await rows.insert(server.superuser) { unfilled["\(schema).\(table)"] = reason }
        }
        for (number, person) in [people.person, people.other].enumerated() {
            let words = "\(SampleRows.marker) \(number)"
            _ = try await server.superuser.batch([
                "update kith.people set name = \(words), email = \(words), phone = \(words), postal_address = \(words) where person_id = \(person)",
                "update kith.accounts set email = \("canary\(number)@example.org") where account_id = \(people.account(of: person))",
                "update kith.affiliations set role = \(words) where person_id = \(person)",
            ])
        }
        return (ErasureCanary(person: people.person, network: people.network), unfilled)
    }

    /// Everything that is in a database, as `pg_dump` writes it.
    package static func dump(_ server: TestServer) throws -> String {
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "/usr/bin/pg_dump")
        program.arguments = ["--dbname", server.database.configuration(as: ConnectionDetails.superuser).connectionString]
        let output = Pipe()
        program.standardOutput = output
        try program.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        program.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}

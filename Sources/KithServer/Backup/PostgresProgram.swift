import Postgres
import Subprocess
import SystemPackage

/// One of PostgreSQL's own programs, run to its end against a database.
struct PostgresProgram: Sendable {
    let name: String
    let connection: ConnectionParameters

    /// Runs it.
    /// - Throws: ``Server/Failure`` with what the program said
    func run(_ arguments: [String]) async throws {
        // In the environment and not among the arguments: those can be read by every user of the machine.
        var variables: [Environment.Key: String?] = ["LC_ALL": "C"]
        for (name, value) in connection.environment { variables[Environment.Key(rawValue: name) ?? ""] = value }
        let output: String
        do {
            let ended = try await Subprocess.run(
                .name(name), arguments: Arguments(arguments), environment: .inherit.updating(variables), output: .discarded,
                error: .string(limit: 1 << 16))
            if ended.terminationStatus.isSuccess { return }
            output = ended.standardError
        } catch {
            throw Server.Failure(description: "\(name) could not be run: \(error). Install the package postgresql-client.")
        }
        let last = output.split(whereSeparator: \.isNewline).prefix(3).joined(separator: " ")
        throw Server.Failure(description: "\(name) failed: \(last)")
    }
}

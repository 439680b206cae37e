import EmbeddedPostgres
import Glibc
import Logging
import Subprocess
import SystemPackage

/// A new folder for one test, removed when the test is done with it.
final class Scratch: Sendable {
    let folder: String

    init() {
        let template = Array("/tmp/kith-test-XXXXXX".utf8CString)
        folder = template.withUnsafeBufferPointer { buffer in
            var name = Array(buffer)
            mkdtemp(&name)
            // Open to pass through, as the folders that data folders are in mostly are.
            chmod(name, 0o711)
            return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    func cluster(
        _ folder: String? = nil, _ durability: EmbeddedCluster.Configuration.Durability = .disposable,
        connections: Int = 20, binaries: String? = nil
    ) -> EmbeddedCluster {
        var configuration = EmbeddedCluster.Configuration(folder: folder ?? self.folder + "/data")
        configuration.durability = durability
        configuration.maximumConnections = connections
        configuration.binaries = binaries
        return EmbeddedCluster(configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func remove() async { _ = await shell("rm -rf -- '\(folder)'") }
}

/// A new folder that is gone when `body` is done.
func withScratch(_ body: (Scratch) async throws -> Void) async throws {
    let scratch = Scratch()
    do {
        try await body(scratch)
        await scratch.remove()
    } catch {
        await scratch.remove()
        throw error
    }
}

/// Runs a shell command.
///
/// - Returns: Whether it succeeded, and what it printed.
func shell(_ command: String, environment: [String: String] = [:]) async -> (succeeded: Bool, output: String) {
    let additions = environment.map { (Environment.Key(rawValue: $0) ?? "", Optional($1)) }
    do {
        let result = try await run(
            .path("/bin/sh"), arguments: ["-c", command],
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: additions)), output: .string(limit: 1 << 20),
            error: .combinedWithOutput)
        let lines = result.standardOutput.split(separator: "\n")
        return (result.terminationStatus.isSuccess, lines.joined(separator: "\n"))
    } catch {
        return (false, "\(error)")
    }
}

/// Runs a statement with `psql`.
///
/// - Returns: The rows without decoration, or the error that `psql` printed.
func psql(
    _ details: ConnectionDetails, _ statement: String, user: String = ConnectionDetails.app,
    database: String = ConnectionDetails.database
) async -> String {
    await psql(details.connectionString(user: user, database: database), statement)
}

/// Runs a statement with `psql` over any connection string.
func psql(_ connection: String, _ statement: String) async -> String {
    await shell(#"psql -w -X -A -t -c "$STATEMENT" "$CONNECTION""#, environment: ["STATEMENT": statement, "CONNECTION": connection]).output
}

/// The processes of the cluster in a folder, by their command lines.
func processes(of folder: String) async -> [pid_t] {
    // The brackets keep the shell's own command line from matching.
    await shell("pgrep -f -- '[/]postgres -D \(folder)/cluster/data'").output.split(separator: "\n").compactMap { pid_t($0) }
}

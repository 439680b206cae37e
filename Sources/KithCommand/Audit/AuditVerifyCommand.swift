import ArgumentParser
import Kith
import KithClient
import KithServer
import Postgres
import struct FoundationEssentials.Data
import class FoundationEssentials.FileManager
import struct FoundationEssentials.URL
import struct FoundationEssentials.UUID

/// `kith audit verify`
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find out whether anybody has changed the audit log since it was signed.",
        discussion: """
            Compares every entry with the signed checkpoints, and names the first that was changed, deleted, moved or put in, also by somebody \
            with every right on the database. Needs the owner's connection. What was written after the checkpoint is compared with the tree in \
            the database only; whoever can write to the database could have put that in.

            Ends with 0 where all is as it was signed, with 66 where it is not, and with another code where it could not be told.
            """)

    @Option(
        name: .customLong("checkpoint"), parsing: .upToNextOption,
        help: "Files of checkpoints. By default the last one of each network, in the folder of KITH_CHECKPOINTS.")
    var files: [String] = []

    @OptionGroup var key: AuditKeyOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let database = Database()
        let folder = CheckpointFolder(database.configuration.checkpointFolder)
        let keys = try key.publicKeys()
        // The hashes that lie beside them in their folder are found from there.
        let files = try self.files.isEmpty ? folder.checkpointFiles : self.files.filter { !$0.hasSuffix(".leaves") }
        guard !files.isEmpty else {
            throw CommandFailure("There is no checkpoint in \(folder.path). Make one with: kith audit checkpoint", .badData)
        }
        var networks: [UUID: (checkpoints: [AuditCheckpoint], leaves: Data?)] = [:]
        for file in files {
            let checkpoint = try AuditCheckpoint(String(decoding: Terminal.read(file: file), as: UTF8.self), signedBy: keys)
            let beside = CheckpointFolder(String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]))
            var known = networks[checkpoint.network] ?? ([], nil)
            known.checkpoints.append(checkpoint)
            known.leaves = try known.leaves ?? Self.leaves(of: checkpoint.network, in: [beside, folder])
            networks[checkpoint.network] = known
        }
        let logs = networks.sorted { $0.key.uuidString < $1.key.uuidString }
        let findings = try await database.withOwner { client in
            var findings: [(UUID, Int, AuditVerification.Finding?)] = []
            for (network, known) in logs {
                let verification = AuditVerification(known.checkpoints, leaves: known.leaves)
                let finding = try await client.withTransaction(isolation: .repeatableRead, readOnly: true) {
                    try await verification.firstFinding($0)
                }
                findings.append((network, known.checkpoints.map(\.size).max() ?? 0, finding))
            }
            return findings
        }
        show(findings)
        if findings.contains(where: { $0.2 != nil }) { throw ExitCode(CommandStatus.tampered.rawValue) }
    }

    private static func leaves(of network: UUID, in folders: [CheckpointFolder]) throws -> Data? {
        for file in folders.map({ $0.leavesFile(of: network) }) where FileManager.default.fileExists(atPath: file) {
            return try Data(contentsOf: URL(filePath: file), options: .alwaysMapped)
        }
        return nil
    }

    private func show(_ findings: [(network: UUID, size: Int, finding: AuditVerification.Finding?)]) {
        if output.isJSON {
            let items = findings.map { network, size, finding -> JSON in
                [
                    "network_id": .string("\(network)".lowercased()), "size": .integer(Int64(size)), "is_as_signed": .bool(finding == nil),
                    "finding": finding.map { .string($0.kind.rawValue) } ?? .null,
                    "position": finding?.position.map { .integer(Int64($0)) } ?? .null,
                    "entry_id": finding?.entry.map { .string("\($0)".lowercased()) } ?? .null,
                ]
            }
            return Terminal.print(JSON.object(["items": .array(items)]).description)
        }
        for (network, size, finding) in findings {
            let name = "\(network)".lowercased()
            Terminal.print(finding.map { "\(name): \($0.sentence)" } ?? "\(name): as it was signed, at \(size) entries.")
        }
    }
}

extension AuditVerification.Finding {
    /// What is wrong, for people.
    var sentence: String {
        let number = position.map { "number \($0 + 1)" } ?? "without a number"
        let entry = entry.map { "the entry \("\($0)".lowercased()) (\(number))" } ?? "the entry \(number)"
        return switch kind {
        case .changed: "CHANGED. The first that is not as it was signed is \(entry)."
        case .missing: "DELETED. The first that is not there any more is \(entry)."
        case .inserted: "PUT IN. The first that was not there when it was signed is \(entry)."
        case .misplaced: "CHANGED. The hash that the database keeps of \(entry) is wrong; the entry itself is as it was signed."
        case .leavesChanged:
            "The hashes beside the checkpoint are not what was signed. Put the file back from a copy, or move it away to compare without it."
        case .rootChanged: "CHANGED. The log is not what was signed. Which entry cannot be told without the file of hashes (.leaves)."
        case .checkpointsDiffer: "Two signed checkpoints contradict each other: the key has signed two different logs."
        }
    }
}

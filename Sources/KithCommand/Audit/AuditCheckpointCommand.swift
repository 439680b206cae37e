import ArgumentParser
import Kith
import KithClient
import KithServer
import Postgres
import struct FoundationEssentials.UUID

/// `kith audit checkpoint`
struct AuditCheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Sign what the audit log of every network is now, and keep it outside the database.",
        discussion: """
            Writes into the folder of KITH_CHECKPOINTS, of each network the signed checkpoint and the hashes by which kith audit verify names \
            the first entry that was changed. The server does the same every KITH_CHECKPOINT_SECONDS. Copy the folder to another machine: \
            whoever can write to the folder and read the keyring can sign again. Ends with 66 where the log is not what was signed before.
            """)

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let database = Database()
        let folder = CheckpointFolder(database.configuration.checkpointFolder)
        let checkpoints = try await database.withAccess { access in
            try await DatabaseAccess.withClient(access.server, database.logger) { client in
                var trees: [UUID: HashTree.Frontier] = [:]
                return try await CheckpointWriter(client: client, folder: folder, keyring: KeysCommand.file).write(&trees)
            }
        }
        let items = checkpoints.map { checkpoint -> JSON in
            [
                "network_id": .string("\(checkpoint.network)".lowercased()), "size": .integer(Int64(checkpoint.size)),
                "file": .string(folder.checkpointFile(of: checkpoint.network)),
            ]
        }
        output.show(
            list: ["items": .array(items), "next": .null],
            [Column("NETWORK", "network_id"), Column("ENTRIES", "size"), Column("FILE", "file")],
            ifEmpty: "There is no entry yet, so there is nothing to sign.")
    }
}

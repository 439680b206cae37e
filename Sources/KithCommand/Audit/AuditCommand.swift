import ArgumentParser
import Kith
import KithClient

/// `kith audit`
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Who did what, and whether the log of it is as it was signed.",
        subcommands: [List.self, Proof.self, VerifyProof.self, AuditCheckpointCommand.self, AuditVerifyCommand.self, AuditKeyCommand.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List who did what in the network.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Only what was done to this.") var subject: String?

        func run() async throws {
            output.show(
                list: try await place.client().list("audit-entries", ["subject_id": subject], most: list.most),
                [
                    Column("ID", "id"), Column("AT", "at"), Column("WHAT", "action"), Column("BY PERSON", "person_id"),
                    Column("TO", "subject_id"), Column("REQUEST", "request_id"),
                ])
        }
    }

    struct Proof: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "proof", abstract: "Print the proof that an entry is in the log, for somebody who does not trust this server.",
            discussion: "The proof is JSON. It is checked without a server: kith audit verify-proof FILE --key KEY")

        @OptionGroup var place: NetworkOptions
        @Argument(help: "The entry's id.") var entry: String

        func run() async throws {
            Terminal.print(try await place.client().get("audit-entries/\(entry)/proof").json.description)
        }
    }

    struct VerifyProof: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify-proof", abstract: "Check a proof. Needs no server and no database.",
            discussion: "Ends with 0 where the proof holds, and with 66 where it does not.")

        @OptionGroup var key: AuditKeyOptions
        @Argument(help: "The file of the proof, or - for the standard input.") var file: String

        func run() throws {
            let checkpoint = try AuditProof.check(JSON(reading: Terminal.read(file: file)), signedBy: key.publicKeys())
            Terminal.print(
                "The proof holds: it leads to the signed checkpoint, at \(checkpoint.size) entries, of the network "
                    + "\("\(checkpoint.network)".lowercased()).")
        }
    }
}

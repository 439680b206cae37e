import ArgumentParser
import Kith
import KithClient

/// `kith administrator`
struct AdministratorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "administrator", abstract: "Networks that nobody administers. For the operator of the server.",
        subcommands: [Missing.self, Appoint.self])

    struct Missing: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "missing", abstract: "List the networks whose last administrator has left.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await connection.operatorClient().list("networks-without-administrator", most: list.most),
                [Column("ID", "id"), Column("NAME", "name")], ifEmpty: "Every network has an administrator.")
        }
    }

    struct Appoint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "appoint", abstract: "Invite an administrator to a network that has none.",
            discussion: "Refused while the network has one.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The network's id.") var network: String
        @Argument(help: "The name of the new administrator.") var name: String
        @Option(help: "Where they can be reached.") var email: String?

        func run() async throws {
            let body = JSON.members([
                "network_id": .string(network), "administrator_name": .string(name), "administrator_email": email.map(JSON.string),
            ])
            output.show(
                try await connection.operatorClient().post("administrators", body),
                [Column("Network", "network_id"), Column("Administrator", "id"), Column("Invitation code", "invitation_code")])
            output.say("\nThe code is shown only now. It is accepted with: kith invitation accept")
        }
    }
}

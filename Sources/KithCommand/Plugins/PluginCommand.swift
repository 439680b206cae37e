import ArgumentParser
import Kith
import KithAPI
import KithClient
import KithServer
import PluginKit

/// `kith plugin`
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "The modules of this server, and which of them a network uses.",
        subcommands: [List.self, Enable.self, Disable.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the modules.",
            discussion: "Needs no server and no database. Signed in to a server, it also says whether your network uses each module.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let known = try KithCommand.distribution().manifests.map { manifest -> JSON in
                [
                    "id": .string(manifest.id), "title": .string(manifest.title), "summary": .string(manifest.summary),
                    "version": .string(manifest.version), "requirements": .array(manifest.requirements.map(JSON.string)), "enabled": .null,
                ]
            }
            let columns = [
                Column("ID", "id"), Column("VERSION", "version"), Column("USED HERE", "enabled"), Column("NEEDS", "requirements"),
                Column("WHAT IT IS FOR", "summary"),
            ]
            output.show(list: try await inNetwork() ?? ["items": .array(known), "next": .null], columns)
        }

        // Without a server, or without a token for it, the modules of this program are listed; a network that is named must be there.
        private func inNetwork() async throws -> JSON? {
            do {
                return try await place.client().get("modules").json
            } catch let error as ClientError where place.network == nil && [.unreachable, .notAllowed].contains(error.exitStatus) {
                return nil
            } catch is CommandFailure where place.network == nil {
                return nil
            }
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "enable", abstract: "Use a module in the network.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id, from: kith plugin list", completion: .list(KithCommand.plugins.map { $0.id })) var plugin: String

        func run() async throws {
            try await place.client().put("modules/\(plugin)")
            output.say("The network uses \(plugin).")
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable", abstract: "Stop using a module in the network.",
            discussion: "Its data is kept, and nothing can reach it until the module is used again.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id, from: kith plugin list", completion: .list(KithCommand.plugins.map { $0.id })) var plugin: String

        func run() async throws {
            try await place.client().delete("modules/\(plugin)")
            output.say("The network does not use \(plugin) any more. Its data is kept.")
        }
    }
}

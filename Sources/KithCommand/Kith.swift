import ArgumentParser
import ExpertPanels
import KithServer

/// The `kith` command.
@main
struct KithCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kith", abstract: "Co-production and peer networks: a server and its command line.", version: kithVersion,
        subcommands: [Serve.self])

    /// The plugins of this server. A site adds its own here.
    static func distribution() throws -> Distribution {
        try Distribution([ExpertPanels.self])
    }
}

import ArgumentParser

/// `kith allocate`
struct Allocate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allocate", abstract: "Draw from files, without a server or a database.",
        subcommands: [AllocatePanel.self, AllocateCommit.self, AllocateReveal.self, AllocateWhatIf.self])
}

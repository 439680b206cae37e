import ArgumentParser
import ExpertPanels
import KithAPI
import KithClient
import KithServer
import PluginKit

/// The `kith` command.
@main
struct KithCommand: AsyncParsableCommand {
    /// The plugins of this server. A site adds its own here.
    static let plugins: [any Plugin.Type] = [ExpertPanels.self]

    static func distribution() throws -> Distribution {
        try Distribution(plugins)
    }

    static let configuration = CommandConfiguration(
        commandName: "kith", abstract: "Co-production and peer networks: a server and its command line.",
        discussion: """
            Where the server is: --url or KITH_URL, by default this machine at KITH_PORT or 8080. Who you are: KITH_TOKEN, or the token that \
            `kith invitation accept` or `kith token use` has kept. A secret is never an argument: commands read it from the standard input.

            Results are tables for people and JSON with --json. Long work shows its progress where a terminal is attached.

            Exit codes:
            \(CommandStatus.allCases.map { "  \($0.rawValue)\(String(repeating: " ", count: 5 - "\($0.rawValue)".count))\($0.meaning)" }
                .joined(separator: "\n"))

            Shell completion: kith --generate-completion-script bash (or zsh, fish).
            """,
        version: kithVersion,
        groupedSubcommands: [
            CommandGroup(
                name: "Server",
                subcommands: [
                    Serve.self, Migrate.self, Doctor.self, Demo.self, OperatorCommand.self, KeysCommand.self, AdministratorCommand.self,
                    BackupCommand.self, RestoreCommand.self,
                    OpenAPICommand.self,
                ]),
            CommandGroup(
                name: "Network",
                subcommands: [
                    NetworkCommand.self, OrganisationCommand.self, PersonCommand.self, ProgrammeCommand.self, RoleCommand.self,
                    MeetingCommand.self, NeedCommand.self, PluginCommand.self, SettingCommand.self, JobCommand.self, AuditCommand.self,
                    EventsCommand.self, MessageCommand.self, LetterCommand.self, WebhookCommand.self, RetentionCommand.self,
                ]),
            CommandGroup(
                name: "In confidence", subcommands: [SpaceCommand.self, NoteCommand.self, ConcernCommand.self, ComplaintCommand.self]),
            CommandGroup(
                name: "You",
                subcommands: [
                    InvitationCommand.self, SignInCommand.self, SignOutCommand.self, SessionCommand.self, AccountCommand.self,
                    TokenCommand.self, CalendarCommand.self, ConsentCommand.self, WithdrawCommand.self, DataCommand.self,
                ]),
            CommandGroup(name: "Modules", subcommands: plugins.flatMap { $0.commands }),
            CommandGroup(name: "Without a server", subcommands: [Allocate.self, Verify.self]),
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard let explanation = Explanation(error) else { exit(withError: error) }
            Terminal.note(explanation.text)
            exit(withError: ExitCode(explanation.status.rawValue))
        }
    }
}

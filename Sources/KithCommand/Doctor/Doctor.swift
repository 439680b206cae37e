import ArgumentParser
import Kith
import KithAPI
import KithClient
import KithServer

/// `kith doctor`
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check this server and say how to mend what is wrong.",
        discussion: """
            Run it as the user that runs the server, with the same environment. Ends with \(CommandStatus.refused.rawValue) where it finds a problem.
            """)

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let configuration = ServerConfiguration.fromEnvironment()
        let distribution = try KithCommand.distribution()
        let machine = MachineChecks(configuration: configuration)
        let findings =
            await machine.findings() + EncryptionChecks(configuration: configuration).findings()
            + (try await DatabaseChecks(configuration: configuration, distribution: distribution).findings())
        if output.isJSON {
            let document: JSON = ["version": .string(kithVersion), "findings": .array(findings.map(\.document))]
            Terminal.print(document.description)
        } else {
            Terminal.print("Kith \(kithVersion) with \(distribution.manifests.map { "\($0.id) \($0.version)" }.joined(separator: ", "))\n")
            let width = findings.map(\.subject.count).max() ?? 0
            for finding in findings {
                let level = finding.level.rawValue + String(repeating: " ", count: 8 - finding.level.rawValue.count)
                let subject = finding.subject + String(repeating: " ", count: width - finding.subject.count)
                Terminal.print("\(level) \(subject)  \(finding.detail)")
                if let remedy = finding.remedy { Terminal.print("\(String(repeating: " ", count: width + 11))Mend it: \(remedy)") }
            }
        }
        let problems = findings.count { $0.level == .problem }
        if problems > 0 { throw CommandFailure("\(problems) problem\(problems == 1 ? "" : "s") found.") }
    }
}

import ArgumentParser
import Kith
import KithClient

/// `kith invitation`
struct InvitationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invitation", abstract: "Invitations to a network.", subcommands: [Accept.self])

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Accept an invitation and sign in.",
            discussion: """
                Reads the code from the standard input, or asks for it on a terminal without showing it. Without --join a new account is \
                made and its token kept for the commands that follow; with --join the account that is signed in joins the network.
                """)

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Join with the account that is signed in.") var join = false

        func run() async throws {
            let code = try Terminal.secret("The code of your invitation")
            let client = try connection.client()
            let answer: KithClient.Answer
            do {
                answer = try await (join ? client : client.with(token: nil)).post("invitations/accept", ["code": .string(code)])
            } catch let error as ClientError where error.statusCode == 409 && !join {
                throw CommandFailure(
                    "You already have an account. Sign in with it (kith sign-in NAME), then give the code again with: kith invitation accept --join"
                )
            }
            var kept: String?
            if let token = answer.json["token"]?.string { kept = try connection.keep(token) }
            output.show(
                answer, [Column("Network", "network_id"), Column("You are", "person_id"), Column("Signed in until", "token_expires_at")])
            guard let kept else { return }
            output.say(
                """

                Your token is kept in \(kept), which only you can read.
                Set a password within 15 minutes, so that you can sign in again later: kith account password --help
                """)
        }
    }
}

import ArgumentParser
import Kith
import KithClient

/// `kith sign-in`
struct SignInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in", abstract: "Sign in with your password, or with a code from a letter.",
        discussion: """
            Asks for what is secret on a terminal without showing it; otherwise reads it from the standard input, a line each: the password \
            (or the code), and the second factor where your account has one.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Your e-mail address, or the name that you chose. Leave it out with --letter.") var name: String?
    @Flag(help: "Sign in with a code that came by letter.") var letter = false

    func run() async throws {
        var proof: [String: JSON] = ["answer_secret": true]
        if letter {
            proof["code"] = .string(try Terminal.secret("The code from your letter"))
        } else {
            guard let name else { throw CommandFailure("Give your e-mail address or the name that you chose.", .usage) }
            proof["name"] = .string(name)
            proof["password"] = .string(try Terminal.secret("Your password", spaces: true))
        }
        let client = try connection.client().with(token: nil)
        let path = letter ? "sign-in/letter" : "sign-in/password"
        let answer: KithClient.Answer
        do {
            answer = try await client.post(path, .object(proof))
        } catch let error as ClientError where error.problem?["type"]?.string == "urn:kith:problem:second-factor-required" {
            proof["second_factor"] = .string(try Terminal.secret("The six digits from your app, or a recovery code"))
            answer = try await client.post(path, .object(proof))
        }
        guard let secret = answer.json["secret"]?.string else { throw CommandFailure("The server gave no session.") }
        let kept = try connection.keep(secret)
        output.show(answer, [Column("Signed in until", "expires_at"), Column("Second factor", "has_second_factor")])
        if answer.json["must_set_up_second_factor"]?.bool == true {
            output.say("\nYour role needs a second factor before you go on. Set one up with: kith account totp")
        }
        output.say("\nYour session is kept in \(kept), which only you can read. End it with: kith sign-out")
    }
}

/// `kith sign-out`
struct SignOutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sign-out", abstract: "Sign out here.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        do {
            try await connection.client().delete("session")
        } catch let error as ClientError where error.statusCode == 401 {
            // It had ended already. What is kept here opens nothing any more.
        }
        try connection.keep(nil)
        output.say("You are signed out.")
    }
}

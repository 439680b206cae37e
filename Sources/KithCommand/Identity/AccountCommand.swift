import ArgumentParser
import Kith
import KithClient

/// `kith account`
struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Your account: your password and your second factor.",
        subcommands: [Show.self, Password.self, TOTP.self, RemoveTOTP.self, Disable.self, Enable.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show your account.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                try await connection.client().get("account"),
                [Column("ID", "id"), Column("E-mail", "email"), Column("Signs in as", "sign_in_name"), Column("Since", "created_at")])
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password", abstract: "Set or change your password.",
            discussion: """
                Asks for the new password, and with --old for the present one, which is needed when you signed in more than 15 minutes ago. \
                Without a terminal they are read from the standard input, a line each: the present one first.
                """)

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Give the present password.") var old = false
        @Option(help: "What to sign in by, where your account has no e-mail address.") var signInName: String?

        func run() async throws {
            let present = old ? try Terminal.secret("Your present password", spaces: true) : nil
            let new = try Terminal.secret("Your new password, at least 8 characters", spaces: true)
            let body: [String: JSON?] = [
                "password": .string(new), "old_password": present.map(JSON.string), "sign_in_name": signInName.map(JSON.string),
            ]
            let answer = try await connection.client().put("account/password", .members(body))
            output.say("Your password is set. You are signed out everywhere else.")
            if let tokens = answer.json["revoked_tokens"]?.integer, tokens > 0 {
                output.say(
                    "\(tokens == 1 ? "The token that you had made for a program was" : "The \(tokens) tokens that you had made for programs were") "
                        + "withdrawn too. Make new ones with: kith token create")
            }
        }
    }

    struct TOTP: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "totp", abstract: "Set up an app that makes codes, as a second factor.",
            discussion: "Prints what the app is told, asks for its first code, and prints ten recovery codes, once.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let client = try connection.client()
            let begun = try await client.post("account/second-factor")
            Terminal.note("Tell your app this secret, or open the address on your phone:")
            Terminal.note("  \(begun.json["secret"]?.string ?? "")\n  \(begun.json["otpauth_uri"]?.string ?? "")")
            let code = try Terminal.secret("The six digits that it shows now")
            let answer = try await client.post("account/second-factor/confirm", ["code": .string(code)])
            Terminal.note("Your second factor is set up. Keep these recovery codes on paper; each works once, when the app is lost:")
            for code in answer.json["recovery_codes"]?.array ?? [] { Terminal.print(code.string ?? "") }
        }
    }

    struct RemoveTOTP: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove-totp", abstract: "Remove your second factor, with one of its codes.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let code = try Terminal.secret("The six digits from your app, or a recovery code")
            try await connection.client().post("account/second-factor/remove", ["code": .string(code)])
            output.say("Your second factor is removed.")
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable", abstract: "Shut every way into an account, at once. For the operator.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The account's id.") var account: String

        func run() async throws {
            try await connection.operatorClient().post("accounts/\(account)/disable")
            output.say("The account is disabled.")
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "enable", abstract: "Open an account again. For the operator.")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The account's id.") var account: String

        func run() async throws {
            try await connection.operatorClient().post("accounts/\(account)/enable")
            output.say("The account is open again.")
        }
    }
}

import PluginKit

/// `kith panel interest`
struct PanelInterest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interest", abstract: "The open call: its page, and what people send in.",
        discussion: """
            For those who run a panel: profile, publish, enter, list, feedback, counts, conflicts, exclude, exclusions, lift. For anybody, \
            without an account: page, begin, and with the secret that begin shows, from the standard input: show, change, send, withdraw, ask. \
            With an account: link, mine.
            """,
        subcommands: [
            Profile.self, Publish.self, Page.self, Begin.self, Show.self, Change.self, Send.self, Withdraw.self, Monitoring.self, Ask.self,
            Link.self, Mine.self,
            Enter.self, List.self, Feedback.self, Counts.self, ConflictList.self, Exclude.self, ExclusionList.self, Lift.self,
        ])

    static let columns = [
        Column("ID", "id"), Column("REFERENCE", "reference"), Column("STATE", "state"), Column("NAME", "name"), Column("WORDS", "words"),
        Column("LEFT OUT BECAUSE", "left_out_because"), Column("WITHDRAWN BECAUSE", "withdrawn_because"), Column("FEEDBACK", "feedback"),
    ]

    static let page = [
        Column("CALL", "title"), Column("STATE", "state"), Column("SEATS", "seats"), Column("TIME", "time_needed"), Column("PAY", "pay"),
        Column("SUPPORT", "support"), Column("WHO FOR", "who_for"), Column("CLOSES", "closes_at"),
    ]

    struct Page: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "page", abstract: "Read a published call, as anybody can.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The call's id.") var call: String
        @Flag(help: "Its deadline for a calendar program, as iCalendar.") var calendar = false

        func run() async throws {
            let client = try await place.client().with(token: nil).at("open-calls/\(call)")
            if calendar {
                Terminal.print(String(decoding: try await client.file("deadline"), as: UTF8.self))
            } else {
                output.show(try await client.get(), page)
            }
        }
    }

    struct Begin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "begin", abstract: "Begin an expression of interest, as a draft.",
            discussion: "Keep the secret: it is shown only now.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var draft: DraftOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The call's id.") var call: String

        func run() async throws {
            let answer = try await place.client().with(token: nil).post("open-calls/\(call)/interests", .members(try draft.members()))
            output.show(answer, columns + [Column("SECRET", "secret")])
            output.say("\nKeep the secret: it is shown only now. Nothing is sent yet. Send it with: kith panel interest send")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Read your own, and what came of it.")

        @OptionGroup var secret: SecretOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(try await secret.client().get("interest"), columns) }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "change", abstract: "Write your draft anew.")

        @OptionGroup var secret: SecretOptions
        @OptionGroup var draft: DraftOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(try await secret.client().put("interest", .members(try draft.members())), columns) }
    }

    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "send", abstract: "Send in your own.")

        @OptionGroup var secret: SecretOptions
        @OptionGroup var declaration: DeclarationOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(try await secret.client().post("interest/send", .members(try declaration.members())), columns)
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "Withdraw at once and without a reason. What you said is deleted.")

        @OptionGroup var secret: SecretOptions

        func run() async throws {
            try await secret.client().post("interest/withdraw")
            Terminal.print("Withdrawn. What you said is deleted.")
        }
    }

    struct Monitoring: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "monitoring",
            abstract: "Answer for equality monitoring. Every question may be skipped; nobody who chooses sees it.")

        @OptionGroup var secret: SecretOptions
        @Option(name: .customLong("answer"), help: "As in age=25_34. May be given again.") var answers: [NamedValue] = []
        @Flag(help: "Have your answers deleted.") var delete = false

        func run() async throws {
            let client = try await secret.client()
            if delete {
                try await client.delete("interest/monitoring")
                return Terminal.print("Deleted.")
            }
            try await client.put("interest/monitoring", .object(answers.members.merging(["consent_wording": 1]) { $1 }))
            Terminal.print("Thank you. Only you can read your answers.")
        }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "ask", abstract: "Ask for feedback, where you were not chosen.")

        @OptionGroup var secret: SecretOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(try await secret.client().post("interest/feedback"), columns) }
    }
}

import PluginKit

/// `kith panel interest`
struct PanelInterest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interest", abstract: "The open call: its page, and what people send in.",
        discussion: """
            For those who run a panel: profile, publish, enter, list, feedback, counts, conflicts, exclude, exclusions, lift. For anybody, \
            without an account: page, begin, and with the secret that begin shows, from the standard input: show, change, send, withdraw, ask.
            """,
        subcommands: [
            Profile.self, Publish.self, Page.self, Begin.self, Show.self, Change.self, Send.self, Withdraw.self, Monitoring.self, Ask.self,
            Enter.self, List.self, Feedback.self, Counts.self, ConflictList.self, Exclude.self, ExclusionList.self, Lift.self,
        ])

    static let columns = [
        Column("ID", "id"), Column("REFERENCE", "reference"), Column("STATE", "state"), Column("NAME", "name"), Column("WORDS", "words"),
        Column("LEFT OUT BECAUSE", "left_out_because"), Column("FEEDBACK", "feedback"),
    ]

    private static let page = [
        Column("CALL", "title"), Column("STATE", "state"), Column("SEATS", "seats"), Column("TIME", "time_needed"), Column("PAY", "pay"),
        Column("SUPPORT", "support"), Column("WHO FOR", "who_for"), Column("CLOSES", "closes_at"),
    ]

    private static let exclusions = [
        Column("ID", "id"), Column("REFERENCE", "reference"), Column("STAGE", "stage"), Column("REASON", "reason"),
        Column("TAKEN BACK", "lifted_reason"),
    ]

    /// What somebody says, in any form.
    struct DraftOptions: ParsableArguments {
        @Option(help: "What the person is called.") var name: String?
        @Option(help: "How they can be reached.") var contact: String?
        @Option(help: "A file with why they are interested, in their own words.", completion: .file()) var words: String?
        @Option(help: "The link of a recording.") var recording: String?
        @Option(name: .customLong("answer"), help: "For the targets, as in age=16-24. May be given again.") var answers: [String] = []
        @Option(help: "Where they live, where households matter.") var address: String?
        @Option(help: "The postcode, for the same.") var postcode: String?

        func members() throws -> [String: JSON?] {
            var said: [String: JSON] = [:]
            for answer in answers {
                let parts = answer.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { throw CommandFailure("Write an answer as in age=16-24; this is not one: \(answer)", .usage) }
                said[String(parts[0])] = .string(String(parts[1]))
            }
            return [
                "name": name.map(JSON.string), "contact": contact.map(JSON.string),
                "words": try words.map { .string(String(decoding: try Terminal.read(file: $0), as: UTF8.self)) },
                "recording": recording.map(JSON.string), "answers": .object(said), "address": address.map(JSON.string),
                "postcode": postcode.map(JSON.string),
            ]
        }
    }

    /// What is said when it is sent in.
    struct DeclarationOptions: ParsableArguments {
        @Option(help: "The version of the consent that was read or heard; it is agreed to.") var wording = 1
        @Option(name: .customLong("eligible"), help: "yes or no, to each question about who may take part. Give it again for each.")
        var eligibility: [String] = []
        @Option(name: .customLong("conflict"), help: "line_management, same_care_team, family, ended_badly, pending_appointment or other.")
        var conflicts: [String] = []

        func members() throws -> [String: JSON?] {
            let answers = try eligibility.map { answer in
                guard ["yes", "no"].contains(answer) else { throw CommandFailure("Say yes or no with --eligible.", .usage) }
                return JSON.bool(answer == "yes")
            }
            return [
                "consent_wording": .integer(Int64(wording)), "eligibility": .array(answers),
                "conflicts": .array(conflicts.map { ["kind": .string($0)] }),
            ]
        }
    }

    /// The secret of an expression of interest.
    struct SecretOptions: ParsableArguments {
        @OptionGroup var place: NetworkOptions

        func client() async throws -> KithClient {
            try await place.client().with(token: Terminal.secret("The secret that you were shown once"))
        }
    }

    struct Profile: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "profile", abstract: "Say in plain English what a call involves and whom it is for.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "How much time it takes, and when.") var time: String
        @Option(help: "What is paid, and what is paid back.") var pay: String
        @Option(help: "What helps people to take part.") var support: String
        @Option(help: "Whom it is for.") var whoFor: String
        @Option(name: .customLong("question"), help: "What must be true, as a question to answer with yes. May be given again.")
        var questions: [String] = []

        func run() async throws {
            let (client, call) = try await call.client()
            let answer = try await client.put(
                "opportunities/\(call)/profile",
                [
                    "time_needed": .string(time), "pay": .string(pay), "support": .string(support), "who_for": .string(whoFor),
                    "eligibility": .array(questions.map(JSON.string)),
                ])
            output.show(answer, page)
        }
    }

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "publish", abstract: "Publish a call: it opens and closes by itself.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(try await client.post("opportunities/\(call)/profile/publish"), page)
        }
    }

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
        @Option(name: .customLong("answer"), help: "As in age=25_34. May be given again.") var answers: [String] = []
        @Flag(help: "Have your answers deleted.") var delete = false

        func run() async throws {
            let client = try await secret.client()
            if delete {
                try await client.delete("interest/monitoring")
                return Terminal.print("Deleted.")
            }
            var body: [String: JSON?] = ["consent_wording": 1]
            for answer in answers {
                let parts = answer.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw CommandFailure("Write an answer as in age=25_34.", .usage) }
                body[parts[0]] = .string(parts[1])
            }
            try await client.put("interest/monitoring", .members(body))
            Terminal.print("Thank you. Only you can read your answers.")
        }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "ask", abstract: "Ask for feedback, where you were not chosen.")

        @OptionGroup var secret: SecretOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(try await secret.client().post("interest/feedback"), columns) }
    }

    struct Enter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enter", abstract: "Write down and send in what somebody told you, with their consent.",
            discussion: "Hand them the secret: it is theirs.")

        @OptionGroup var call: CallOptions
        @OptionGroup var draft: DraftOptions
        @OptionGroup var declaration: DeclarationOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "How they told you: paper, phone or in_person.") var channel: String
        @Option(help: "Their id, where they are a person of the network.") var person: String?

        func run() async throws {
            let (client, call) = try await call.client()
            var body = try draft.members().merging(declaration.members()) { $1 }
            (body["channel"], body["person_id"]) = (.string(channel), person.map(JSON.string))
            output.show(try await client.post("opportunities/\(call)/interests", .members(body)), columns + [Column("SECRET", "secret")])
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List what was sent in. Names are kept from you while you shortlist.")

        @OptionGroup var call: CallOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Only those who wait for feedback.") var wantsFeedback = false

        func run() async throws {
            let (client, call) = try await call.client()
            let path = "opportunities/\(call)/interests"
            output.show(list: try await client.list(path, ["wants_feedback": wantsFeedback ? "true" : nil], most: list.most), columns)
        }
    }

    struct Feedback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "feedback", abstract: "Give feedback to somebody who asked for it.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The id of what they sent in.") var interest: String
        @Argument(help: "The feedback.") var words: String

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(try await client.put("opportunities/\(call)/interests/\(interest)/feedback", ["feedback": .string(words)]), columns)
        }
    }

    struct Counts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "counts", abstract: "Show who expressed interest, in groups of five or more.")

        @OptionGroup var call: CallOptions

        func run() async throws {
            let (client, call) = try await call.client()
            let counts = try await client.get("opportunities/\(call)/monitoring-counts").json["items"]?.array ?? []
            let columns = [Column("QUESTION", "question"), Column("ANSWER", "answer"), Column("PEOPLE", "people")]
            for line in Table(counts, columns).lines { Terminal.print(line) }
        }
    }

    struct ConflictList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "conflicts", abstract: "List declared conflicts of interest.")

        @OptionGroup var call: CallOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                list: try await client.list("opportunities/\(call)/conflicts", most: list.most),
                [
                    Column("INTEREST", "interest_id"), Column("WHO DECIDES", "person_id"), Column("KIND", "kind"), Column("WORDS", "words"),
                    Column("UNTIL", "expires_on"),
                ])
        }
    }

    struct Exclude: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "exclude", abstract: "Leave somebody out of the next pool, with the reason.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The volunteer's id.") var volunteer: String
        @Option(help: "eligibility or conflict.") var stage = "eligibility"
        @Option(help: "Why, as the person may read it.") var reason: String

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                try await client.post(
                    "opportunities/\(call)/volunteers/\(volunteer)/exclusions", ["stage": .string(stage), "reason": .string(reason)]),
                exclusions)
        }
    }

    struct ExclusionList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "exclusions", abstract: "List who is left out, and why.")

        @OptionGroup var call: CallOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(list: try await client.list("opportunities/\(call)/exclusions", most: list.most), exclusions)
        }
    }

    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "lift", abstract: "Take back that somebody is left out.")

        @OptionGroup var call: CallOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The exclusion's id.") var exclusion: String
        @Option(help: "Why.") var reason: String

        func run() async throws {
            let (client, call) = try await call.client()
            output.show(
                try await client.post("opportunities/\(call)/exclusions/\(exclusion)/lift", ["reason": .string(reason)]), exclusions)
        }
    }
}

import PluginKit

/// `kith panel session`
struct PanelSessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Sessions of a panel, their papers and their minutes.",
        discussion: """
            A session is a meeting of the panel with the same id: replies, access needs, papers and attendance are under kith meeting, as in: \
            kith meeting attendance PANEL SESSION PERSON in_person
            """,
        subcommands: [
            Create.self, List.self, Show.self, Ask.self, Ready.self, Papers.self, Draft.self, Minutes.self, Approve.self, Corrections.self,
            ClosedDays.self, CloseDay.self,
        ])

    static let columns = [
        Column("ID", "id"), Column("TITLE", "title"), Column("FROM", "starts_at"), Column("TO", "ends_at"), Column("STATE", "state"),
        Column("INVITED", "invited"), Column("COMING", "coming"), Column("PAPERS BY", "papers_due_on"), Column("LATE", "late_papers"),
        Column("NEEDS A BREAK", "needs_break"),
    ]

    static let draft = [
        Column("ID", "id"), Column("DRAFT", "number"), Column("APPROVALS", "approvals"), Column("QUORUM", "quorum"),
        Column("CORRECTIONS", "corrections"), Column("APPROVED", "approved_at"),
    ]

    /// Which session.
    struct SessionOptions: ParsableArguments {
        @OptionGroup var panel: PanelOptions
        @Argument(help: "The session's id.") var session: String

        func client() async throws -> KithClient { try await panel.client().at("sessions/\(session)") }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Plan a session and ask every member to it.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is called.") var title: String
        @Option(help: "When it begins, as in 2026-03-01T10:00:00Z.") var from: String
        @Option(help: "When it ends.") var to: String
        @OptionGroup var place: MeetingPlace
        @Option(name: .customLong("break"), help: "A break, as in 60+15: after 60 minutes, 15 minutes long; may be given again.")
        var breaks: [MeetingBreak] = []
        @Option(help: "How many working days before it papers are due. By default by the rules of the panel.") var papersWorkingDays: Int?

        func run() async throws {
            let body = place.members.merging([
                "title": .string(title), "starts_at": .string(from), "ends_at": .string(to), "breaks": .array(breaks.map(\.json)),
                "papers_working_days": papersWorkingDays.map { .integer(Int64($0)) },
            ]) { $1 }
            output.show(try await panel.client().post("sessions", .members(body)), columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the sessions that concern you.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await panel.client().list("sessions", most: list.most), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a session, and who came to it in which way.")

        @OptionGroup var session: SessionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                try await session.client().get(),
                columns + [
                    Column("IN PERSON", "came_in_person"), Column("FROM ELSEWHERE", "came_remotely"), Column("BY PHONE", "came_by_phone"),
                    Column("SUPPORTERS", "supporters_came"),
                ])
        }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ask", abstract: "Ask the members who are not asked yet, such as those who joined since.")

        @OptionGroup var session: SessionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(try await session.client().post("ask-members"), columns) }
    }

    struct Ready: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ready", abstract: "Mark a session as ready. Refused while an access need is neither arranged nor explained.")

        @OptionGroup var session: SessionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(try await session.client().post("ready"), columns) }
    }

    struct Papers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "papers", abstract: "List the papers of a session, and which are late. Add one with: kith meeting paper")

        @OptionGroup var session: SessionOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await session.client().list("papers", most: list.most),
                [
                    Column("ID", "id"), Column("TITLE", "title"), Column("LINK", "link"), Column("SENT", "sent_at"),
                    Column("DUE", "due_on"),
                    Column("LATE", "is_late"),
                ])
        }
    }

    struct Draft: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "draft", abstract: "Write a draft of the minutes, the first or a corrected one.")

        @OptionGroup var session: SessionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The minutes.") var body: String

        func run() async throws { output.show(try await session.client().post("minutes", ["body": .string(body)]), draft) }
    }

    struct Minutes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "minutes", abstract: "List every draft of the minutes.")

        @OptionGroup var session: SessionOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await session.client().list("minutes", most: list.most), draft + [Column("MINUTES", "body")])
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "approve", abstract: "Approve the latest draft of the minutes, or say what is to be corrected.")

        @OptionGroup var session: SessionOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The draft's id.") var minutes: String
        @Option(help: "What is to be corrected. With it you do not approve.") var correction: String?

        func run() async throws {
            output.show(
                try await session.client().put(
                    "minutes/\(minutes)/reply",
                    .members(["approves": .bool(correction == nil), "correction": correction.map(JSON.string)])), draft)
        }
    }

    struct Corrections: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "corrections", abstract: "List who approves a draft, and what is to be corrected.")

        @OptionGroup var session: SessionOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The draft's id.") var minutes: String

        func run() async throws {
            output.show(
                list: try await session.client().list("minutes/\(minutes)/replies", most: list.most),
                [Column("PERSON", "id"), Column("APPROVES", "approves"), Column("CORRECTION", "correction"), Column("WHEN", "replied_at")])
        }
    }

    static let closedDay = [Column("ID", "id"), Column("DAY", "day"), Column("WHAT", "name")]

    struct ClosedDays: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "closed-days", abstract: "List the bank holidays and other days on which nobody works.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await place.client().list("closed-days", most: list.most), closedDay,
                ifEmpty: "None is entered: every Monday to Friday counts as a working day.")
        }
    }

    struct CloseDay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "close-day", abstract: "Enter a day on which nobody works, or remove one.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The day, as in 2026-12-25; to remove it, its id.") var day: String
        @Argument(help: "What it is, as in Christmas Day.") var name: String?
        @Flag(help: "Remove it.") var remove = false

        func run() async throws {
            let client = try await place.client()
            if remove {
                try await client.delete("closed-days/\(day)")
                return
            }
            guard let name else { throw ValidationError("Say what the day is, as in Christmas Day.") }
            output.show(try await client.post("closed-days", ["day": .string(day), "name": .string(name)]), closedDay)
        }
    }
}

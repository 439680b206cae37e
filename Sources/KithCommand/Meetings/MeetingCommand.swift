import ArgumentParser
import Kith
import KithClient

/// `kith meeting`
struct MeetingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meeting", abstract: "Meetings of panels, learning sets and other activities.",
        discussion: "What the people invited need is carried into each meeting by itself, and is arranged or explained before it is ready.",
        subcommands: [
            Create.self, List.self, Mine.self, Move.self, Cancel.self, Ready.self, Invite.self, Uninvite.self, People.self, Reply.self,
            Attendance.self, Paper.self, PaperSent.self, Papers.self, Needs.self, Need.self,
        ])

    static let columns = [
        Column("ID", "id"), Column("TITLE", "title"), Column("FROM", "starts_at"), Column("TO", "ends_at"), Column("PLACE", "place"),
        Column("LINK", "remote_link"), Column("PHONE", "phone"), Column("STATE", "state"),
    ]

    static let person = [
        Column("PERSON", "id"), Column("REPLY", "reply"), Column("COMES", "attends_by"), Column("SUPPORTERS", "supporters"),
        Column("CAME", "attended"), Column("ENDED", "withdrawn_at"),
    ]

    static let need = [
        Column("NEED", "id"), Column("PERSON", "person_id"), Column("KIND", "kind"), Column("DETAILS", "details"),
        Column("WHAT HELPS", "how_to_meet"), Column("STATE", "state"), Column("EXPLANATION", "explanation"),
    ]

    /// Of which activity.
    struct ActivityOptions: ParsableArguments {
        @OptionGroup var place: NetworkOptions
        @Argument(help: "The activity's id, such as a panel's.") var activity: String

        func client() async throws -> KithClient { try await place.client().at("activities/\(activity)/meetings") }
    }

    /// Which meeting.
    struct MeetingOptions: ParsableArguments {
        @OptionGroup var activity: ActivityOptions
        @Argument(help: "The meeting's id.") var meeting: String

        func client() async throws -> KithClient { try await activity.client().at(meeting) }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Call a meeting.")

        @OptionGroup var activity: ActivityOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is called.") var title: String
        @Option(help: "When it begins, as in 2026-03-01T10:00:00Z.") var from: String
        @Option(help: "When it ends.") var to: String
        @OptionGroup var place: MeetingPlace
        @Option(name: .customLong("break"), help: "A break, as in 60+15: after 60 minutes, 15 minutes long; may be given again.")
        var breaks: [MeetingBreak] = []

        func run() async throws {
            let body = place.members.merging([
                "title": .string(title), "starts_at": .string(from), "ends_at": .string(to), "breaks": .array(breaks.map(\.json)),
            ]) { $1 }
            let client = try await activity.place.client()
            output.show(try await client.post("activities/\(activity.activity)/meetings", .members(body)), columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the meetings of an activity that concern you.")

        @OptionGroup var activity: ActivityOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let client = try await activity.place.client()
            output.show(list: try await client.list("activities/\(activity.activity)/meetings", most: list.most), columns)
        }
    }

    struct Mine: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "mine", abstract: "List the coming meetings that you are asked to.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let meetings = try await place.client().list("people/me/meetings", most: list.most)
            output.show(list: meetings, [Column("ACTIVITY", "activity_id")] + columns, ifEmpty: "You are asked to no meeting.")
        }
    }

    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "move", abstract: "Move or rename a meeting. Access is then arranged again.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "What it is called.") var title: String?
        @Option(help: "When it begins, as in 2026-03-01T10:00:00Z.") var from: String?
        @Option(help: "When it ends.") var to: String?
        @OptionGroup var place: MeetingPlace

        func run() async throws {
            let given = place.members.merging([
                "title": title.map(JSON.string), "starts_at": from.map(JSON.string), "ends_at": to.map(JSON.string),
            ]) { $1 }
            let client = try await meeting.activity.client()
            output.show(try await client.update(meeting.meeting, .changes(given)), columns)
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "cancel", abstract: "Call a meeting off.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(try await meeting.client().post("cancel"), columns) }
    }

    struct Ready: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ready", abstract: "Mark a meeting as ready: every access need is arranged or explained.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.show(try await meeting.client().post("ready"), columns) }
    }
}

import ArgumentParser
import Kith
import KithClient

extension MeetingCommand {
    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "invite", abstract: "Ask a person to a meeting. Their needs come along by themselves.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String

        func run() async throws {
            output.show(try await meeting.client().post("people", ["person_id": .string(person)]), MeetingCommand.person)
        }
    }

    struct Uninvite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "uninvite", abstract: "Take an invitation back.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String

        func run() async throws {
            try await meeting.client().delete("people/\(person)")
            output.say("The invitation is taken back.")
        }
    }

    struct People: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "people", abstract: "List who is asked, what they answered and who came.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await meeting.client().list("people", most: list.most), MeetingCommand.person)
        }
    }

    struct Reply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reply", abstract: "Say whether you come, or record what somebody answered by post or phone.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The answer.") var reply: MeetingInvitations.Reply
        @Option(help: "How you come.") var by: MeetingInvitations.Way?
        @Option(help: "How many supporters come along.") var supporters = 0
        @Option(help: "The person's id; by default yourself.") var person: String?

        func run() async throws {
            let body = JSON.members([
                "reply": .string(reply.rawValue), "attends_by": by.map { .string($0.rawValue) }, "supporters": .integer(Int64(supporters)),
            ])
            output.show(try await meeting.client().post(person.map { "people/\($0)/reply" } ?? "reply", body), MeetingCommand.person)
        }
    }

    struct Attendance: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "attendance", abstract: "Record how a person came.")

        @OptionGroup var meeting: MeetingOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String
        @Argument(help: "How they came.") var attended: MeetingInvitations.Attendance
        @Option(help: "How many supporters came.") var supporters = 0

        func run() async throws {
            let body: JSON = ["attended": .string(attended.rawValue), "supporters": .integer(Int64(supporters))]
            output.show(try await meeting.client().post("people/\(person)/attendance", body), MeetingCommand.person)
        }
    }
}

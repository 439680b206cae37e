import ArgumentParser
import Kith
import KithClient

/// `kith calendar`
struct CalendarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "Your calendars: secret addresses that a phone or a mail program subscribes to.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a calendar and print its address, once.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "What it is for, such as: my phone") var name: String

        func run() async throws {
            let answer = try await place.client().post("calendars", ["name": .string(name)])
            output.show(answer, [Column("ID", "id"), Column("NAME", "name"), Column("ADDRESS", "url")])
            output.say("\nThe address is shown only now. Whoever knows it can read the calendar; withdraw it with: kith calendar revoke")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List your calendars, without their addresses.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await place.client().list("calendars", most: list.most),
                [Column("ID", "id"), Column("NAME", "name"), Column("MADE", "created_at"), Column("WITHDRAWN", "revoked_at")])
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Withdraw a calendar at once.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its id, from: kith calendar list") var calendar: String

        func run() async throws {
            try await place.client().delete("calendars/\(calendar)")
            output.say("The address does not work any more.")
        }
    }
}

import ArgumentParser
import Kith
import KithClient

/// `kith webhook`
struct WebhookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Programs that are told what happens, by kind and id (Standard Webhooks).",
        subcommands: [
            Create.self, List.self, Test.self, Deliveries.self, Replay.self, Rotate.self, Disable.self, Enable.self, Delete.self,
        ])

    static let columns = [
        Column("ID", "id"), Column("URL", "url"), Column("KINDS", "kinds"), Column("FOR", "description"),
        Column("OFF SINCE", "disabled_at"),
    ]

    struct One: ParsableArguments {
        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The webhook's id, from: kith webhook list") var webhook: String
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Have a program told what happens from now on, and print its secret, once.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Where it is told: an https address.") var url: String
        @Option(help: "What it is for.") var description: String?
        @Option(help: "A kind of event, such as person.created; may be given again. By default all.") var kind: [String] = []

        func run() async throws {
            let answer = try await place.client().post(
                "webhooks",
                .members([
                    "url": .string(url), "description": description.map(JSON.string), "kinds": .array(kind.map(JSON.string)),
                ]))
            output.show(answer, columns + [Column("SECRET", "secret")])
            output.say("\nThe secret is shown only now. The program checks with it that a call comes from Kith.")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the webhooks.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await place.client().list("webhooks", most: list.most), columns)
        }
    }

    static let deliveries = [
        Column("ID", "id"), Column("KIND", "kind"), Column("SUBJECT", "subject_id"), Column("STATE", "state"), Column("TRIES", "attempts"),
        Column("ANSWER", "status"), Column("PROBLEM", "problem"), Column("NEXT", "due_at"),
    ]

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Send a call that tells of nothing, to see that it arrives.")

        @OptionGroup var one: One

        func run() async throws {
            one.output.show(try await one.place.client().post("webhooks/\(one.webhook)/test"), deliveries)
        }
    }

    struct Deliveries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "deliveries", abstract: "List what a webhook was told, and what it was not.")

        @OptionGroup var one: One
        @OptionGroup var list: ListOptions
        @Option(help: "Only those that are so far.") var state: WebhookDeliveries.State?

        func run() async throws {
            one.output.show(
                list: try await one.place.client().list(
                    "webhooks/\(one.webhook)/deliveries", ["state": state?.rawValue], most: list.most), deliveries)
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay", abstract: "Send calls again that were given up; all of those where none is named.")

        @OptionGroup var one: One
        @Argument(help: "Their ids, from: kith webhook deliveries") var deliveries: [String] = []

        func run() async throws {
            let client = try await one.place.client().at("webhooks/\(one.webhook)/deliveries")
            var ids = deliveries
            if ids.isEmpty { ids = try await client.list("", ["state": "dead"], most: nil).items.compactMap { $0["id"]?.string } }
            for id in ids { try await client.post("\(id)/replay") }
            one.output.say(ids.isEmpty ? "There is nothing to replay." : "\(ids.count) will be sent again.")
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Make a new secret and print it, once. The earlier one signs too for a day.")

        @OptionGroup var one: One

        func run() async throws {
            one.output.show(
                try await one.place.client().post("webhooks/\(one.webhook)/secret"), [Column("ID", "id"), Column("SECRET", "secret")])
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable", abstract: "Switch a webhook off. What happens meanwhile is told when it is on again.")

        @OptionGroup var one: One

        func run() async throws {
            one.output.show(try await one.place.client().post("webhooks/\(one.webhook)/disable"), columns)
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "enable", abstract: "Switch a webhook on again.")

        @OptionGroup var one: One

        func run() async throws {
            one.output.show(try await one.place.client().post("webhooks/\(one.webhook)/enable"), columns)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Remove a webhook with the list of what it was told.")

        @OptionGroup var one: One

        func run() async throws {
            try await one.place.client().delete("webhooks/\(one.webhook)")
            one.output.say("Removed.")
        }
    }
}

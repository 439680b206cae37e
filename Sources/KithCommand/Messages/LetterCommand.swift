import ArgumentParser
import Kith
import KithClient

/// `kith letter`
struct LetterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "letter", abstract: "Letters to post and calls to make, for those who asked for them.",
        subcommands: [List.self, Print.self, Done.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List what waits to be posted, or with --calls who waits for a call.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Calls instead of letters.") var calls = false
        @Flag(help: "What you make in formats that the server cannot write, such as Braille, as somebody who arranges access.")
        var formats = false

        func run() async throws {
            if formats {
                return output.show(
                    list: try await place.client().list("messages-in-formats", most: list.most),
                    [Column("ID", "id"), Column("NAME", "name"), Column("FORMATS", "formats"), Column("WAITING SINCE", "created_at")],
                    ifEmpty: "Nothing waits to be made in another format.")
            }
            output.show(
                list: try await place.client().list(calls ? "calls" : "letters", most: list.most),
                [Column("ID", "id"), Column("NAME", "name"), Column("WAITING SINCE", "created_at"), Column("PRINTED", "printed_at")],
                ifEmpty: "Nothing waits.")
        }
    }

    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "print", abstract: "Write the letters as an HTML document to the standard output, a page each.",
            discussion: "Open it in a browser and print it: kith letter print > letters.html. Then record each one with: kith letter done")

        @OptionGroup var place: NetworkOptions
        @Flag(help: "The list of calls instead of letters.") var calls = false
        @Flag(help: "The list of calls as CSV.") var csv = false
        @Flag(help: "What you make in formats that the server cannot write, as somebody who arranges access.") var formats = false
        @Flag(help: "Also those that were printed already. A code in an earlier letter stops working.") var again = false
        @Option(help: "How many at most, up to 200.") var limit = 100

        func run() async throws {
            let path = formats ? "messages-in-formats/print" : csv ? "calls/export" : calls ? "calls/print" : "letters/print"
            let body: JSON = ["again": .bool(again), "most": .integer(Int64(limit))]
            Terminal.print(String(decoding: try await place.client().document(path, body), as: UTF8.self))
        }
    }

    struct Done: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "done", abstract: "Record that letters were posted or calls were made.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Messages that reached somebody in another format.") var formats = false
        @Argument(help: "Their ids.") var letters: [String]

        func run() async throws {
            let client = try await place.client()
            for letter in letters { try await client.post("\(formats ? "messages-in-formats" : "messages")/\(letter)/sent") }
            output.say(letters.count == 1 ? "Recorded." : "\(letters.count) recorded.")
        }
    }
}

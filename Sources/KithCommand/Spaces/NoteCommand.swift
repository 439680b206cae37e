import ArgumentParser
import Kith
import KithClient

/// `kith note`
struct NoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Notes in a space, which only its members read.",
        subcommands: [Write.self, List.self, Show.self, Revise.self, History.self, Delete.self])

    static let columns = [
        Column("ID", "id"), Column("WRITTEN", "created_at"), Column("AUTHOR", "author_id"), Column("ANSWERS", "parent_id"),
        Column("TEXT", text: text),
    ]

    @Sendable static func text(_ note: JSON) -> String {
        switch note["text_state"]?.string {
        case "erased": "(erased with its author's key)"
        case "damaged": "(damaged: not what was written)"
        default: note["text"]?.string ?? ""
        }
    }

    struct Write: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "write", abstract: "Write a note, from a file or the standard input.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String
        @Option(help: "The id of the note that it answers.") var answers: String?
        @OptionGroup var words: TextOptions

        func run() async throws {
            let body: JSON = .members(["text": .string(try words.read("Your note")), "parent_id": answers.map(JSON.string)])
            output.show(try await place.client().post("spaces/\(space)/notes", body), columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Read the notes of a space.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String

        func run() async throws {
            output.show(list: try await place.client().list("spaces/\(space)/notes", most: list.most), columns)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Read a note.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String
        @Argument(help: "The note's id.") var note: String

        func run() async throws {
            output.show(try await place.client().get("spaces/\(space)/notes/\(note)"), columns)
        }
    }

    struct Revise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revise", abstract: "Give your own note another text. What it said before is kept, sealed.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String
        @Argument(help: "The note's id.") var note: String
        @OptionGroup var words: TextOptions

        func run() async throws {
            let text = try words.read("Your note")
            output.show(try await place.client().update("spaces/\(space)/notes/\(note)", ["text": .string(text)]), columns)
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "history", abstract: "Read what a note said before.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String
        @Argument(help: "The note's id.") var note: String

        func run() async throws {
            output.show(
                list: try await place.client().list("spaces/\(space)/notes/\(note)/versions", most: list.most),
                [Column("VERSION", "version"), Column("WRITTEN", "written_at"), Column("TEXT", text: NoteCommand.text)])
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete your own note with all its versions.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The space's id.") var space: String
        @Argument(help: "The note's id.") var note: String

        func run() async throws {
            try await place.client().delete("spaces/\(space)/notes/\(note)")
            output.say("The note is deleted.")
        }
    }
}

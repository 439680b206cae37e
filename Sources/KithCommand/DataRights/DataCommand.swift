import ArgumentParser
import Foundation
import Kith
import KithClient

/// `kith data`
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "What is held of a person: a copy, a correction, a restriction, an erasure.",
        discussion: """
            Without --person everything is about yourself, and needs no reason and no approval. About somebody else an administrator asks, \
            with a reason, and another administrator approves it; the person is told.
            """,
        subcommands: [
            Export.self, Fetch.self, Erase.self, Restrict.self, Unrestrict.self, Restrictions.self, Correct.self, Corrections.self,
            Decide.self, Requests.self, Approve.self, Refuse.self, Cancel.self,
        ])

    static let columns = [
        Column("ID", "id"), Column("WHAT", "kind"), Column("OF PERSON", "person_id"), Column("ASKED BY", "asked_by"),
        Column("STATE", "state"), Column("ASKED", "asked_at"), Column("DUE", "due_at"), Column("DONE", "done_at"),
    ]

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Get a copy of everything that is held about you, as a ZIP file.",
            discussion: "Open index.html in it with a browser. About somebody else it prints a code, with which you fetch it once approved."
        )

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The file to write.", completion: .file()) var file = "my-data.zip"
        @Option(help: "Somebody else's id.") var person: String?
        @Option(help: "Why, where it is about somebody else.") var reason: String?

        func validate() throws { try DataCommand.check(person, reason) }

        func run() async throws {
            let network = try await place.client()
            if let person, let reason {
                let asked = try await network.post("people/\(person)/exports", ["reason": .string(reason)])
                output.show(asked, DataCommand.columns + [Column("CODE", "code")])
                output.say(
                    "\nThe code is shown only now. Once another administrator has approved: kith data fetch \(asked.json["id"]?.string ?? "")"
                )
                return
            }
            try DataCommand.requireFree(file)
            let asked = try await network.post("people/me/exports").json
            let path = "data-requests/\(asked["id"]?.string ?? "")"
            while try await network.get(path).json["state"] == "under_way" { try await Task.sleep(for: .milliseconds(200)) }
            try await DataCommand.write(network.document("\(path)/download", ["code": asked["code"] ?? .null]), to: file)
            output.say("Your data is in \(file). Open index.html in it.")
        }
    }

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fetch", abstract: "Fetch a copy that is ready, once.", discussion: "Reads the code from the standard input.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The request's id.") var request: String
        @Argument(help: "The file to write.", completion: .file()) var file = "data.zip"

        func run() async throws {
            try DataCommand.requireFree(file)
            let code = try Terminal.secret("The code that was shown when the copy was asked for")
            let network = try await place.client()
            try await DataCommand.write(network.document("data-requests/\(request)/download", ["code": .string(code)]), to: file)
            output.say("The copy is in \(file).")
        }
    }

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "erase", abstract: "Have everything erased that is held about you.",
            discussion: """
                Your data is out of use from now on and is erased after seven days, in which you can change your mind with kith data cancel. \
                With --at-once it is erased now, and nobody can bring it back. See first what would go with --preview.
                """)

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Somebody else's id.") var person: String?
        @Option(help: "Why, where it is about somebody else.") var reason: String?
        @Flag(help: "Show what would be deleted, blanked and kept, and do nothing.") var preview = false
        @Flag(help: "Without the seven days. It cannot be undone.") var atOnce = false

        func validate() throws {
            if !preview { try DataCommand.check(person, reason) }
            if person != nil, atOnce { throw ValidationError("Only the person can have it done at once.") }
        }

        func run() async throws {
            let network = try await place.client()
            if preview {
                let answer = try await network.get("people/\(person ?? "me")/erasure-preview")
                return output.show(
                    list: answer.json,
                    [Column("WHAT", "title"), Column("ENTRIES", "rows"), Column("WILL BE", "action"), Column("WHY", "because")])
            }
            let answer =
                if let person, let reason {
                    try await network.post("people/\(person)/erasures", ["reason": .string(reason)])
                } else {
                    try await network.post("people/me/erasures", ["at_once": .bool(atOnce)])
                }
            output.show(answer, DataCommand.columns)
        }
    }

    struct Restrict: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restrict", abstract: "Have your data kept and not used, from now on.",
            discussion: "Nobody but you sees it in a list, a draw or a message, until you lift it with kith data unrestrict.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Somebody else's id, for those who ask by post or phone.") var person: String?
        @Option(help: "Why: accuracy, unlawful, legal_claim or objection. Nobody has to say.") var basis: String?

        func run() async throws {
            let answer = try await place.client().put(
                "people/\(person ?? "me")/restriction", .members(["basis": basis.map(JSON.string)]))
            output.show(answer, DataCommand.restrictionColumns)
        }
    }

    struct Unrestrict: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "unrestrict", abstract: "Have your data used again.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Somebody else's id, where you restricted it on their behalf.") var person: String?

        func run() async throws {
            try await place.client().delete("people/\(person ?? "me")/restriction")
            output.say("The data is used again.")
        }
    }

    struct Restrictions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "restrictions", abstract: "List whose data is not used, by id.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(list: try await place.client().list("restrictions", most: list.most), DataCommand.restrictionColumns)
        }
    }

    static let restrictionColumns = [
        Column("ID", "id"), Column("PERSON", "person_id"), Column("WHY", "basis"), Column("SINCE", "started_at"),
        Column("UNTIL", "lifted_at"),
    ]

    static func check(_ person: String?, _ reason: String?) throws {
        if person != nil, reason == nil { throw ValidationError("Say why with --reason: another administrator has to approve it.") }
        if person == nil, reason != nil { throw ValidationError("About yourself you need no reason. Name somebody else with --person.") }
    }

    // A copy can be fetched once only: first see that there is room for it.
    static func requireFree(_ file: String) throws {
        if FileManager.default.fileExists(atPath: file) { throw CommandFailure("There is a file \(file) already. Name another.", .usage) }
    }

    static func write(_ bytes: [UInt8], to file: String) throws {
        guard FileManager.default.createFile(atPath: file, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
            throw CommandFailure("The file \(file) cannot be written, and the copy could be fetched only once. Ask for another copy.")
        }
    }
}

import PluginKit

extension PanelInterest {
    /// What somebody says, in any form.
    struct DraftOptions: ParsableArguments {
        @Option(help: "What the person is called.") var name: String?
        @Option(help: "How they can be reached.") var contact: String?
        @Option(help: "A file with why they are interested, in their own words.", completion: .file()) var words: String?
        @Option(help: "The link of a recording.") var recording: String?
        @Option(name: .customLong("answer"), help: "For the targets, as in age=16-24. May be given again.") var answers: [NamedValue] = []
        @Option(help: "Where they live, where households matter.") var address: String?
        @Option(help: "The postcode, for the same.") var postcode: String?
        @Option(help: "The year of birth, to notice that somebody offers twice.") var birthYear: Int?

        func members() throws -> [String: JSON?] {
            [
                "name": name.map(JSON.string), "contact": contact.map(JSON.string),
                "words": try words.map { .string(try Terminal.text(file: $0)) }, "recording": recording.map(JSON.string),
                "answers": .object(answers.members), "address": address.map(JSON.string), "postcode": postcode.map(JSON.string),
                "birth_year": birthYear.map { .integer(Int64($0)) },
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
}

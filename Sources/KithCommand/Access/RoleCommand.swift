import ArgumentParser
import Kith
import KithClient

/// `kith role`
struct RoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Who is trusted with what.", subcommands: [Grant.self, List.self, End.self])

    static let columns = [
        Column("ID", "id"), Column("ROLE", "role"), Column("PERSON", "person_id"), Column("PROGRAMME", "programme_id"),
        Column("SINCE", "granted_at"), Column("ENDED", "ended_at"),
    ]

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "grant", abstract: "Grant a role.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The person's id.") var person: String
        @Argument(help: "What they are trusted with.") var role: Role
        @Option(help: "Only in this programme.") var programme: String?

        func run() async throws {
            let answer = try await place.client().post(
                "role-grants",
                .members([
                    "person_id": .string(person), "role": .string(role.rawValue), "programme_id": programme.map(JSON.string),
                ]))
            output.show(answer, columns)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List roles, those that have ended too.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Only of this person.") var person: String?
        @Option(help: "Only in this programme.") var programme: String?

        func run() async throws {
            let filters = ["person_id": person, "programme_id": programme]
            output.show(list: try await place.client().list("role-grants", filters, most: list.most), columns)
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "end", abstract: "End a role at once.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The id of the grant, from: kith role list") var grant: String

        func run() async throws {
            try await place.client().delete("role-grants/\(grant)")
            output.say("The role has ended.")
        }
    }
}

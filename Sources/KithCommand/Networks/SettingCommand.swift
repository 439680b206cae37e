import ArgumentParser
import Kith
import KithClient

/// `kith setting`
struct SettingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setting", abstract: "What a network chooses, for the core and for each module.",
        subcommands: [List.self, Choose.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List what holds.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The module, or core.") var module = "core"

        func run() async throws {
            let answer = try await place.client().get("modules/\(module)/settings")
            let columns = (answer.json.object ?? [:]).keys.sorted().map { Column($0, $0) }
            output.show(answer, columns)
        }
    }

    struct Choose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "choose", abstract: "Choose a setting.")

        @OptionGroup var place: NetworkOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its key, as in break_glass_role.") var key: String
        @Argument(help: "What shall hold: a number, true, false, or a word.") var value: String
        @Option(help: "The module, or core.") var module = "core"

        func run() async throws {
            let value = (try? JSON(reading: Array(value.utf8))) ?? .string(value)
            try await place.client().put("modules/\(module)/settings/\(key)", ["value": value])
            output.say("Chosen.")
        }
    }
}

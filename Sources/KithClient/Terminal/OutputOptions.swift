public import ArgumentParser
public import Kith

/// How a command shows its result.
public struct OutputOptions: ParsableArguments {
    /// Whether the result is for a script.
    @Flag(name: .customLong("json"), help: "Print JSON, as the API answers it, for scripts.")
    public var isJSON = false

    /// The options without any.
    public init() {}

    /// Shows a list.
    public func show(list: JSON, _ columns: [Column], ifEmpty none: String = "There is nothing to show yet.") {
        if isJSON { return Terminal.print(list.description) }
        if list.items.isEmpty { return Terminal.print(none) }
        for line in Table(list.items, columns).lines { Terminal.print(line) }
        if list["next"]?.string != nil { Terminal.note("There are more. Ask for them with --all.") }
    }

    /// Shows one thing, a line a member.
    public func show(_ answer: KithClient.Answer, _ columns: [Column]) {
        if isJSON { return Terminal.print(String(decoding: answer.bytes, as: UTF8.self)) }
        let width = columns.map(\.title.count).max() ?? 0
        for column in columns {
            let padding = String(repeating: " ", count: width - column.title.count)
            Terminal.print("\(column.title)\(padding)  \(column.text(answer.json))")
        }
    }

    /// Says that something was done of which there is nothing to show.
    public func say(_ sentence: String) {
        if !isJSON { Terminal.print(sentence) }
    }
}

/// How much of a list is shown.
public struct ListOptions: ParsableArguments {
    /// How many things at most.
    @Option(help: "How many to show at most.")
    public var limit = 100

    /// Whether to show them all.
    @Flag(help: "Show all of them.")
    public var all = false

    /// The options without any.
    public init() {}

    /// How many things at most; nil for all.
    public var most: Int? { all ? nil : limit }

    /// Refuses a limit that shows nothing.
    /// - Throws: an error that names the option
    public func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be 1 or more.") }
    }
}

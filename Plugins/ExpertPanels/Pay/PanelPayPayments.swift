import PluginKit

/// `kith panel pay run`
struct PayRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Mark all approved claims as paid, in one payment.")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The reference that stands on the statement.") var reference: String
    @Option(help: "The day on which the money goes out, as in 2026-03-01.") var paidOn: String

    func run() async throws {
        output.show(
            try await place.client().post("pay-payments", ["reference": .string(reference), "paid_on": .string(paidOn)]), PayRuns.columns)
    }
}

/// `kith panel pay runs`
struct PayRuns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "runs", abstract: "List payments.")

    static let columns = [
        Column("PAYMENT", "id"), Column("REFERENCE", "reference"), Column("PAID ON", "paid_on"), Column("CLAIMS", "claims"),
        .money("FEES", "fees"), .money("EXPENSES", "expenses"), .money("ADVANCES", "differences"), .money("TOTAL", "total"),
    ]

    @OptionGroup var place: NetworkOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        output.show(list: try await place.client().list("pay-payments", most: list.most), Self.columns)
    }
}

/// `kith panel pay payroll`
struct PayPayroll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payroll", abstract: "Write a payment for payroll, as CSV: fees apart from expenses, a line a person, and the total.")

    @OptionGroup var place: NetworkOptions
    @Argument(help: "The payment's id.") var payment: String

    func run() async throws {
        Terminal.printTable(try await place.client().file("pay-payments/\(payment)/payroll"))
    }
}

/// `kith panel pay transfer`
struct PayTransfer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Write a payment for the bank, as CSV.",
        discussion: "Kith holds no account numbers: whoever pays keeps them, and joins them by the person's id.")

    @OptionGroup var place: NetworkOptions
    @Argument(help: "The payment's id.") var payment: String

    func run() async throws {
        Terminal.printTable(try await place.client().file("pay-payments/\(payment)/transfer"))
    }
}

/// `kith panel pay letter`
struct PayLetterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "letter", abstract: "Write a letter of what you were paid, for the Jobcentre or your own records, as HTML to print.")

    @OptionGroup var place: NetworkOptions
    @Option(help: "The first day, as in 2026-03-01.") var from: String
    @Option(help: "The last day.") var until: String
    @Option(help: "Whose letter it is, where you pay and they asked by post or phone.") var person = "me"

    func run() async throws {
        let letter = try await place.client().document(
            "people/\(person)/pay-letter", ["from": .string(from), "until": .string(until)])
        Terminal.print(String(decoding: letter, as: UTF8.self))
    }
}

/// `kith panel pay figures`
struct PayFiguresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "figures", abstract: "Show how fast this network pays.")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        output.show(
            try await place.client().get("pay-figures"),
            [
                Column("WAITING", "open"), Column("OVERDUE", "overdue"), Column("OLDEST WAITS DAYS", "longest_open_days"),
                Column("PAID", "paid"), Column("MEDIAN DAYS TO PAYMENT", "median_days_to_payment"),
                Column("LONGEST DAYS TO PAYMENT", "longest_days_to_payment"),
                Column("PAID £") { Money.pounds($0["paid_pence"]?.integer ?? 0) },
                Column("DONATED £") { Money.pounds($0["donated_pence"]?.integer ?? 0) },
                Column("ADVANCES OPEN £") { Money.pounds($0["unsettled_pence"]?.integer ?? 0) },
            ])
    }
}

extension Terminal {
    /// Prints a CSV file, whose last line ends with the line that is printed.
    fileprivate static func printTable(_ csv: [UInt8]) {
        print(String(decoding: csv.last == UInt8(ascii: "\n") ? csv.dropLast() : csv[...], as: UTF8.self))
    }
}

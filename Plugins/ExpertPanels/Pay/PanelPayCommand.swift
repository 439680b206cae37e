import PluginKit

/// `kith panel pay`
struct PanelPayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pay", abstract: "Pay: offers, claims, payments, and the most that people want to earn.",
        discussion: """
            The steps, in their order: set-policy, offer, answer, claim, approve (by two people), run, payroll and transfer. Each sum is in \
            pounds, as in 27.50. People see their own with: offers, mine, owed, ceiling, letter.
            """,
        subcommands: [
            PaySetPolicy.self, PayPolicyList.self, PayOfferCommand.self, PayOfferList.self, PayAnswer.self, PayCeiling.self,
            PayCeilingList.self, PayClaimCommand.self, PayMine.self, PayOwed.self, PayClaimList.self, PayHistory.self, PayApprove.self,
            PayCorrect.self,
            PayReject.self, PayWithdraw.self, PaySettle.self, PayRun.self, PayRuns.self, PayPayroll.self, PayTransfer.self,
            PayLetterCommand.self, PayFiguresCommand.self,
        ])
}

/// A sum that somebody types, in pounds.
struct Pounds: ExpressibleByArgument {
    let pence: Int64

    init?(argument: String) {
        let text = argument.hasPrefix("£") ? String(argument.dropFirst()) : argument
        guard let match = text.wholeMatch(of: /(\d{1,6})(?:\.(\d\d))?/), let pounds = Int64(match.1) else { return nil }
        pence = pounds * 100 + (match.2.flatMap { Int64($0) } ?? 0)
    }

    var json: JSON { ["amount": .integer(pence), "currency": "GBP"] }
}

extension Column {
    /// A sum of money.
    static func money(_ title: String, _ member: String) -> Column {
        Column(title) { $0[member]?["amount"]?.integer.map(Money.pounds) ?? "–" }
    }
}

/// `kith panel pay set-policy`
struct PaySetPolicy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-policy", abstract: "Set what the network pays from a day on, from a JSON file.",
        discussion:
            "To begin with: kith panel pay set-policy --example > policy.json, change it, then: kith panel pay set-policy policy.json")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The file.") var file: String?
    @Flag(help: "Print a policy to begin with.") var example = false

    func validate() throws {
        if example == (file != nil) { throw ValidationError("Name a file, or ask for the --example.") }
    }

    func run() async throws {
        guard let file else { return Terminal.print(PayPolicies.example.description) }
        let bytes = try Terminal.read(file: file)
        let policy: JSON
        do {
            policy = try JSON(reading: bytes)
        } catch {
            throw CommandFailure("\(file) cannot be read as JSON. Begin with: kith panel pay set-policy --example")
        }
        output.show(try await place.client().post("pay-policies", policy), PayPolicyList.columns)
    }
}

/// `kith panel pay policies`
struct PayPolicyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "policies", abstract: "List what the network pays.")

    static let columns = [
        Column("POLICY", "id"), Column("NAME", "name"), Column("FROM", "effective_from"), .money("A MILE", "mileage"),
        Column("CLAIM WITHIN MONTHS", "claim_within_months"), Column("PAID WITHIN DAYS", "pay_within_days"),
    ]

    @OptionGroup var place: NetworkOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        output.show(list: try await place.client().list("pay-policies", most: list.most), Self.columns)
    }
}

/// `kith panel pay ceiling`
struct PayCeiling: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceiling", abstract: "Set the most that you want to earn, see it, or take it away.",
        discussion: "You and those who pay see it; nobody who offers work. An offer that would break it warns you before you accept.")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The most in a week, from Monday.") var week: Pounds?
    @Option(help: "The most in a monthly assessment period.") var month: Pounds?
    @Option(help: "The day of the month on which the period begins.") var begins = 1
    @Flag(help: "Take your ceiling away.") var remove = false

    func run() async throws {
        let client = try await place.client()
        if remove {
            try await client.delete("people/me/pay-ceiling")
            return output.say("Your ceiling is taken away.")
        }
        let columns = PayCeilingList.columns
        guard week != nil || month != nil else { return output.show(try await client.get("people/me/pay-ceiling"), columns) }
        output.show(
            try await client.put(
                "people/me/pay-ceiling",
                .members(["week": week?.json, "month": month?.json, "month_begins_on": .integer(Int64(begins))])), columns)
    }
}

/// `kith panel pay ceilings`
struct PayCeilingList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceilings", abstract: "List the ceilings that people set for themselves, as somebody who pays.")

    static let columns = [
        Column("PERSON", "id"), .money("A WEEK", "week"), .money("A MONTH", "month"), Column("MONTH BEGINS ON", "month_begins_on"),
    ]

    @OptionGroup var place: NetworkOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        output.show(list: try await place.client().list("pay-ceilings", most: list.most), Self.columns)
    }
}

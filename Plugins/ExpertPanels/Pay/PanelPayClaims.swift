import PluginKit

/// `kith panel pay claim`
struct PayClaimCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Claim a fee or an expense.",
        discussion: """
            A fee: kith panel pay claim PANEL fee --offer OFFER. An expense: … claim PANEL mileage --miles 12 --day 2026-03-01, or \
            … claim PANEL carer --amount 40.00 --day 2026-03-01 --receipt "Handed in".
            """)

    @OptionGroup var panel: PanelOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "fee, mileage, travel, carer, supporter, data_and_phone or other.") var kind: String
    @Option(help: "The offer of the work; needed for a fee.") var offer: String?
    @Option(help: "The day of an expense.") var day: String?
    @Option(help: "With mileage: how many miles.") var miles: Int?
    @Option(help: "For other expenses: how much.") var amount: Pounds?
    @Option(help: "Where the receipt is.") var receipt: String?
    @Flag(help: "Have travel paid before.") var inAdvance = false
    @Option(help: "Why you did not attend, if you are asked.") var reasonNotAttended: String?
    @Option(help: "Why you claim late, if you are asked.") var reasonLate: String?
    @Option(help: "Whose claim it is, where you pay and write it down for them.") var person: String?

    func run() async throws {
        let answer = try await panel.client().post(
            "pay-claims",
            .members([
                "kind": .string(kind), "offer_id": offer.map(JSON.string), "on_day": day.map(JSON.string),
                "miles": miles.map { .integer(Int64($0)) }, "amount": amount?.json, "receipt": receipt.map(JSON.string),
                "in_advance": .bool(inAdvance), "reason_not_attended": reasonNotAttended.map(JSON.string),
                "reason_late": reasonLate.map(JSON.string), "person_id": person.map(JSON.string),
            ]))
        output.show(answer, PayClaimList.columns)
    }
}

/// `kith panel pay mine`
struct PayMine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "mine", abstract: "List what you claimed, and how far it is.")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        output.show(
            list: try await place.client().list("people/me/pay-claims", most: list.most),
            PayClaimList.columns + [Column("ADVANCE", "advance")])
    }
}

/// `kith panel pay claims`
struct PayClaimList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claims", abstract: "List claims: of a panel, or of all of them as somebody who pays.")

    static let columns = [
        Column("CLAIM", "id"), Column("PERSON", "person_id"), Column("KIND", "kind"), Column("DAY", "on_day"), .money("£", "amount"),
        Column("STATE", "state"), Column("WHY", "reason"), Column("DAYS", "days"), Column("DUE", "due_on"), Column("OVERDUE", "is_overdue"),
    ]

    @OptionGroup var place: NetworkOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The panel's id.") var panel: String?
    @Flag(help: "Only those that wait for too long.") var overdue = false
    @Option(help: "Only those that are so far, such as approved.") var state: String?

    func run() async throws {
        output.show(
            list: try await place.client().list(
                panel.map { "panels/\($0)/pay-claims" } ?? "pay-claims", ["overdue": overdue ? "true" : nil, "state": state],
                most: list.most), Self.columns, ifEmpty: overdue ? "No claim is overdue." : "There is no such claim.")
    }
}

/// Which claim a command is about.
struct ClaimOptions: ParsableArguments {
    @OptionGroup var panel: PanelOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The claim's id.") var claim: String

    func post(_ step: String, _ body: JSON? = nil) async throws {
        output.show(try await panel.client().post("pay-claims/\(claim)/\(step)", body), PayClaimList.columns)
    }
}

/// `kith panel pay history`
struct PayHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "history", abstract: "List what was done with a claim.")

    @OptionGroup var claim: ClaimOptions

    func run() async throws {
        claim.output.show(
            list: try await claim.panel.client().list("pay-claims/\(claim.claim)/entries"),
            [
                Column("WHEN", "entered_at"), Column("WHAT", "act"), .money("£", "amount"), Column("WHY", "words"),
                Column("BY", "entered_by"),
            ])
    }
}

/// `kith panel pay approve`
struct PayApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a claim. It takes two people, neither of them the claimant.")

    @OptionGroup var claim: ClaimOptions

    func run() async throws { try await claim.post("approve") }
}

/// `kith panel pay correct`
struct PayCorrect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "correct", abstract: "Correct the sum of a claim, and say why.")

    @OptionGroup var claim: ClaimOptions
    @Option(help: "What is right.") var amount: Pounds
    @Option(help: "Why, for the person to read.") var reason: String

    func run() async throws { try await claim.post("correct", ["amount": amount.json, "reason": .string(reason)]) }
}

/// `kith panel pay reject`
struct PayReject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reject", abstract: "Reject a claim, and say why.")

    @OptionGroup var claim: ClaimOptions
    @Option(help: "Why, for the person to read.") var reason: String

    func run() async throws { try await claim.post("reject", ["reason": .string(reason)]) }
}

/// `kith panel pay withdraw`
struct PayWithdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "withdraw", abstract: "Take your claim back.")

    @OptionGroup var claim: ClaimOptions

    func run() async throws { try await claim.post("withdraw") }
}

/// `kith panel pay settle`
struct PaySettle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "settle", abstract: "Account for travel that was paid in advance.")

    @OptionGroup var claim: ClaimOptions
    @Option(help: "What was spent.") var spent: Pounds
    @Option(help: "Where the receipt is.") var receipt: String

    func run() async throws { try await claim.post("settle", ["spent": spent.json, "receipt": .string(receipt)]) }
}

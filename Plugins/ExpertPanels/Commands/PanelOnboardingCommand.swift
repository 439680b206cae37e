import PluginKit

/// `kith panel onboarding`
struct PanelOnboardingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "onboarding", abstract: "From the offer of a seat to a member who is settled in.",
        subcommands: [
            Invite.self, Reply.self, Invitations.self, Members.self, List.self, Add.self, Assign.self, Settle.self, Support.self,
        ])

    static let invitation = [
        Column("SEAT", "id"), Column("PERSON", "person_id"), Column("PART", "part"), Column("PLACE", "place"), Column("STATE", "state"),
        Column("UNTIL", "expires_on"),
    ]

    static let item = [
        Column("ID", "id"), Column("PERSON", "person_id"), Column("WHAT", "title"), Column("OWNER", "owner_id"), Column("DUE", "due_on"),
        Column("OVERDUE", "is_overdue"), Column("STATE", "state"), Column("SETTLED", "settled_on"),
    ]

    static let member = [
        Column("PERSON", "person_id"), Column("SINCE", "accepted_at"), Column("TERMS", "terms_number"), Column("OPEN", "open_items"),
        Column("OVERDUE", "overdue_items"), Column("SETTLED IN", "is_onboarded"), Column("BUDDY", "buddy_id"),
        Column("CONTACT", "contact_id"), Column("ENDED", "ended_at"),
    ]

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "invite", abstract: "Offer a seat to the person who was drawn for it, or to the next reserve where a seat is free."
        )

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The seat's id.") var seat: String
        @Option(help: "The last day on which it can be accepted, as in 2026-03-01. By default by the rules of the panel.") var until:
            String?

        func run() async throws {
            let answer = try await panel.client().post("seats/\(seat)/invite", .members(["expires_on": until.map(JSON.string)]))
            output.show(answer, invitation)
        }
    }

    struct Reply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reply", abstract: "Take the seat that you are offered, or decline without a reason.",
            discussion: "Whoever runs the panel writes down with it what somebody said by post or phone.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The seat's id.") var seat: String
        @Flag(help: "Decline it.") var decline = false

        func run() async throws {
            output.show(try await panel.client().post("seats/\(seat)/reply", ["accepts": .bool(!decline)]), invitation)
        }
    }

    struct Invitations: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "invitations", abstract: "List the seats that are offered: yours, or all where you run the panel.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(
                list: try await panel.client().list("seat-invitations", most: list.most), invitation, ifEmpty: "No seat is offered yet.")
        }
    }

    struct Members: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "members", abstract: "List members, and how far they are with settling in.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Only those who are not settled in yet.") var waiting = false

        func run() async throws {
            output.show(
                list: try await panel.client().list("members", ["waiting": waiting ? "true" : nil], most: list.most), member,
                ifEmpty: waiting ? "Everybody is settled in." : "Nobody has accepted a seat yet.")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List what is to be settled: for you, what you see to, or all where you run the panel.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var list: ListOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Only of this member.") var person: String?
        @Flag(help: "Only what is overdue.") var overdue = false

        func run() async throws {
            let filters = ["person_id": person, "overdue": overdue ? "true" : nil]
            output.show(
                list: try await panel.client().list("onboarding", filters, most: list.most), item,
                ifEmpty: overdue ? "Nothing is overdue." : "There is nothing here.")
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Add to a member's list.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The member's id.") var person: String
        @Argument(help: "What it is, in plain English.") var title: String
        @Option(help: "The id of the person who sees to it.") var owner: String
        @Option(help: "By when, as in 2026-03-01.") var due: String

        func run() async throws {
            let body: JSON = [
                "person_id": .string(person), "title": .string(title), "owner_id": .string(owner), "due_on": .string(due),
            ]
            output.show(try await panel.client().post("onboarding", body), item)
        }
    }

    struct Assign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "assign", abstract: "Give an item to somebody else, or another day.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The item's id.") var id: String
        @Option(help: "The id of the person who sees to it.") var owner: String?
        @Option(help: "By when, as in 2026-03-01.") var due: String?

        func run() async throws {
            output.show(
                try await panel.client().update(
                    "onboarding/\(id)", .members(["owner_id": owner.map(JSON.string), "due_on": due.map(JSON.string)])), item)
        }
    }

    struct Settle: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "settle", abstract: "Say that something is done, not needed, or open again.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The item's id.") var id: String
        @Argument(help: "done, not_needed or open.") var state: String

        func run() async throws {
            output.show(try await panel.client().post("onboarding/\(id)/settle", ["state": .string(state)]), item)
        }
    }

    struct Support: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "support", abstract: "Name a member's buddy, or the person they turn to.")

        @OptionGroup var panel: PanelOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The member's id. Left out, it lists whom you see.") var person: String?
        @Argument(help: "buddy or contact.") var part: String?
        @Argument(help: "The id of whoever it is. Left out, nobody any more.") var supporter: String?

        func run() async throws {
            guard let person, let part else {
                output.show(
                    list: try await panel.client().list("support", most: nil),
                    [Column("PERSON", "person_id"), Column("PART", "part"), Column("SUPPORTED BY", "supporter_id")],
                    ifEmpty: "Nobody is named yet.")
                return
            }
            output.show(
                try await panel.client().put(
                    "members/\(person)/support", .members(["part": .string(part), "supporter_id": supporter.map(JSON.string)])), member)
        }
    }
}

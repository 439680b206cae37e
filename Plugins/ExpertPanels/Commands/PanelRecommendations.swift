import PluginKit

/// `kith panel recommend`
struct PanelRecommend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend", abstract: "Record what a panel recommends, who answers it and by when.")

    @OptionGroup var panel: PanelOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "What should be done.") var title: String
    @Option(help: "More of it, in plain English.") var details: String
    @Option(help: "What it rests on.") var evidence: String?
    @Option(help: "How many of the panel were asked.") var asked: Int
    @Option(help: "How many of them support it.") var inFavour: Int
    @Option(name: .customLong("author"), help: "The id of somebody who made it. May be given again.") var authors: [String] = []
    @Option(help: "The id of the organisation that answers.") var organisation: String
    @Option(help: "The id of the person who sees to the answer.") var owner: String
    @Option(help: "By when it is to be answered, as in 2026-03-01.") var due: String

    func run() async throws {
        let answer = try await panel.client().post(
            "recommendations",
            .members([
                "title": .string(title), "details": .string(details), "evidence": evidence.map(JSON.string),
                "asked": .integer(Int64(asked)), "in_favour": .integer(Int64(inFavour)),
                "author_ids": .array(authors.map(JSON.string)), "organisation_id": .string(organisation), "owner_id": .string(owner),
                "due_on": .string(due),
            ]))
        output.show(answer, PanelRecommendations.columns)
    }
}

/// `kith panel recommendations`
struct PanelRecommendations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommendations", abstract: "List what a panel recommends, with the answers.")

    static let columns = [
        Column("ID", "id"), Column("WHAT", "title"), Column("ANSWERED BY", "organisation_name"), Column("DUE", "due_on"),
        Column("OVERDUE", "is_overdue"), Column("ANSWER", "answer"), Column("AGREE", "agree"), Column("DO NOT", "disagree"),
    ]

    @OptionGroup var panel: PanelOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Only those whose answer is overdue.") var overdue = false

    func run() async throws {
        output.show(
            list: try await panel.client().list("recommendations", ["overdue": overdue ? "true" : nil], most: list.most), Self.columns,
            ifEmpty: overdue ? "No answer is overdue." : "There is none yet. Record one with: kith panel recommend")
    }
}

/// `kith panel answer`
struct PanelAnswer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Answer a recommendation, as whoever sees to it.",
        discussion: "Every answer stays on record. With “later” name the other day with --due.")

    @OptionGroup var panel: PanelOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The recommendation's id.") var recommendation: String
    @Argument(help: "done, partly, not_done or later.") var answer: String
    @Option(help: "What was done, or why not.") var words: String?
    @Option(help: "With later: by when it is to be answered then.") var due: String?

    func run() async throws {
        let answer = try await panel.client().post(
            "recommendations/\(recommendation)/answers",
            .members(["answer": .string(answer), "words": words.map(JSON.string), "due_on": due.map(JSON.string)]))
        output.show(answer, PanelRecommendations.columns)
    }
}

/// `kith panel agree`
struct PanelAgree: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agree", abstract: "Say whether you agree with the answer to what you recommended.")

    @OptionGroup var panel: PanelOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The recommendation's id.") var recommendation: String
    @Flag(help: "You do not agree.") var disagree = false

    func run() async throws {
        output.show(
            try await panel.client().put("recommendations/\(recommendation)/opinion", ["agrees": .bool(!disagree)]),
            PanelRecommendations.columns)
    }
}

/// `kith panel register`
struct PanelRegister: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Write what came of a panel's recommendations, to publish.",
        discussion: """
            “You said, we did”: organisations are named, people are only counted. For a web site: kith panel register PANEL > register.html
            """)

    enum Form: String, CaseIterable, ExpressibleByArgument {
        case html, markdown, json
    }

    @OptionGroup var panel: PanelOptions
    @Option(help: "How it is written.") var form = Form.html

    func run() async throws {
        let client = try await panel.client()
        switch form {
        case .html: Terminal.print(String(decoding: try await client.file("register/page"), as: UTF8.self))
        case .markdown: Terminal.print(String(decoding: try await client.file("register/text"), as: UTF8.self))
        case .json: Terminal.print(try await client.get("register").json.description)
        }
    }
}

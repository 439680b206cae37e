import PluginKit

/// `kith panel import-volunteers`
struct PanelImportVolunteers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-volunteers", abstract: "Take volunteers from a CSV file.",
        discussion: """
            The first row names the columns: id, one column for each feature that the targets name and, where households matter, address and zip. With \
            name and birth_year it is noticed when two rows may be one person: see kith panel doubles. Of these four only digests are kept. The file is taken as a whole or not at all, unless bad rows may be skipped.
            """)

    @OptionGroup var place: CallOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The file, or - for the standard input.", completion: .file(extensions: ["csv"])) var file: String
    @Flag(help: "Check the file and write nothing.") var dryRun = false
    @Flag(help: "Take the good rows and leave the bad ones out.") var skipBadRows = false

    func run() async throws {
        let (panel, call) = try await place.client()
        let query: [String: String?] = ["dry_run": dryRun ? "true" : nil, "skip_bad_rows": skipBadRows ? "true" : nil]
        let answer = try await panel.uploadShowingProgress("opportunities/\(call)/volunteers/import", query, Terminal.read(file: file))
        try output.show(importReport: answer, of: "volunteers", acceptsProblems: skipBadRows)
    }
}

/// `kith panel import-targets`
struct PanelImportTargets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-targets", abstract: "Replace a call's targets by those of a CSV file.",
        discussion: "The first row names the columns: feature, value, min and max.")

    @OptionGroup var place: CallOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The file, or - for the standard input.", completion: .file(extensions: ["csv"])) var file: String
    @Flag(help: "Check the file and write nothing.") var dryRun = false

    func run() async throws {
        let (panel, call) = try await place.client()
        let answer = try await panel.upload(
            "opportunities/\(call)/targets/import", ["dry_run": dryRun ? "true" : nil], Terminal.read(file: file))
        try output.show(importReport: answer, of: "targets", acceptsProblems: false)
    }
}

extension OutputOptions {
    /// Shows what came of a file.
    /// - Throws: a failure where rows were not right and nobody said to skip them, so that a script notices
    fileprivate func show(importReport answer: KithClient.Answer, of things: String, acceptsProblems: Bool) throws {
        let report = answer.json
        let problems = report["problems"]?.array ?? []
        let rows = report["rows"]?.integer ?? 0
        if isJSON {
            Terminal.print(String(decoding: answer.bytes, as: UTF8.self))
        } else {
            for line in Table(problems, [Column("ROW", "row"), Column("COLUMN", "field"), Column("WHAT IS WRONG", "detail")]).lines
            where !problems.isEmpty {
                Terminal.print(line)
            }
            let questions = report["questions"]?.array ?? []
            for line in Table(questions, [Column("ROW", "row"), Column("QUESTION", "detail")]).lines where !questions.isEmpty {
                Terminal.print(line)
            }
            let isDryRun = report["dry_run"]?.bool == true
            Terminal.print(
                isDryRun
                    ? "Checked \(rows) rows, \(problems.isEmpty ? "and all are right" : "\(problems.count) problem\(problems.count == 1 ? "" : "s") found"). Nothing was written."
                    : "Took \(report["imported"]?.integer ?? 0) \(things) from \(rows) rows.")
            if let count = report["question_count"]?.integer, count > 0 {
                Terminal.print(
                    "\(count == 1 ? "One question waits" : "\(count) questions wait") for your answer before the pool can be frozen\(isDryRun ? ", once the file is taken" : ""). See: kith panel doubles list PANEL"
                )
            }
        }
        if !problems.isEmpty, !acceptsProblems { throw CommandFailure("Correct the rows above and send the file again.", .badData) }
    }
}

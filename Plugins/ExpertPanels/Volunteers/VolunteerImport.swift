import Allocation
import PluginKit
import struct FoundationEssentials.UUID

/// Volunteers from a CSV file: `id`, one column a feature, `address` and `zip` where households matter, and `name` and `birth_year` to notice
/// somebody who stands in it twice. Of the last four only digests are kept.
struct VolunteerImport {
    struct Options: Input {
        let isDryRun: Bool
        let skipsBadRows: Bool

        init(from fields: inout Fields) {
            isDryRun = fields.optional("dry_run", .boolean, default: false, "Check the file and write nothing.")
            skipsBadRows = fields.optional("skip_bad_rows", .boolean, default: false, "Take the good rows and leave the bad ones out.")
        }
    }

    private struct Volunteer {
        let row: Int
        let reference: String
        let answers: JSON
        let household: [UInt8]?
        let identity: [UInt8]?
    }

    private static let kept = ["id"], digested = ["address", "zip", "name", "birth_year"]

    // Each pair of these is a question to somebody. So many are a column that was filled in wrongly.
    private static let mostAlike = 20

    // After how many rows it is told how far the work is.
    private static let step = 5000

    private let opportunity: UUID
    private let progress: Progress
    private var volunteers: [Volunteer] = []
    private var problems: [CSVProblem] = []

    /// Reads and checks a file.
    init(_ file: [UInt8], for opportunity: UUID, _ progress: @escaping Progress) throws {
        self.opportunity = opportunity
        self.progress = progress
        progress(0, "Reading the file")
        let table = try CSVTable.reading(file, requiring: ["id"])
        let features = table.header.filter { !(Self.kept + Self.digested).contains($0) }
        var seen: [String: Int] = [:]
        var alike: [[UInt8]: Int] = [:]
        for (position, row) in table.rows.enumerated() {
            if position.isMultiple(of: Self.step) {
                progress(0.1 + 0.3 * Double(position) / Double(table.rows.count), "Checking \(table.rows.count) rows")
            }
            let reference = row["id"] ?? ""
            let found = problems.count
            if reference.isEmpty || reference.unicodeScalars.count > 100 {
                problems.append(CSVProblem(row: row.number, column: "id", reason: "Give an id of 1 to 100 characters."))
            } else if let first = seen.updateValue(row.number, forKey: reference) {
                problems.append(CSVProblem(row: row.number, column: "id", reason: "This id stands in row \(first) already."))
            }
            var answers: [String: JSON] = [:]
            for feature in features {
                let answer = row[feature] ?? ""
                if answer.isEmpty || answer.unicodeScalars.count > 200 {
                    problems.append(CSVProblem(row: row.number, column: feature, reason: "Give an answer of 1 to 200 characters."))
                }
                answers[feature] = .string(answer)
            }
            let year = row["birth_year"] ?? ""
            if !year.isEmpty, NameAndBirthYear.year(year) == nil {
                problems.append(
                    CSVProblem(row: row.number, column: "birth_year", reason: "Give the year in four digits, as in 1975, or nothing."))
            }
            let identity = Doubles.digest(NameAndBirthYear(name: row["name"] ?? "", birthYear: year), in: opportunity)
            if let identity, problems.count == found {
                let above = alike[identity, default: 0]
                alike[identity] = above + 1
                if above >= Self.mostAlike {
                    problems.append(
                        CSVProblem(
                            row: row.number, column: "name",
                            reason: "\(Self.mostAlike) rows above have this name and year of birth already. Are these two columns right?"))
                }
            }
            if problems.count == found {
                volunteers.append(
                    Volunteer(
                        row: row.number, reference: reference, answers: .object(answers),
                        household: Self.household(row["address"], row["zip"], in: opportunity),
                        identity: identity))
            }
        }
    }

    /// Writes the volunteers, all or none unless bad rows may be skipped.
    func write(by actor: Actor, of panel: UUID, _ options: Options) async throws -> JSON {
        try await actor.transaction { actor in
            try await Opportunities.lock(opportunity, of: panel, by: actor)
            let known = try await knownRows(by: actor)
            let questions = try await questions(by: actor)
            let all = problems + known.map { CSVProblem(row: $0, column: "id", reason: "A volunteer with this id is already here.") }
            if !all.isEmpty, !options.skipsBadRows, !options.isDryRun { throw Refusal.invalid(all.fields) }
            var imported = 0
            if !options.isDryRun {
                imported = try await insert(by: actor)
            }
            return [
                "rows": .integer(Int64(volunteers.count + Set(problems.map(\.row)).count)), "imported": .integer(Int64(imported)),
                "dry_run": .bool(options.isDryRun),
                "problems": .array(all.sorted { $0.row < $1.row }.prefix(1000).map(\.document)),
                "question_count": .integer(Int64(questions.count)), "questions": .array(questions.prefix(1000).map(\.document)),
            ]
        }
    }

    /// What is answered.
    static let report = Schema.object(
        name: "VolunteerImportReport",
        members: ImportReport.members + [
            ("question_count", .inline(["type": "integer"]), "How often two have the same name and year of birth."),
            (
                "questions", .list(CSVProblem.schema),
                "The rows of these, up to a thousand. They are taken; before the pool is frozen, say of each two whether they are one person."
            ),
        ], required: Set(ImportReport.members.map(\.name) + ["question_count", "questions"]))

    // The rows are copied into a table of this transaction: COPY does not write to a table with row-level security.
    private func knownRows(by actor: Actor) async throws -> [Int] {
        _ = try await actor.run(
            """
            create temporary table volunteer_rows (row_number integer, volunteer_id uuid, reference text, answers jsonb, household bytea,
                identity bytea)
            on commit drop
            """)
        guard let transaction = actor.current else { preconditionFailure("the rows are copied in a transaction") }
        let ids = UUID.version7(count: volunteers.count)
        _ = try await transaction.copy(
            into: "volunteer_rows", columns: ["row_number", "volunteer_id", "reference", "answers", "household", "identity"],
            rows: volunteers.enumerated().lazy.map { position, volunteer -> [any PostgresEncodable] in
                if position.isMultiple(of: Self.step) {
                    progress(0.4 + 0.2 * Double(position) / Double(volunteers.count), "Comparing with who is here already")
                }
                return [
                    volunteer.row, ids[position], volunteer.reference, JSONText(volunteer.answers.description), volunteer.household,
                    volunteer.identity,
                ]
            })
        return try await actor.read(
            """
            select row_number from volunteer_rows join expert_panels.volunteers using (reference)
            where opportunity_id = \(opportunity) order by row_number
            """
        ).decode(Int.self)
    }

    // Who of the file has the name and year of birth of somebody above, or of somebody who is here already.
    private func questions(by actor: Actor) async throws -> [CSVProblem] {
        try await actor.read(
            """
            with arrivals as (
                select r.* from volunteer_rows r where r.identity is not null and not exists (
                    select from expert_panels.volunteers v where v.opportunity_id = \(opportunity) and v.reference = r.reference))
            select a.row_number, b.row_number as first_row, null as reference
            from arrivals a join arrivals b on b.identity = a.identity and b.row_number < a.row_number
            union all
            select a.row_number, null, v.reference
            from arrivals a join expert_panels.characteristics c on c.identity = a.identity
                join expert_panels.volunteers v on v.network_id = c.network_id and v.volunteer_id = c.volunteer_id and v.withdrawn_at is null
            order by 1, 2
            """
        ).decode((Int, Int?, String?).self).map { row, first, reference in
            let other = first.map { "row \($0)" } ?? "the volunteer \(reference ?? ""), who is here already"
            return CSVProblem(row: row, column: "name", reason: "The same name and year of birth as \(other). Are they one person?")
        }
    }

    private func insert(by actor: Actor) async throws -> Int {
        progress(0.6, "Writing \(volunteers.count) volunteers")
        let written = try await actor.run(
            """
            insert into expert_panels.volunteers (network_id, volunteer_id, opportunity_id, reference)
            select \(actor.network), volunteer_id, \(opportunity), reference from volunteer_rows r
            where not exists (
                select from expert_panels.volunteers v where v.opportunity_id = \(opportunity) and v.reference = r.reference)
            """)
        progress(0.8, "Writing what they say for the targets")
        _ = try await actor.run(
            """
            insert into expert_panels.characteristics (network_id, volunteer_id, answers, household, identity)
            select \(actor.network), volunteer_id, r.answers, r.household, r.identity
            from volunteer_rows r join expert_panels.volunteers v using (volunteer_id)
            """,
            actor.recorded("select \(opportunity)::uuid as id"))
        progress(0.95, "Comparing names and years of birth")
        try await Doubles.ask(
            about: "select volunteer_id from volunteer_rows where identity is not null", in: opportunity, by: actor)
        return written[0].affected
    }

    /// A digest of a household.
    static func household(_ address: String?, _ zip: String?, in opportunity: UUID) -> [UInt8]? {
        guard let address, let zip, !address.isEmpty, !zip.isEmpty else { return nil }
        return CallDigest.of(address, zip, in: opportunity)
    }
}

public import Postgres
public import struct FoundationEssentials.UUID

/// What a module holds of people, and what becomes of it. The server does not start with a module that has none, and the conformance
/// suite fails where a column that can hold words or choices is in no holding.
public struct PrivacyContract: Sendable {
    /// How carefully it must be treated.
    public enum Confidentiality: String, Sendable {
        /// Known to whoever works with the person.
        case ordinary
        /// UK GDPR article 9: asked for one purpose, kept apart, counted in groups of five or more.
        case specialCategory = "special_category"
        /// For the members of a space only, not for administrators.
        case members
        /// For the person, and for those with whom they share it; not for administrators.
        case person

        /// Whether it may stand in a copy that an administrator asked for.
        var isForAdministrators: Bool { self == .ordinary || self == .specialCategory }
    }

    /// What happens when the person asks to be erased.
    public enum Erasure: Sendable {
        /// The rows go.
        case delete
        /// The rows stay for the counts; each of the columns is set to an SQL expression that tells nothing.
        case replace([String: String])
        /// The rows stay as they are, for a stated reason (a duty to keep accounts, a ledger of ids).
        case keep(because: String)
    }

    /// One class of personal data: some columns of one table.
    public struct Holding: Sendable {
        /// What it is, in plain English.
        public let title: String
        /// The table with its schema, and the columns that hold it.
        public let table: String, columns: [String]
        /// An SQL condition on the table that holds for the rows of the person `$person`, or of their account `$account`, which is null
        /// where the account is not to be touched.
        public let ofPerson: String
        /// How carefully it must be treated.
        public let confidentiality: Confidentiality
        /// What happens when the person asks to be erased.
        public let erasure: Erasure
        /// For how long it is kept.
        public let retention: Retention

        /// Declares a holding.
        public init(
            _ title: String, table: String, columns: [String], ofPerson: String, confidentiality: Confidentiality, erasure: Erasure,
            retention: Retention
        ) {
            self.title = title
            self.table = table
            self.columns = columns
            self.ofPerson = ofPerson
            self.confidentiality = confidentiality
            self.erasure = erasure
            self.retention = retention
        }

        /// Selects what is held of a person.
        public func export(of person: UUID, account: UUID? = nil) -> Query {
            "select \(raw: columns.joined(separator: ", ")) from \(raw: table) where \(query: condition(person, account))"
        }

        /// Counts what is held of a person.
        public func count(of person: UUID, account: UUID? = nil) -> Query {
            "select count(*) from \(raw: table) where \(query: condition(person, account))"
        }

        /// Erases what is held of a person; nil where it is kept.
        public func erase(_ person: UUID, account: UUID? = nil) -> Query? {
            erase(where: condition(person, account))
        }

        /// Erases rows; nil where they are kept.
        func erase(where condition: Query) -> Query? {
            switch erasure {
            case .delete: "delete from \(raw: table) where \(query: condition)"
            case .replace(let values):
                "update \(raw: table) set \(raw: values.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")) where \(query: condition)"
            case .keep: nil
            }
        }

        private func condition(_ person: UUID, _ account: UUID?) -> Query {
            var condition: Query = ""
            for (index, part) in ofPerson.split(separator: "$person", omittingEmptySubsequences: false).enumerated() {
                if index > 0 { condition += "\(person)::uuid" }
                for (index, part) in part.split(separator: "$account", omittingEmptySubsequences: false).enumerated() {
                    if index > 0 { condition += "\(account)::uuid" }
                    condition += Query(raw: String(part))
                }
            }
            return condition
        }
    }

    /// What is held.
    public let holdings: [Holding]
    /// Columns that hold words but nothing about a person, as `table.column` or `table.*`, each with the reason.
    public let impersonal: [String: String]

    /// Makes a contract.
    public init(holdings: [Holding], impersonal: [String: String] = [:]) {
        self.holdings = holdings
        self.impersonal = impersonal
    }

    /// Several contracts as one.
    init(joining contracts: [PrivacyContract]) {
        holdings = contracts.flatMap(\.holdings)
        impersonal = contracts.reduce(into: [:]) { all, contract in all.merge(contract.impersonal) { first, _ in first } }
    }

    /// Whether a column stands in it: held of people, or said to be about nobody.
    package func declares(_ table: String, _ column: String) -> Bool {
        impersonal["\(table).\(column)"] != nil || impersonal["\(table).*"] != nil
            || holdings.contains { $0.table == table && $0.columns.contains(column) }
    }
}

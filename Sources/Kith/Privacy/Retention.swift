import Postgres

/// For how long a class of data is kept: in plain English, for the notice that people read, and where a job can tell, as a rule.
///
/// ```swift
/// retention: "As long as you are a member."
/// retention: .days(365, within: 30...730, since: "withdrawn_at", as: "withdrawn_offers", "A year after the offer was withdrawn.")
/// ```
public struct Retention: Sendable, ExpressibleByStringLiteral {
    /// What the daily job does: rows are erased as the holding says, so many days after a moment in the row.
    public struct Rule: Sendable {
        /// The name by which a network chooses another time, unique in the server.
        public let name: String
        /// An SQL expression of the row: the moment from which the days count; rows where it is null stay.
        public let since: String
        /// How many days, where the network has chosen nothing.
        public let days: Int
        /// What a network may choose.
        public let limits: ClosedRange<Int>
    }

    /// In plain English.
    public let text: String
    /// The rule; nil where a person has to decide.
    public let rule: Rule?

    /// No rule: a person decides.
    public init(stringLiteral text: String) {
        self.text = text
        rule = nil
    }

    private init(_ text: String, _ rule: Rule) {
        self.text = text
        self.rule = rule
    }

    /// Kept for so many days after a moment.
    public static func days(_ days: Int, within limits: ClosedRange<Int>, since: String, as name: String, _ text: String) -> Retention {
        Retention(text, Rule(name: name, since: since, days: days, limits: limits))
    }
}

extension PrivacyContract.Holding {
    /// An SQL condition for the rows that have had their time and are not erased yet; nil where there is no rule.
    func isOver(after days: Int) -> Query? {
        guard let rule = retention.rule else { return nil }
        let over: Query = "(\(raw: rule.since)) < now() - make_interval(days => \(days)::integer)"
        switch erasure {
        case .keep: return nil
        case .delete: return over
        case .replace(let values):
            let changes = values.sorted { $0.key < $1.key }.map { "\($0.key) is distinct from \($0.value)" }.joined(separator: " or ")
            return "\(query: over) and (\(raw: changes))"
        }
    }
}

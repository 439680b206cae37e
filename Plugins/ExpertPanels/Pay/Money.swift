import PluginKit

/// A sum in whole pence. No sum is ever a floating-point number.
struct Money: Input {
    enum Currency: String, Sendable, CaseIterable {
        case pounds = "GBP"
    }

    let pence: Int

    init(from fields: inout Fields) {
        pence = fields.required("amount", .integer(0...10_000_000), "How many pence.")
        _ = fields.optional("currency", Format<Currency>.choice(), default: .pounds, "Pounds sterling.")
    }

    /// A sum as people write it, as in 27.50.
    static func pounds(_ pence: Int64) -> String {
        let (pounds, rest) = pence.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(pence < 0 ? "-" : "")\(pounds).\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension Format where Value == Money {
    static var money: Format { .object() }
}

extension Resource.Field {
    private static let moneySchema: [String: JSON] = [
        "type": "object", "required": ["amount", "currency"], "additionalProperties": false,
        "properties": ["amount": ["type": "integer"], "currency": ["type": "string", "enum": ["GBP"]]],
    ]

    /// A sum of money in pence, of a column that holds pence.
    static func money(_ name: String, _ note: String, from column: String) -> Self {
        .json(
            name, schema: moneySchema, note,
            from: "case when \(column) is not null then jsonb_build_object('amount', \(column), 'currency', 'GBP') end")
    }
}

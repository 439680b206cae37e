public import Postgres

/// Roles as statements take them, `text[]`, written once because every request sends some.
public struct RoleNames: Sendable, Hashable, PostgresEncodable {
    private let literal: String

    /// Writes the names of roles, in their order.
    public init(_ roles: Set<Role>) {
        literal = "{\(roles.map(\.rawValue).sorted().joined(separator: ","))}"
    }

    public static var postgresType: PostgresType { String.postgresArrayType }

    public func encode(into text: inout PostgresText) { text.append(literal) }
}

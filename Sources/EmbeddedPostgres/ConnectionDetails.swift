/// How to connect to a private cluster: the socket, the roles and their passwords.
///
/// Printing it shows no password.
public struct ConnectionDetails: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The folder of the Unix socket: libpq's `host`.
    public let socketFolder: String
    /// The number in the socket's name: libpq's `port`. Nothing listens on TCP.
    public let port: Int
    /// The password of each role, by the role's name.
    let passwords: [String: String]

    /// The cluster's superuser, for tests that create databases and for repairs. The server itself does not use it.
    public static let superuser = "postgres"
    /// The role that owns the database and runs the migrations.
    public static let owner = "kith_owner"
    /// The role that serves requests: it owns nothing and is bound by row-level security.
    public static let app = "kith_app"
    /// The database that ``owner`` owns.
    public static let database = "kith"

    /// The password of a role that the cluster was created with.
    ///
    /// - Parameter user: ``superuser``, ``owner`` or ``app``.
    /// - Returns: The password, or `nil` for any other role.
    public func password(of user: String) -> String? { passwords[user] }

    /// A libpq connection string of the form `host='…' port='…' user='…' password='…' dbname='…'`.
    ///
    /// ```swift
    /// let server = details.connectionString(user: ConnectionDetails.app)
    /// let migrations = details.connectionString(user: ConnectionDetails.owner)
    /// ```
    ///
    /// - Parameters:
    ///   - user: The role. The password is left out for a role that the cluster was not created with.
    ///   - database: The database's name.
    /// - Returns: The string. It holds a password: do not log it.
    public func connectionString(user: String, database: String = ConnectionDetails.database) -> String {
        var parts = [("host", socketFolder), ("port", String(port)), ("user", user)]
        if let password = passwords[user] { parts.append(("password", password)) }
        parts.append(("dbname", database))
        return parts.map { "\($0)=\(Self.quoted($1))" }.joined(separator: " ")
    }

    /// Quotes a value as libpq reads it: in single quotes, with `\` before a quote or a backslash.
    ///
    /// Source: PostgreSQL documentation, "34.1.1.1. Keyword/Value Connection Strings".
    static func quoted(_ value: String) -> String {
        var result = "'"
        for character in value.unicodeScalars {
            if character == "'" || character == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(character)
        }
        return result + "'"
    }

    /// The socket's folder and port.
    public var description: String { "\(socketFolder):\(port)" }

    /// The socket's folder and port.
    public var debugDescription: String { description }
}

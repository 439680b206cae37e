import CLibpq

/// A connection string taken apart, as libpq reads it, to reach another database of the same server, or to run PostgreSQL's own programs
/// without a password on their command line.
public struct ConnectionParameters: Sendable {
    /// The environment variables that say the same to any program that uses libpq. They hold the password: do not log them.
    public let environment: [String: String]
    private let values: [String: String]

    /// Takes a connection string or URI apart.
    /// - Throws: ``PostgresError`` where libpq cannot read it
    public init(_ connectionString: String) throws(PostgresError) {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(connectionString, &message) else {
            PQfreemem(message)
            // What libpq says of it may hold the password.
            throw PostgresError(.connectionFailed, reason: "the connection string cannot be read")
        }
        defer { PQconninfoFree(options) }
        var (values, environment): ([String: String], [String: String]) = ([:], [:])
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                values[String(cString: keyword)] = String(cString: value)
                if let name = option.pointee.envvar { environment[String(cString: name)] = String(cString: value) }
            }
            option += 1
        }
        (self.values, self.environment) = (values, environment)
    }

    /// The machines that it leads to, none for this one by its socket.
    public var hosts: [String] {
        let all = (values["hostaddr"] ?? values["host"] ?? Self.defaults["host"] ?? "").split(separator: ",").map(String.init)
        return all.filter { !$0.hasPrefix("/") && !$0.hasPrefix("@") }
    }

    /// How the way there is encrypted (`sslmode`); libpq itself falls back to plain text where nothing is said.
    public var encryption: String { values["sslmode"] ?? Self.defaults["sslmode"] ?? "prefer" }

    // What libpq takes where the connection string is silent, from its environment (`PGSSLMODE`, …).
    private static let defaults: [String: String] = {
        guard let options = PQconndefaults() else { return [:] }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return values
    }()

    /// The database.
    public var database: String { values["dbname"] ?? values["user"] ?? "postgres" }

    /// The connection string to another database of the same server, with the same role.
    public func connectionString(database: String) -> String {
        values.merging(["dbname": database]) { $1 }.sorted { $0.key < $1.key }
            .map { "\($0)='\($1.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'" }.joined(separator: " ")
    }
}

import Crypto

/// One step of a module's schema: plain SQL, numbered, never changed once it was released.
public struct Migration: Sendable {
    /// `core` or the plugin's id.
    public let module: String
    /// Its place, from 1 without gaps.
    public let number: Int
    /// What it is about.
    public let name: String
    /// The SQL, several statements.
    public let sql: String

    /// Declares a migration.
    public init(module: String, number: Int, name: String, sql: [UInt8]) {
        self.module = module
        self.number = number
        self.name = name
        self.sql = String(decoding: sql, as: UTF8.self)
    }

    /// By which a change of a released migration is noticed: SHA-256.
    var checksum: [UInt8] { Array(SHA256.hash(data: Array(sql.utf8))) }

    /// As in `core/0001_core`.
    public var title: String { "\(module)/\(String(repeating: "0", count: max(0, 4 - String(number).count)))\(number)_\(name)" }
}

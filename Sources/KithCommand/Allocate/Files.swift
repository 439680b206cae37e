import Foundation
import KithClient

/// Files that commands write.
enum Files {
    /// Writes a file that only its owner can read. One that is there already is kept.
    static func write(_ bytes: [UInt8], to path: String) throws {
        if FileManager.default.fileExists(atPath: path) { throw CommandFailure("There is a file \(path) already. Name another.", .usage) }
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
            throw CommandFailure("The file \(path) cannot be written. Name another, or another folder.")
        }
    }
}

import Glibc
import struct FoundationEssentials.URL
import class FoundationEssentials.FileManager

/// A new folder that the user of the cluster can get to.
struct TemporaryFolder: Sendable {
    /// Why there is none.
    struct Failure: Error {
        let code: Int32
    }

    let path: String

    init() throws {
        var template = Array("/tmp/kith-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // PostgreSQL runs as another user where the tests run as root.
        guard chmod(path, 0o711) == 0 else { throw Failure(code: errno) }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

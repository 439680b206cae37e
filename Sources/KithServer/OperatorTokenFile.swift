import Glibc
import Kith
import struct FoundationEssentials.Data
import struct FoundationEssentials.URL

/// Where a server with its own database leaves the operator's first token: a file that only its user may read.
public struct OperatorTokenFile: Sendable {
    /// The path.
    public let path: String

    /// The file in a data folder.
    public init(in dataFolder: String) {
        path = "\(dataFolder)/operator-token"
    }

    /// The token, or nil where there is no file that this user may read.
    public func read() -> String? {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    func write(_ token: Secret) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Server.Failure(description: "The operator's token could not be written to \(path): \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        let text = Array("\(token.text)\n".utf8)
        guard Glibc.write(descriptor, text, text.count) == text.count else {
            throw Server.Failure(description: "The operator's token could not be written to \(path). Is the disk full?")
        }
    }
}

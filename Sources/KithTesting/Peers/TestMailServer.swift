import Subprocess
public import Kith
import struct FoundationEssentials.Data
import class FoundationEssentials.FileManager
import struct FoundationEssentials.URL

/// A real mail server (aiosmtpd) in a process of its own, for the time of a test. `Deploy/install --test` installs it.
///
/// It refuses the recipients `unknown…@` for good, `busy…@` for the time being and `full…@` after the text, and is late for `slow…@`.
public struct TestMailServer: Sendable {
    /// How it encrypts.
    public enum Security: String, Sendable {
        case implicit, starttls, none
        /// STARTTLS with a reply in plain text smuggled in behind it.
        case injecting
    }

    /// Its port on 127.0.0.1.
    public let port: Int
    /// The certificate that it shows, self-made for `localhost`, as a file.
    public let certificate: String
    private let folder: URL

    /// The mails that it took, in order: `sender`, `recipient`, `encrypted`, `user`, `headers`, `text`, `html`, `calendar`, ….
    public func mails() throws -> [JSON] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }.sorted()
            .map { try JSON(reading: Array(Data(contentsOf: folder.appending(path: $0)))) }
    }

    /// Runs a mail server while `body` runs.
    /// - Parameters:
    ///   - security: how it encrypts
    ///   - login: `user:password` that it demands
    ///   - mechanism: the one that it offers, `PLAIN` or `LOGIN`
    ///   - body: the test
    /// - Returns: what `body` returns
    /// - Throws: what `body` throws, or why the server cannot run
    public static func run<Value: Sendable>(
        _ security: Security = .starttls, login: String = "", mechanism: String = "PLAIN",
        _ body: @Sendable (TestMailServer) async throws -> Value
    ) async throws -> Value {
        try await TestPeer.inFolder { folder in
            let certificate = folder.appending(path: "certificate.pem").path
            let made = try await Subprocess.run(
                .name("openssl"),
                arguments: [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost", "-keyout", folder.appending(path: "key.pem").path, "-out", certificate,
                ], output: .discarded)
            guard made.terminationStatus.isSuccess else { throw TestServer.Unexpected(description: "openssl made no certificate") }
            let arguments = ["--tls", security.rawValue, "--user", login, "--mechanism", mechanism]
            return try await TestPeer.run(PackageResources.mail_server_py, arguments, in: folder) { peer in
                try await body(TestMailServer(port: peer.port, certificate: certificate, folder: folder))
            }
        }
    }
}

/// Programs that `Deploy/install --test` installs.
public enum TestTools {
    /// Python with a mail server and a reader of calendars.
    public static let python = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../.build-tools/mail/bin/python")
        .standardized.path
}

import NIOCore
import struct FoundationEssentials.Data

/// Hands mails to a server by SMTP (RFC 5321).
///
/// ```swift
/// let client = SMTPClient(SMTPConfiguration(host: "mail.example.org", port: 587, credentials: ("kith", password)))
/// try await client.send(email)
/// ```
public struct SMTPClient: Sendable {
    private let configuration: SMTPConfiguration

    /// Makes a client; nothing is opened yet.
    public init(_ configuration: SMTPConfiguration) {
        self.configuration = configuration
    }

    /// Hands over one mail on a connection of its own. When it returns, the server has taken the mail into its care.
    /// - Throws: ``SMTPError``; a mail that was refused for the time being, or whose fate is not known, may be sent again
    public func send(_ email: Email) async throws(SMTPError) {
        try await withSession { session throws(SMTPError) in try await session.send(email) }
    }

    /// Opens a connection for several mails, one after the other.
    /// - Throws: ``SMTPError`` where the server cannot be reached or does not let us in, and what `body` throws
    public func withSession<Result: Sendable>(
        _ body: (SMTPSession) async throws(SMTPError) -> Result
    ) async throws(SMTPError) -> Result {
        let wire = try await Wire.open(configuration)
        do {
            let session = SMTPSession(wire: wire)
            try await session.begin(configuration)
            let result = try await body(session)
            // The mails are handed over; whether the farewell is heard changes nothing.
            _ = try? await wire.send("QUIT", at: .message)
            await wire.close()
            return result
        } catch {
            await wire.close()
            throw error
        }
    }
}

/// A conversation with a server that has let us in.
public struct SMTPSession: Sendable {
    let wire: Wire

    /// Hands over one mail. After a refusal the next one can be sent on the same connection.
    /// - Throws: ``SMTPError``
    public func send(_ email: Email) async throws(SMTPError) {
        do {
            try await expect(250, "MAIL FROM:<\(email.returnPath ?? email.from.address)>", .sender)
            try await expect(250...251, "RCPT TO:<\(email.to.address)>", .recipient)
            try await expect(354, "DATA", .message)
            try require(try await wire.send(Self.text(email.bytes), at: .message), 250...250, .message)
        } catch {
            if case .refused(let code, _) = error.reason, code != 421 { _ = try await wire.send("RSET", at: .message) }
            throw error
        }
    }

    func begin(_ configuration: SMTPConfiguration) async throws(SMTPError) {
        try require(try await wire.welcome(), 220...220, .greeting)
        var offered = try await hello()
        var isSecure = configuration.security == .implicit
        if configuration.security == .required || configuration.security == .optional && offered.offers("STARTTLS") {
            guard offered.offers("STARTTLS") else { throw SMTPError(stage: .securing, reason: .notSecure) }
            try await expect(220, "STARTTLS", .securing)
            try await wire.secure()
            // What was offered before the encryption began may have been anybody's.
            offered = try await hello()
            isSecure = true
        }
        guard let (user, password) = configuration.credentials else { return }
        guard isSecure else { throw SMTPError(stage: .authentication, reason: .noMechanism) }
        if offered.offers("AUTH", "PLAIN") {
            try await expect(235, "AUTH PLAIN \(Self.base64("\0\(user)\0\(password)"))", .authentication)
        } else if offered.offers("AUTH", "LOGIN") {
            try await expect(334, "AUTH LOGIN", .authentication)
            try await expect(334, Self.base64(user), .authentication)
            try await expect(235, Self.base64(password), .authentication)
        } else {
            throw SMTPError(stage: .authentication, reason: .noMechanism)
        }
    }

    private func hello() async throws(SMTPError) -> Reply {
        try await expect(250, "EHLO \(wire.literal)", .greeting)
    }

    @discardableResult
    private func expect(_ code: Int, _ command: String, _ stage: SMTPError.Stage) async throws(SMTPError) -> Reply {
        try await expect(code...code, command, stage)
    }

    @discardableResult
    private func expect(_ codes: ClosedRange<Int>, _ command: String, _ stage: SMTPError.Stage) async throws(SMTPError) -> Reply {
        try require(try await wire.send(command, at: stage), codes, stage)
    }

    @discardableResult
    private func require(_ reply: Reply, _ codes: ClosedRange<Int>, _ stage: SMTPError.Stage) throws(SMTPError) -> Reply {
        if codes.contains(reply.code) { return reply }
        throw SMTPError(
            stage: stage, reason: reply.code >= 400 ? .refused(code: reply.code, status: reply.status) : .protocolViolation)
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    // A line that begins with a dot gets another, so that none is taken for the end (RFC 5321, section 4.5.2).
    static func text(_ bytes: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bytes.count + 64)
        var isAtStart = true
        for byte in bytes {
            if isAtStart, byte == UInt8(ascii: ".") { buffer.writeInteger(byte) }
            buffer.writeInteger(byte)
            isAtStart = byte == 0x0a
        }
        buffer.writeString(isAtStart ? ".\r\n" : "\r\n.\r\n")
        return buffer
    }
}

import Crypto
import HTTPTypes
import Kith
import Postgres

/// What is sent back.
public struct Reply: Sendable {
    /// The body.
    enum Body: Sendable {
        case none
        case bytes([UInt8], mediaType: String)
        case stream(@Sendable (_ send: (_ chunk: [UInt8]) async throws -> Void) async throws -> Void)
    }

    var status: HTTPResponse.Status
    var headers = HTTPFields()
    var body = Body.none

    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Reply {
        Reply(status: status, body: .bytes(bytes, mediaType: "application/json"))
    }

    static func document(_ bytes: [UInt8], mediaType: String) -> Reply {
        Reply(status: .ok, headers: [.cacheControl: "no-store"], body: .bytes(bytes, mediaType: mediaType))
    }

    static func one(_ row: Row, _ resource: Resource, _ status: HTTPResponse.Status) throws -> Reply {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        row.appendJSON(into: &bytes)
        var reply = Reply.json(bytes, status: status)
        if resource.isVersioned { reply.headers[.eTag] = "\"\(try row["version", as: Int64.self])\"" }
        return reply
    }

    static func page(_ rows: Rows, _ page: Page, _ uri: (path: String, query: [String: String])) throws -> Reply {
        var bytes = Array(#"{"items":"#.utf8)
        bytes.reserveCapacity(256 * (rows.count + 1))
        rows.appendJSON(0..<min(rows.count, page.limit), into: &bytes)
        var next: String?
        if rows.count > page.limit { next = try rows[page.limit - 1]["id", as: String.self] }
        return Reply.page(items: bytes, next: next, page, uri)
    }

    /// A page whose list of items is written, up to its closing bracket.
    static func page(items: [UInt8], next: String?, _ page: Page, _ uri: (path: String, query: [String: String])) -> Reply {
        var bytes = items
        bytes.append(contentsOf: #","next":"#.utf8)
        bytes.append(contentsOf: (next.map { "\"\($0)\"}" } ?? "null}").utf8)
        var reply = Reply.json(bytes)
        if let next {
            let query = uri.query.merging(["after": next, "limit": "\(page.limit)"]) { $1 }.sorted { $0.key < $1.key }
            reply.headers[.link] =
                "<\(uri.path)?\(query.map { "\($0.key)=\($0.value.percentEncoded)" }.joined(separator: "&"))>; rel=\"next\""
        }
        return reply
    }

    /// Server-sent events, written by `write` until it returns.
    static func stream(_ write: @escaping @Sendable (_ send: (_ chunk: [UInt8]) async throws -> Void) async throws -> Void) -> Reply {
        Reply(status: .ok, headers: [.contentType: "text/event-stream"], body: .stream(write))
    }

    /// Lets anybody keep the answer for so many seconds, and ask for it again by its ETag; and a browser show a page with its own style.
    mutating func publish(forSeconds seconds: Int) {
        guard case .bytes(let bytes, _) = body else { return }
        headers[.cacheControl] = "public, max-age=\(seconds)"
        headers[.eTag] = "\"\(SHA256.hash(data: bytes).prefix(16).hexadecimal)\""
        headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    }

    func located(at address: String) -> Reply {
        var reply = self
        reply.headers[.location] = address
        return reply
    }
}

extension HTTPField.Name {
    static let link = HTTPField.Name("Link")!
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
    static let accessReason = HTTPField.Name("Kith-Access-Reason")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let requestID = HTTPField.Name("X-Request-ID")!
}

extension String {
    /// The text as a value in a query string (RFC 3986: everything but unreserved characters is escaped).
    var percentEncoded: String {
        var encoded = ""
        for byte in utf8 {
            let character = Character(Unicode.Scalar(byte))
            if byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
                encoded.append(character)
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

import AsyncHTTPClient
public import Kith
import NIOCore
import NIOHTTP1

/// Something that happened, as the stream of events tells it.
public struct ServerEvent: Sendable {
    /// Its place in the order, to go on from.
    public let id: String?
    /// What happened.
    public let kind: String
    /// The document that came with it.
    public let data: JSON
}

extension KithClient {
    /// Follows a stream of server-sent events until it ends.
    /// - Parameters:
    ///   - path: the stream
    ///   - last: the id after which to go on; nil to begin now
    ///   - body: told of each event
    /// - Throws: ``ClientError``, or what `body` throws
    public func follow(_ path: String, after last: String? = nil, _ body: (ServerEvent) async throws -> Void) async throws {
        let request = request(.GET, path, [:], headers: last.map { ["Last-Event-ID": $0] } ?? [:])
        _ = try await events(of: request, timeout: .hours(24 * 365)) { event -> Void? in
            try await body(event)
            return nil
        }
    }

    /// Tells each event of an answer until `body` has what it waits for; nil where the answer ends before.
    func events<Result>(
        of request: HTTPClientRequest, timeout: TimeAmount, _ body: (ServerEvent) async throws -> Result?
    ) async throws -> Result? {
        try await reaching {
            let response = try await Self.http.execute(request, timeout: timeout)
            guard response.status == .ok else {
                let bytes = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
                // What is no JSON, as of a proxy, says no more than its status.
                throw refused(Int(response.status.code), (try? JSON(reading: bytes)) ?? .null)
            }
            var parser = ServerEventParser()
            for try await chunk in response.body {
                for event in parser.read(chunk.readableBytesView) {
                    if let result = try await body(event) { return result }
                }
            }
            return nil
        }
    }
}

/// Reads server-sent events (WHATWG HTML, section 9.2) out of chunks that may end anywhere.
struct ServerEventParser {
    private var line: [UInt8] = []
    private var fields: [String: String] = [:]

    mutating func read(_ chunk: some Sequence<UInt8>) -> [ServerEvent] {
        var events: [ServerEvent] = []
        for byte in chunk {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            line.removeAll(keepingCapacity: true)
            if text.isEmpty {
                if let data = fields["data"] {
                    let json = (try? JSON(reading: Array(data.utf8))) ?? .string(data)
                    events.append(ServerEvent(id: fields["id"], kind: fields["event"] ?? "message", data: json))
                }
                fields.removeAll()
            } else if let colon = text.firstIndex(of: ":"), colon != text.startIndex {
                let value = text[text.index(after: colon)...]
                fields[String(text[..<colon])] = String(value.first == " " ? value.dropFirst() : value)
            }
        }
        return events
    }
}

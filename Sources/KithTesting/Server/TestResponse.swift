public import HTTPTypes
public import Kith

/// What a server answered.
public struct TestResponse: Sendable {
    /// The status code.
    public let status: Int
    /// The headers.
    public let headers: HTTPFields
    /// The body, byte for byte.
    public let body: [UInt8]

    /// The body as JSON; null where it is none.
    public var json: JSON { (try? JSON(reading: body)) ?? .null }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The identifier of the thing that was answered, or an empty text.
    public var id: String { json["id"]?.string ?? "" }

    /// The things on the page that was answered.
    public var items: [JSON] { json["items"]?.array ?? [] }

    /// The ETag.
    public var version: String? { headers[.eTag] }

    /// The stable name of the problem, without its prefix.
    public var problem: String? { json["type"]?.string.map { String($0.split(separator: ":").last ?? "") } }

    /// The fields at fault, by their pointers.
    public var pointers: [String] { (json["errors"]?.array ?? []).compactMap { $0["pointer"]?.string } }
}

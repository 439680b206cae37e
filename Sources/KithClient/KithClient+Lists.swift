public import Kith

extension KithClient {
    /// Reads a list, page after page.
    /// - Parameters:
    ///   - path: the list
    ///   - query: its filters
    ///   - most: how many things to read at most; nil for all
    ///   - headers: further headers
    /// - Returns: `items`, and `next` where there are more
    /// - Throws: ``ClientError``
    public func list(_ path: String, _ query: [String: String?] = [:], most: Int? = nil, headers: [String: String] = [:]) async throws
        -> JSON
    {
        var items: [JSON] = []
        var next: String?
        repeat {
            var page = query
            page["limit"] = String(min(200, most.map { $0 - items.count } ?? 200))
            page["after"] = next
            let answer = try await get(path, page, headers: headers).json
            items += answer["items"]?.array ?? []
            next = answer["next"]?.string
        } while next != nil && items.count < most ?? .max
        return ["items": .array(items), "next": next.map(JSON.string) ?? .null]
    }
}

extension JSON {
    /// An object of the members that have a value.
    public static func members(_ members: [String: JSON?]) -> JSON {
        .object(members.compactMapValues { $0 })
    }

    /// The things of a list that was answered.
    public var items: [JSON] { self["items"]?.array ?? [] }

    /// The identifier of a thing that was answered.
    /// - Throws: ``ClientError`` where there is none
    public var id: String {
        get throws { try text("id") }
    }

    /// A text that must be in what was answered.
    /// - Throws: ``ClientError`` where there is none
    public func text(_ member: String) throws -> String {
        guard let text = self[member]?.string else { throw ClientError.missing(member) }
        return text
    }
}

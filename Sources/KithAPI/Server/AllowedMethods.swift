import HTTPTypes

/// What each address can do, to tell an unknown address from a method that it does not have.
struct AllowedMethods: Sendable {
    private let paths: [(segments: [Substring], methods: String)]

    init(_ endpoints: [Endpoint]) {
        paths = Dictionary(grouping: endpoints) { $0.path.served }.map { path, endpoints in
            var methods = Set(endpoints.map(\.method.rawValue))
            if methods.contains("GET") { methods.insert("HEAD") }
            return (path.split(separator: "/"), methods.sorted().joined(separator: ", "))
        }
        // The address with the most words of its own comes first: `people/me` before `people/{person}`.
        .sorted { left, right in left.segments.count { $0.hasPrefix("{") } < right.segments.count { $0.hasPrefix("{") } }
    }

    /// The methods of an address, as an `Allow` header lists them; nil where there is no such address.
    func at(_ path: String) -> String? {
        let segments = path.split(separator: "/")
        return paths.first { known in
            known.segments.count == segments.count && zip(known.segments, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }?.methods
    }
}

import HTTPTypes

/// What every answer tells a browser that opens it by itself: to take it for what it says it is, to run and load nothing, to let no other
/// site frame or embed it, to keep no copy on a machine that several people may use, and to name its address to nobody.
/// An endpoint that answers a page says of it what differs.
enum BrowserProtection {
    private static let fields: HTTPFields = [
        .xContentTypeOptions: "nosniff",
        .contentSecurityPolicy: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
        .cacheControl: "no-store",
        HTTPField.Name("Referrer-Policy")!: "no-referrer",
        HTTPField.Name("Cross-Origin-Resource-Policy")!: "same-origin",
    ]

    static func add(to headers: inout HTTPFields) {
        headers.add(fields)
    }
}

extension HTTPFields {
    /// Adds the fields that are not there yet.
    mutating func add(_ fields: HTTPFields) {
        for field in fields where !contains(field.name) { self[field.name] = field.value }
    }
}

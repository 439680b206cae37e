import HTTPTypes

/// A cookie that only this server sees: `__Host-` binds it to this host and to TLS, `HttpOnly` hides it from scripts, `SameSite=Lax` keeps it
/// out of requests that other sites make (RFC 6265bis, draft 20, 4.1). Browsers treat this machine as safe without TLS.
public struct Cookie: Sendable {
    /// The session.
    public static let session = "__Host-kith-session"
    /// The browser, as it is known before and after anybody signs in.
    public static let browser = "__Host-kith-browser"
    /// An attempt to sign in with an OpenID provider.
    public static let openID = "__Host-kith-openid"

    let name: String
    let value: String
    /// How many seconds the browser keeps it; 0 deletes it.
    let seconds: Int

    /// As in a `Set-Cookie` header.
    var header: String { "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=\(seconds)" }

    /// The value that a browser sent, where it sent one and no more.
    static func value(_ name: String, in headers: HTTPFields) -> String? {
        guard headers.contains(.cookie) else { return nil }
        let found = headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair -> String? in
            let pair = pair.drop { $0 == " " }
            return pair.hasPrefix("\(name)=") ? String(pair.dropFirst(name.utf8.count + 1)) : nil
        }
        return found.count == 1 && !found[0].isEmpty ? found[0] : nil
    }
}

import HTTPTypes
import Kith
import Postgres

extension Endpoint {
    /// Does something on the way into an account, or out of it, and sets cookies. The browser gets a cookie by which it is known, if it has
    /// none: what it began elsewhere cannot be finished here.
    static func signIn<Body: Input>(
        _ name: String, method: HTTPRequest.Method = .post, _ path: PathTemplate, _ summary: String, _ access: Access = .anyone,
        records action: String, returns resource: Resource?, body: Body.Type = Body.self,
        handle: @escaping @Sendable (Call<Body>, Browser) async throws -> (row: Row?, cookies: [Cookie])
    ) -> Endpoint {
        Endpoint(
            name: name, method: method, path: path, summary: summary, access: access, action: action, query: nil, body: .of(Body.self),
            answer: resource.map { .one($0, .ok) } ?? .nothing, isPaged: false, needsVersion: false, answersSecret: true
        ) { incoming in
            let call = try incoming.call(body: Body.self)
            let known = call.browser
            let isNew = known.secret == nil
            let browser = isNew ? Browser(secret: Secret.generate(.browser).text, address: known.address, session: known.session) : known
            var (row, cookies) = try await handle(call, browser)
            if isNew, let secret = browser.secret { cookies.append(Cookie(name: Cookie.browser, value: secret, seconds: 400 * 86_400)) }
            var reply = Reply(status: .noContent)
            if let row, let resource { reply = try .one(row, resource, .ok) }
            reply.headers[.cacheControl] = "no-store"
            // The cookie by which the browser is known stays, or a stranger who guesses could lock its user out there.
            if cookies.contains(where: { $0.name == Cookie.session && $0.value.isEmpty }) {
                reply.headers[.clearSiteData] = "\"cache\", \"storage\""
            }
            for cookie in cookies { reply.headers.append(HTTPField(name: .setCookie, value: cookie.header)) }
            return reply
        }
    }
}

extension HTTPField.Name {
    static let clearSiteData = HTTPField.Name("Clear-Site-Data")!
}

import Hummingbird
import Kith

/// Finds out where a request comes from, and counts it there before anything else is done with it: also one to an address at which there is
/// nothing, and one that shows no token or, as whoever guesses does, another each time.
struct AddressLimit: RouterMiddleware {
    let limiter: RateLimiter
    let trustsProxy: Bool

    func handle(_ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response) async throws -> Response {
        var context = context
        if trustsProxy, let hops = request.headers[.forwardedFor] {
            context.address = String(hops.split(separator: ",").last ?? "").filter { $0 != " " }
        }
        let limits = try limiter.admit(context.address.hashValue)
        var response = try await next(request, context)
        // What the token has left, where there is one, says more.
        response.headers.add(limits)
        return response
    }
}

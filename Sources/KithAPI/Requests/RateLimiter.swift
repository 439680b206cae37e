import HTTPTypes
import Synchronization

/// How many requests one caller may send.
public struct RateLimit: Sendable {
    /// How many in a minute, on average.
    public var perMinute: Int
    /// How many at once.
    public var burst: Int

    /// Makes a limit.
    public init(perMinute: Int, burst: Int) {
        self.perMinute = perMinute
        self.burst = burst
    }
}

/// The generic cell rate algorithm (ITU-T I.371): for each caller one moment, at which the bucket will be empty again.
final class RateLimiter: Sendable {
    private let limit: RateLimit
    private let state = Mutex<[Int: ContinuousClock.Instant]>([:])

    init(_ limit: RateLimit) {
        self.limit = limit
    }

    /// Counts a request. Answers the headers to send, and whether the request is one too many.
    func count(_ caller: Int, now: ContinuousClock.Instant = .now) -> (headers: HTTPFields, isExceeded: Bool) {
        let interval = Duration.seconds(60) / limit.perMinute
        let tolerance = interval * limit.burst
        let (wait, room) = state.withLock { emptied -> (Duration?, Int) in
            if emptied.count > 100_000 { emptied = emptied.filter { $0.value > now } }
            let theoretical = max(emptied[caller] ?? now, now)
            let ahead = theoretical + interval - now
            if ahead > tolerance { return (ahead - tolerance, 0) }
            emptied[caller] = theoretical + interval
            return (nil, Int((tolerance - ahead) / interval))
        }
        var headers: HTTPFields = [
            .rateLimitPolicy: "\"default\";q=\(limit.burst);w=\(max(1, 60 * limit.burst / limit.perMinute))",
            .rateLimit: "\"default\";r=\(room)",
        ]
        guard let wait else { return (headers, false) }
        headers[.retryAfter] = "\(wait.components.seconds + 1)"
        return (headers, true)
    }
}

extension HTTPField.Name {
    static let rateLimit = HTTPField.Name("RateLimit")!
    static let rateLimitPolicy = HTTPField.Name("RateLimit-Policy")!
}

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
    private struct Caller {
        var emptied: ContinuousClock.Instant
        // When it was last told to the log that there are too many: once a minute, or whoever floods the server floods the log.
        var loggedAt: ContinuousClock.Instant?
    }

    private let interval: Duration
    private let tolerance: Duration
    private let policy: String
    private let state = Mutex<[Int: Caller]>([:])

    init(_ limit: RateLimit) {
        interval = Duration.seconds(60) / limit.perMinute
        tolerance = interval * limit.burst
        policy = "\"default\";q=\(limit.burst);w=\(max(1, 60 * limit.burst / limit.perMinute))"
    }

    /// Counts a request.
    /// - Parameters:
    ///   - caller: who sends it
    ///   - now: when it came
    /// - Returns: the headers to send
    /// - Throws: ``ProblemError`` where it is one too many
    func admit(_ caller: Int, now: ContinuousClock.Instant = .now) throws(ProblemError) -> HTTPFields {
        let (wait, room, isNews) = state.withLock { callers -> (Duration?, Int, Bool) in
            if callers.count > 100_000 { callers = callers.filter { $0.value.emptied > now } }
            var known = callers[caller] ?? Caller(emptied: now)
            let theoretical = max(known.emptied, now)
            let ahead = theoretical + interval - now
            let isExceeded = ahead > tolerance
            let isNews = isExceeded && known.loggedAt.map { $0 + .seconds(60) <= now } ?? true
            if isExceeded, isNews { known.loggedAt = now }
            if !isExceeded { known.emptied = theoretical + interval }
            callers[caller] = known
            return isExceeded ? (ahead - tolerance, 0, isNews) : (nil, Int((tolerance - ahead) / interval), false)
        }
        var headers: HTTPFields = [
            .rateLimitPolicy: policy, .rateLimit: "\"default\";r=\(room)",
        ]
        guard let wait else { return headers }
        headers[.retryAfter] = "\(wait.components.seconds + 1)"
        throw ProblemError(problem: .tooManyRequests(headers), isNews: isNews)
    }
}

extension HTTPField.Name {
    static let rateLimit = HTTPField.Name("RateLimit")!
    static let rateLimitPolicy = HTTPField.Name("RateLimit-Policy")!
}

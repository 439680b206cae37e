import HTTPTypes
import Hummingbird
import Kith
import Logging
import Metrics
import Postgres
import struct FoundationEssentials.UUID

/// Turns every error into a problem document, once, and counts and logs what the server itself did wrong, and what it refused.
struct ProblemMiddleware: RouterMiddleware {
    let methods: AllowedMethods
    let refusals: RefusalLog
    private let duration = Timer(label: "kith_http_request_duration")

    func handle(_ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response) async throws -> Response {
        let requestID = context.requestID.text
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let problem = problem(for: error, request, context)
            if (error as? ProblemError)?.isNews ?? true { await refusals.record(problem, context) }
            response = problem.reply(requestID: requestID).response()
        }
        duration.record(duration: start.duration(to: .now))
        response.headers[.requestID] = requestID
        BrowserProtection.add(to: &response.headers)
        return response
    }

    private func problem(for error: any Error, _ request: Request, _ context: APIContext) -> Problem {
        switch error {
        case let refusal as Refusal: return Problem(refusal)
        case let error as ProblemError: return error.problem
        case let error as any HTTPResponseError where error.status == .notFound:
            return methods.at(request.uri.path).map { .methodNotAllowed($0) } ?? .noSuchAddress
        case let error as any HTTPResponseError where error.status.kind == .clientError:
            return Problem(
                status: error.status, type: "malformed", title: "The request could not be read",
                detail: "Kith could not read this request. Check how it was sent.")
        case is CancellationError: return Problem(.unavailable("The server is stopping. Nothing was changed. Try again in a minute."))
        default:
            context.logger.error(
                "A request failed",
                metadata: [
                    "request": "\(context.requestID.text)", "method": "\(request.method)",
                    "path": "\(context.endpointPath ?? "")",
                    "error": "\(error)",
                ])
            return .internal
        }
    }
}

public import Kith

/// Why a request to the API did not do what was asked, in words for the person who asked.
public struct ClientError: Error, Sendable, CustomStringConvertible {
    private enum Cause: Sendable {
        case refused(status: Int, problem: JSON, isSignedIn: Bool)
        case unreachable(url: String, reason: String)
        case notKith(url: String)
        case missing(String)
    }

    private let cause: Cause

    static func refused(status: Int, problem: JSON, isSignedIn: Bool) -> ClientError {
        ClientError(cause: .refused(status: status, problem: problem, isSignedIn: isSignedIn))
    }

    static func unreachable(_ url: String, _ reason: String) -> ClientError {
        ClientError(cause: .unreachable(url: url, reason: reason))
    }

    static func notKith(_ url: String) -> ClientError { ClientError(cause: .notKith(url: url)) }

    static func missing(_ member: String) -> ClientError { ClientError(cause: .missing(member)) }

    /// The status code of a refusal; nil where there was no answer.
    public var statusCode: Int? { if case .refused(let status, _, _) = cause { status } else { nil } }

    /// The problem document (RFC 9457) of a refusal; nil where there was no answer.
    public var problem: JSON? { if case .refused(_, let problem, _) = cause { problem } else { nil } }

    /// What the `kith` command ends with.
    public var exitStatus: CommandStatus {
        switch cause {
        case .refused(401, _, _), .refused(403, _, _): .notAllowed
        case .refused(400, _, _), .refused(413, _, _), .refused(415, _, _), .refused(422, _, _): .badData
        case .refused(502..., _, _), .unreachable: .unreachable
        case .refused, .notKith, .missing: .refused
        }
    }

    /// What happened and what to do, over several lines.
    public var description: String {
        switch cause {
        case .refused(let status, let problem, let isSignedIn): Self.text(status, problem, isSignedIn)
        case .unreachable(let url, let reason):
            """
            Kith does not answer at \(url).
            Is the server running? Start it with: kith serve. If it is somewhere else, name it with --url or KITH_URL. (\(Self.plain(reason)))
            """
        case .notKith(let url):
            "What answers at \(url) is not a Kith server. Check the address that --url or KITH_URL names."
        case .missing(let member):
            "The server's answer has no \(member). Is the server as new as this command? Compare kith --version on both sides."
        }
    }

    private static func text(_ status: Int, _ problem: JSON, _ isSignedIn: Bool) -> String {
        guard let title = problem["title"]?.string else {
            return "The server answered with the status \(status) and nothing that Kith would say. "
                + "Check the address that --url or KITH_URL names."
        }
        var lines = [sentence(title)]
        // What the server says of a wrong password or code says more.
        if status == 401, problem["detail"]?.string == Refusal.unauthenticated.detail {
            lines.append(
                isSignedIn
                    ? "You are signed out by now: your session or your token has run out, or was ended. Sign in again with: kith sign-in NAME"
                    : "You are not signed in here. Sign in with: kith sign-in NAME. If it is your first time, accept your invitation with: "
                        + "kith invitation accept. Scripts set KITH_TOKEN.")
        } else if let detail = problem["detail"]?.string {
            lines.append(detail)
        }
        lines += (problem["errors"]?.array ?? []).map { error in
            "  \(place(error["pointer"]?.string ?? ""))\(error["detail"]?.string ?? "")"
        }
        if let request = problem["request_id"]?.string, status >= 500 { lines.append("Request id: \(request)") }
        return lines.joined(separator: "\n")
    }

    // "/rows/3/age" is how the API names a cell, "/ends_on" a field.
    private static func place(_ pointer: String) -> String {
        let parts = pointer.split(separator: "/").map { $0.replacing("~1", with: "/").replacing("~0", with: "~") }
        if parts.first == "rows", parts.count >= 2 {
            return parts.count > 2 ? "Row \(parts[1]), column \"\(parts[2...].joined(separator: "/"))\": " : "Row \(parts[1]): "
        }
        return parts.isEmpty ? "" : "\(parts.joined(separator: "/")): "
    }

    private static func sentence(_ title: String) -> String {
        title.last.map { ".!?".contains($0) } == true ? title : title + "."
    }

    private static func plain(_ reason: String) -> String {
        let known = [
            ("refused", "nothing listens there"), ("ECONNREFUSED", "nothing listens there"),
            ("NIOConnectionError", "no connection could be made"),
            ("connectTimeout", "it took too long"), ("deadlineExceeded", "it took too long"), ("imeout", "it took too long"),
            ("remoteConnectionClosed", "it closed the connection"), ("emptyHost", "the address has no host"),
            ("invalidURL", "that is not an address"), ("nsupportedScheme", "the address must begin with http:// or https://"),
        ]
        return known.first { reason.contains($0.0) }?.1 ?? reason
    }
}

import ExpertPanels
import Foundation
import HTTPTypes
import Kith
import KithAPI
import KithServer
import KithTesting
import Logging
import Postgres
import Testing

/// Who may do what: every operation of the OpenAPI document, asked for by every role, against `permissions.txt`, which people review.
///
/// After a change that is meant, `KITH_RECORD=1 Deploy/test --filter PermissionMatrix` writes the file anew, and the change shows as a diff.
@Suite struct PermissionMatrixTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "permissions.txt")

    /// Somebody who asks, and in the file's words who that is.
    private struct Caller {
        let name: String
        let token: String?
    }

    @Test func `Every operation answers every role as the reviewed file says`() async throws {
        let distribution = try Distribution([ExpertPanels.self])
        let wakeups = Wakeups(configuration: PostgresConfiguration(connectionString: ""), logger: Logger(label: "none"))
        let endpoints = distribution.endpoints(wakeups: wakeups).sorted { $0.name < $1.name }
        let matrix = try await withTestServer(
            distribution, worker: false,
            configure: { $0.api.rateLimit = RateLimit(perMinute: 1_000_000, burst: 1_000_000) }
        ) { server in
            let network = try await server.makeNetwork(named: "Here")
            let callers = try await Self.callers(server, network)
            let sampler = RequestSampler(endpoints)
            var answers: [String: [String: [String]]] = [:]
            for caller in callers {
                // Leaving and signing out come last: nobody does anything after them.
                let last = ["leave_network", "sign_out"]
                for endpoint in endpoints.filter({ !last.contains($0.name) }) + endpoints.filter({ last.contains($0.name) }) {
                    let answer = try await sampler.send(endpoint, to: server, with: ["network": network.id], token: caller.token)
                    answers[endpoint.name, default: [:]][Self.word(answer, endpoint), default: []].append(caller.name)
                }
            }
            return answers
        }
        let text = Self.head + endpoints.map { Self.text($0, matrix[$0.name] ?? [:]) }.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["KITH_RECORD"] != nil { try text.write(to: Self.file, atomically: true, encoding: .utf8) }
        let reviewed = try String(contentsOf: Self.file, encoding: .utf8)
        for (line, (now, before)) in zip(text.split(separator: "\n"), reviewed.split(separator: "\n")).enumerated() where now != before {
            Issue.record("permissions.txt, line \(line + 1), says “\(before)”, and the server “\(now)”.")
            break
        }
        #expect(text == reviewed)
    }

    // Every role here, and the same roles in another network, where they must count for nothing.
    private static func callers(_ server: TestServer, _ network: TestNetwork) async throws -> [Caller] {
        let elsewhere = try await server.makeNetwork(named: "Elsewhere")
        var callers = [Caller(name: "nobody", token: nil), Caller(name: "operator", token: server.operatorToken)]
        for (place, name) in [(network, ""), (elsewhere, "elsewhere:")] {
            try await place.enable(ExpertPanels.id)
            try await callers.append(Caller(name: name + "person", token: place.person().token))
            for role in Role.allCases {
                try await callers.append(Caller(name: name + role.rawValue, token: place.person(role).token))
            }
        }
        let gone = try await elsewhere.person()
        _ = try await server.post(elsewhere.path("/leave"), token: gone.token)
        callers.append(Caller(name: "no-network", token: gone.token))
        return callers
    }

    // What lies behind an open door (a missing row, a wrong field) is not what is asked here.
    private static func word(_ answer: TestResponse, _ endpoint: Endpoint) -> String {
        switch endpoint.access {
        // A visitor's door asks for a published call or for a secret, and for no role.
        case .anyone, .visitor: return "yes"
        default: break
        }
        switch answer.status {
        case 401, 403: return "\(answer.status)"
        case 404 where answer.text.contains("no such thing here"): return "404"
        case 500...: Issue.record("\(endpoint.name) answers \(answer.status): \(answer.text)")
        default: break
        }
        return "yes"
    }

    private static let head = """
        # Who may do what. Each operation, then who is let in (yes) and who is refused, and how: 401 sign in, 403 you may not, 404 there is
        # no such thing (or you may not know that there is). Roles hold in the whole network; `person` is somebody without a role,
        # `elsewhere:` the same role in another network, `no-network` an account that is nobody's any more, `nobody` comes without a token.
        # Written by PermissionMatrixTests with KITH_RECORD=1; review every change.


        """

    private static func text(_ endpoint: Endpoint, _ answers: [String: [String]]) -> String {
        let lines = ["yes", "401", "403", "404"].compactMap { word in
            answers[word].map { "    \(word)  \(names($0))\n" }
        }
        return "\(endpoint.name): \(endpoint.method.rawValue) \(endpoint.path.text)\n\(lines.joined())"
    }

    private static func names(_ callers: [String]) -> String {
        let elsewhere = Set(["person"] + Role.allCases.map(\.rawValue)).map { "elsewhere:\($0)" }
        guard Set(elsewhere).isSubset(of: callers) else { return callers.joined(separator: " ") }
        return (callers.filter { !elsewhere.contains($0) } + ["elsewhere:*"]).joined(separator: " ")
    }
}

import ExpertPanels
import HTTPTypes
import InMemoryLogging
import Kith
import KithAPI
import KithServer
import KithTesting
import Logging
import Metrics
import MetricsTestKit
import Postgres
import Testing

/// A word that stands nowhere else is written into every text of every operation, and looked for where no text of anybody's may be.
@Suite struct CanaryTests {
    private static let canary = "zanzibar7canary"

    @Test func `What people write is in no log, metric, address, error, event, audit entry or other network's answer`() async throws {
        // Before any of the server is made, since each part takes its metrics along.
        let metrics = TestMetrics()
        MetricsSystem.bootstrap(metrics)
        let log = InMemoryLogHandler()
        var logger = Logger(label: "kith.test.canary") { _ in log }
        logger.logLevel = .trace
        let distribution = try Distribution([ExpertPanels.self])
        let wakeups = Wakeups(configuration: PostgresConfiguration(connectionString: ""), logger: Logger(label: "none"))
        let endpoints = distribution.endpoints(wakeups: wakeups)
        try await withTestServer(distribution, logger: logger) { server in
            let network = try await server.makeNetwork(named: "Here")
            try await network.enable(ExpertPanels.id)
            let known = try await Self.write(endpoints, network)
            try await Self.misuse(endpoints, network, known)
            // The canary sings: it was written, and whoever may read it does.
            #expect(known.count > 4, "\(known)")
            #expect(try await network.get("/organisations").text.contains(Self.canary))

            try await Self.breakDown(network)
            try await Self.beRefused(network)

            let stranger = try await server.makeNetwork(named: "Elsewhere")
            try await stranger.enable(ExpertPanels.id)
            let sampler = RequestSampler(endpoints)
            for endpoint in endpoints where endpoint.method == .get {
                for place in [network, stranger] {
                    let parameters = known.merging(["network": place.id]) { $1 }
                    let answer = try await sampler.send(endpoint, to: server, with: parameters, token: stranger.administrator.token)
                    #expect(!Self.sings(answer.text), "\(endpoint.name) tells another network")
                }
            }
            for table in ["kith.audit_entries", "kith.events", "kith.jobs"] {
                let rows = try await server.superuser.query(Query(raw: "select to_jsonb(t)::text from \(table) t")).decode(String.self)
                #expect(!rows.isEmpty || table == "kith.jobs")
                #expect(!rows.contains(where: Self.sings), "\(table)")
            }
        }
        #expect(!log.entries.isEmpty)
        #expect(log.entries.filter { Self.sings("\($0.message) \($0.metadata) \($0.error.map { "\($0)" } ?? "")") } == [])
        // What failed and what was refused is there to be found, and says nothing of anybody.
        #expect(log.entries.contains { "\($0.message)" == "A request failed" && $0.metadata["request"] != nil })
        let reasons = log.entries.filter { "\($0.message)" == "A request was refused" }.compactMap { $0.metadata["reason"].map { "\($0)" } }
        #expect(Set(reasons).isSuperset(of: ["unauthenticated", "forbidden", "not-found", "too-many-tries"]), "\(Set(reasons))")
        let labels =
            metrics.counters.map { "\($0.label) \($0.dimensions)" } + metrics.timers.map { "\($0.label) \($0.dimensions)" }
            + metrics.recorders.map { "\($0.label) \($0.dimensions)" } + metrics.meters.map { "\($0.label) \($0.dimensions)" }
        #expect(!labels.isEmpty)
        #expect(labels.filter(Self.sings) == [])
    }

    private static func sings(_ text: String) -> Bool { text.lowercased().contains(canary) }

    // Everything that can be made is made, with the canary in every text, and everything is then changed. Answers what was made.
    private static func write(_ endpoints: [Endpoint], _ network: TestNetwork) async throws -> [String: String] {
        let sampler = RequestSampler(endpoints, filling: canary)
        var known = ["network": network.id, "module_name": ExpertPanels.id]
        for endpoint in endpoints.sorted(by: { $0.path.text.count < $1.path.text.count }) where !takesAway(endpoint) {
            let answer = try await sampler.send(endpoint, to: network.server, with: known, token: network.administrator.token)
            #expect(!sings(answer.headers[.location] ?? ""), "\(endpoint.name)")
            if answer.status >= 400 { #expect(!sings(answer.text), "\(endpoint.name) answers \(answer.text)") }
            // What is made at `…/panels` is the `panel` of `…/panels/{panel}`.
            if answer.status == 201, let id = answer.json["id"]?.string,
                let name = endpoints.lazy.compactMap({ parameter($0.path.text, below: endpoint.path.text) }).first
            {
                known[name] = id
            }
        }
        return known
    }

    // Requests that are wrong in every way: texts where numbers belong, the canary in the query and where a word of the path belongs.
    private static func misuse(_ endpoints: [Endpoint], _ network: TestNetwork, _ known: [String: String]) async throws {
        let text = JSON.string(canary)
        for endpoint in endpoints where !endpoint.isStream && !takesAway(endpoint) {
            var path = endpoint.path.served
            for name in endpoint.path.parameters { path = path.replacing("{\(name)}", with: known[name] ?? canary) }
            let names = RequestSampler(endpoints).members(endpoint)
            let wrong = JSON.object(Dictionary(uniqueKeysWithValues: names.map { ($0, [text, text]) }))
            let headers: HTTPFields = [.ifMatch: canary, .init("Idempotency-Key")!: canary, .contentType: "application/json"]
            for body in [wrong.bytes, text.bytes, Array("{\"\(canary)".utf8)] {
                let answer = try await network.server.send(
                    endpoint.method, "\(path)?after=\(canary)&limit=\(canary)&kind=\(canary)", bytes: endpoint.method == .get ? [] : body,
                    token: network.administrator.token, headers: headers)
                #expect(!sings(answer.text) || answer.status < 300, "\(endpoint.name) answers \(answer.text)")
            }
        }
    }

    // The database itself fails, and says why with the words of the row.
    private static func breakDown(_ network: TestNetwork) async throws {
        for statement in [
            "create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'cannot store %', new using detail = new.name; end $$",
            "create trigger fail before insert on kith.programmes for each row execute function public.fail()",
        ] {
            _ = try await network.server.superuser.query(Query(raw: statement))
        }
        let answer = try await network.post("/programmes", ["name": .string("\(canary) again")])
        #expect(answer.status == 500)
        #expect(!sings(answer.text))
    }

    // Everything that a refusal could repeat: names, addresses, passwords, codes, tokens, and where somebody comes from.
    private static func beRefused(_ network: TestNetwork) async throws {
        let server = network.server
        let text = JSON.string(canary)
        let headers: HTTPFields = [
            HTTPField.Name("X-Forwarded-For")!: canary, .userAgent: canary,
            .cookie: "__Host-kith-browser=\(canary); __Host-kith-session=\(canary)",
        ]
        for _ in 0..<12 {
            let body: JSON = ["name": text, "password": text, "second_factor": text]
            let answer = try await server.send(.post, "/v1/sign-in/password", body, token: nil, headers: headers)
            #expect([401, 429].contains(answer.status) && !sings(answer.text))
        }
        for path in ["/v1/sign-in/letter", "/v1/sign-in/link/open"] {
            let answer = try await server.send(.post, path, ["code": text], token: nil, headers: headers)
            #expect(answer.status == 401 && !sings(answer.text))
        }
        let member = try await network.person()
        let stranger = try await server.makeNetwork(named: "A third").administrator
        for token in [canary, member.token, stranger.token] {
            let answer = try await server.get(network.path("/people?after=\(canary)"), token: token, headers: headers)
            #expect([401, 403, 404].contains(answer.status) && !sings(answer.text))
        }
    }

    private static func takesAway(_ endpoint: Endpoint) -> Bool {
        endpoint.method == .delete || endpoint.name.hasPrefix("leave") || endpoint.name.hasPrefix("withdraw")
    }

    private static func parameter(_ path: String, below parent: String) -> String? {
        guard path.hasPrefix(parent + "/{"), path.hasSuffix("}") else { return nil }
        let name = path.dropFirst(parent.count + 2).dropLast()
        return name.contains("/") ? nil : String(name)
    }
}

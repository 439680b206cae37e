import KithTesting
import PluginKit
import Synchronization
import struct FoundationEssentials.UUID

/// A plugin without tables, whose jobs do what a test tells them.
enum Kiln: Plugin {
    enum Mode: String, Sendable, CaseIterable {
        case succeed, refuse, crash, crashOnce = "crash_once", wait
    }

    struct Firing: Input {
        let subject: UUID
        let mode: Mode

        init(from fields: inout Fields) {
            subject = fields.required("subject_id", .id, "What is fired.")
            mode = fields.required("mode", .choice(), "How it goes.")
        }
    }

    struct Broken: Error {}

    static let id = "kiln"
    static let title = "Kiln"
    static let summary = "Fires pots"
    static let version = "1.0.0"
    static let fire = Permission("kiln.fire", "Fire pots", roles: [.administrator])
    static let permissions = [fire]
    static let endpoints: [Endpoint] = [
        .start("fire", "/networks/{network}/firings", "Fire", .permission(fire, .network), records: "kiln.fired", body: Firing.self) {
            call in
            try await Jobs.enqueue(
                by: call.actor, job, about: call.input.subject,
                ["subject": .string("\(call.input.subject)"), "mode": .string(call.input.mode.rawValue)])
        },
        .value(
            "get_temperature", "/networks/{network}/temperature", "Read how hot it is", .permission(fire, .network),
            returns: .inline(["type": "object"])
        ) { ["temperature": try await Settings.get(by: $0.actor, module: id, temperature)] },
    ]
    static let temperature = Setting("temperature", .integer(100...1300), default: 900, "How hot, in degrees.")
    static let settings = [temperature, Setting("glaze", .text(1...20), default: "blue", "Which glaze.")]
    static let jobs = [job]
    static let privacy = PrivacyContract(holdings: [])

    static let job = JobKind(module: id, "fire", "Fires a pot") { run in
        let subject = run.arguments["subject"]?.string ?? ""
        switch run.arguments["mode"]?.string.flatMap(Mode.init(rawValue:)) {
        case .refuse: throw Refusal.conflict("The kiln is cold.")
        case .crash: throw Broken()
        case .crashOnce where Gates.shared.count(subject) == 1: throw Broken()
        case .wait: try await Gates.shared.pass(subject)
        default: break
        }
        try await run.report(0.5, "Half fired")
        return ["glaze": "blue"]
    }
}

/// Where jobs wait until a test lets them go on.
final class Gates: Sendable {
    static let shared = Gates()

    private struct State {
        var open: Set<String> = []
        var waiting: [String: [AsyncStream<Void>.Continuation]] = [:]
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// How often a job has come by, this time included.
    func count(_ subject: String) -> Int {
        state.withLock { state in
            state.counts[subject, default: 0] += 1
            return state.counts[subject, default: 0]
        }
    }

    func open(_ subject: UUID) {
        let waiting = state.withLock { state in
            state.open.insert("\(subject)")
            return state.waiting.removeValue(forKey: "\(subject)") ?? []
        }
        for continuation in waiting { continuation.finish() }
    }

    func pass(_ subject: String) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { state in
            if state.open.contains(subject) { continuation.finish() } else { state.waiting[subject, default: []].append(continuation) }
        }
        for await _ in stream {}
        try Task.checkCancellation()
    }
}

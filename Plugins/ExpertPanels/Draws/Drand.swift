import Allocation
import PluginKit
import struct FoundationEssentials.Date

/// Rounds of a drand network as public values, where the network has chosen one (https://docs.drand.love, HTTP API of 2024).
enum Drand {
    private static let hash = Format<String>(
        ["type": "string", "pattern": "^([0-9a-f]{64})?$"], placeholder: "", expected: "64 hexadecimal digits in lower case, or nothing"
    ) { json in json.string.flatMap { $0.wholeMatch(of: /([0-9a-f]{64})?/) == nil ? nil : $0 } }

    private static let url = Setting(
        "drand_url", .text(0...1000), default: "",
        "Where rounds of drand are read as public values of draws, such as https://api.drand.sh. Nothing: no drand.")
    private static let chain = Setting(
        "drand_chain", hash, default: "", "The hash of the drand chain, in 64 hexadecimal digits. Nothing: no drand.")

    static let settings = [url, chain]

    /// A round that is to come.
    struct Round: Sendable {
        /// In words, to be committed to.
        let source: String
        let dueAt: Date
    }

    // The draw must be committed to before the round is out; the longest draws take a minute.
    private static let lead = 600.0

    private struct Chain: Sendable {
        let url: String
        let hash: String
        let genesis: Double
        let period: Double

        func round(_ number: Int) -> Round {
            let dueAt = Date(timeIntervalSince1970: genesis + Double(number - 1) * period)
            return Round(source: DrandRound.source(number, of: hash), dueAt: dueAt)
        }

        /// The first round that comes so many seconds from now, or later.
        func first(after seconds: Double) -> Int {
            max(1, Int(((Date.now.timeIntervalSince1970 + seconds - genesis) / period).rounded(.up)) + 1)
        }
    }

    /// A round by its number.
    /// - Throws: ``Refusal`` where it is out, or so soon that the draw might not be committed to before it
    static func round(_ number: Int, by actor: Actor) async throws -> Round {
        let chain = try await read(by: actor)
        let first = chain.first(after: lead)
        guard number >= first else {
            throw Refusal.invalid([
                FieldProblem(
                    "/drand_round",
                    "This round is out, or comes too soon: the draw is committed to before it. Name round \(first) or a later one.")
            ])
        }
        return chain.round(number)
    }

    /// The round that comes in an hour, for a draw that is made again.
    static func later(by actor: Actor) async throws -> Round {
        let chain = try await read(by: actor)
        return chain.round(chain.first(after: 3600))
    }

    /// What was published in a round.
    /// - Throws: ``Refusal`` while it is not out, and where it is not what drand publishes
    static func published(_ number: Int, of chain: String, by actor: Actor) async throws -> DrandRound {
        let address = try await "\(base(by: actor))/\(chain)/public/\(number)"
        let answer = try await answer(address, by: actor) {
            "Round \(number) of drand is not out yet, or \(address) does not answer. Nothing was changed. Try again later."
        }
        let round = DrandRound(
            chain: chain, number: number, randomness: answer["randomness"]?.string ?? "", signature: answer["signature"]?.string ?? "",
            address: address)
        guard answer["round"]?.integer == Int64(number), round.isWhole, round.signature.utf8.count <= 1000 else {
            throw Refusal.conflict(
                "What \(address) answers is not round \(number) of drand: its randomness is not the SHA-256 of its signature. Nothing was changed."
            )
        }
        return round
    }

    private static func read(by actor: Actor) async throws -> Chain {
        let (url, hash) = try await (base(by: actor), Settings.get(by: actor, module: ExpertPanels.id, chain).string ?? "")
        let info = try await answer("\(url)/\(hash)/info", by: actor) {
            "The drand network at \(url) does not answer. Nothing was changed. Try again later, or name another source of the public value."
        }
        guard info["hash"]?.string == hash, let genesis = info["genesis_time"]?.integer, let period = info["period"]?.integer,
            (0...10_000_000_000).contains(genesis), (1...86_400).contains(period)
        else {
            throw Refusal.conflict("What is at \(url) is not the chain \(hash) of drand. Whoever administers the network sets drand_chain.")
        }
        return Chain(url: url, hash: hash, genesis: Double(genesis), period: Double(period))
    }

    private static func base(by actor: Actor) async throws -> String {
        let text = try await Settings.get(by: actor, module: ExpertPanels.id, url).string ?? ""
        guard !text.isEmpty else {
            throw Refusal.conflict(
                "No drand network is chosen here. Whoever administers the network chooses drand_url and drand_chain: kith setting choose")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private static func answer(_ address: String, by actor: Actor, _ otherwise: () -> String) async throws -> JSON {
        do {
            return try JSON(reading: try await actor.outbound.read(address))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Refusal.conflict(otherwise())
        }
    }
}

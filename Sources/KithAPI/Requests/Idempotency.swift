import Crypto
import HTTPTypes
import Kith
import Postgres
import struct FoundationEssentials.UUID

/// Lets a request be sent again without being done again: its key, its fingerprint and its answer are kept for a day in the transaction of
/// the work, so that there is never one without the other. A duplicate that arrives meanwhile waits for the first.
enum Idempotency {
    /// Does a request once.
    ///
    /// An account is told from another by its id. A visitor is told by the secret that they show; without one, by the key and the whole of
    /// what they send, and the answer is then not kept: whoever sends the same is told that it was done, and no more.
    static func perform(_ incoming: Incoming, key: String) async throws -> Reply {
        guard key.wholeMatch(of: /[A-Za-z0-9_\-]{1,255}/) != nil else {
            throw Refusal.invalid([FieldProblem("Idempotency-Key", "Use 1 to 255 letters, digits, hyphens or underscores.")])
        }
        let fingerprints = try fingerprints(incoming)
        let isVisit = incoming.endpoint.access.isForVisitors
        let isKept = !incoming.endpoint.answersSecret && !incoming.endpoint.isSealed && (!isVisit || incoming.token != nil)
        return try await incoming.actor.transaction { actor in
            let visit: [Query] =
                isVisit ? ["select set_config('kith.visitor', kith.visitor_of(\(incoming.token ?? fingerprints[0]))::text, true)"] : []
            let claimed = try await actor.run(
                visit + [
                    """
                    insert into kith.idempotency_keys (network_id, account_id, key, fingerprint)
                    values (kith.current_ledger(), \(query: asker), \(key), \(fingerprints[0])) on conflict do nothing returning network_id
                    """
                ])[visit.count]
            guard let ledger = try claimed.first?["network_id", as: UUID.self] else {
                return try await repeated(key, fingerprints, by: actor)
            }
            let reply = try await incoming.endpoint.handle(incoming.acting(as: actor))
            var body: String?
            if case .bytes(let bytes, _) = reply.body, isKept {
                body = String(decoding: bytes, as: UTF8.self)
            }
            try await keep(key, in: ledger, reply, body, by: actor)
            return reply
        }
    }

    private static let asker: Query = "coalesce(kith.current_account(), kith.current_visitor())"

    private static func repeated(_ key: String, _ fingerprints: [[UInt8]], by actor: Actor) async throws -> Reply {
        let rows = try await actor.read(
            """
            select fingerprint, status, headers->>'location' as location, headers->>'etag' as etag, body from kith.idempotency_keys
            where key = \(key) and network_id = kith.current_ledger() and account_id = \(query: asker)
            """)
        guard
            let (known, status, location, etag, body) = try rows.decode(([UInt8], Int?, String?, String?, String?).self).first(where: { _ in
                true
            }),
            let status
        else { throw Refusal.conflict("The same request is under way. Wait a moment and send it again.") }
        guard fingerprints.contains(known) else { throw Refusal.keyReused }
        guard let body else {
            if status == 204 { return Reply(status: .noContent) }
            throw Refusal.conflict(
                "This was done already, and its answer was shown once. Look it up, or do it again with a new Idempotency-Key.")
        }
        var reply = Reply.json(Array(body.utf8), status: .init(code: status))
        reply.headers[.location] = location
        reply.headers[.eTag] = etag
        return reply
    }

    private static func keep(_ key: String, in ledger: UUID, _ reply: Reply, _ body: String?, by actor: Actor) async throws {
        _ = try await actor.run(
            """
            update kith.idempotency_keys set status = \(reply.status.code), body = \(body),
                headers = jsonb_build_object('location', \(reply.headers[.location])::text, 'etag', \(reply.headers[.eTag])::text)
            where key = \(key) and network_id = \(ledger) and account_id = \(query: asker)
            """)
    }

    // What a request asks for, as a hash. A sealed text, or what a visitor says of themselves, may be short enough to be guessed, so its
    // hash is keyed with the keyring: with the current key first, then with those that it replaced.
    private static func fingerprints(_ incoming: Incoming) throws -> [[UInt8]] {
        let query = incoming.query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        let request =
            Array("\(incoming.endpoint.method.rawValue) \(incoming.path)?\(query)\n\(incoming.headers[.ifMatch] ?? "")\n".utf8)
            + incoming.body
        let isGuessable = incoming.endpoint.access.isForVisitors || incoming.endpoint.isSealed
        return isGuessable ? try incoming.actor.keyedHashes(of: request) : [Array(SHA256.hash(data: request))]
    }
}

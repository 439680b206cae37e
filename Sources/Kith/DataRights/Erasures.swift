public import Postgres
public import struct FoundationEssentials.UUID

/// Erasure (UK GDPR, article 17): every module's contract says what is deleted, what is blanked and what is kept for which reason; ledgers
/// keep the person's id, which names nobody any more.
public struct Erasures: Sendable {
    private let contracts: [PrivacyContract]

    /// Makes the erasures of a server.
    /// - Parameter contracts: the core's, then each plugin's in the order in which they depend on each other
    public init(_ contracts: [PrivacyContract]) {
        self.contracts = contracts
    }

    // What depends on others goes first: the modules', then the core's.
    private var holdings: [PrivacyContract.Holding] { contracts.reversed().flatMap(\.holdings) }

    /// The answer to a preview.
    public static let preview = Schema.object(
        name: "ErasurePreview",
        members: [
            (
                "items",
                .list(
                    .object(
                        name: "ErasurePreviewItem",
                        members: [
                            ("title", .inline(["type": "string"]), "What it is."),
                            ("rows", .inline(["type": "integer"]), "How many entries there are."),
                            (
                                "action", .inline(["type": "string", "enum": ["deleted", "blanked", "kept"]]),
                                "What becomes of them; blanked entries stay for the counts, without the words."
                            ),
                            ("because", .inline(["type": ["string", "null"]]), "Why they are kept."),
                        ], required: ["title", "rows", "action", "because"])), "Each kind of data that is held of the person."
            )
        ], required: ["items"])

    /// What an erasure would delete, blank and keep. Nothing is changed.
    public func preview(of person: UUID?, by actor: Actor) async throws -> JSON {
        try await actor.transaction { actor in
            let found = try await actor.read(
                "select person_id, account_id from kith.people where person_id = coalesce(\(person)::uuid, kith.current_person())"
            ).only(People.resource)
            let (person, account) = try found.decode((UUID, UUID?).self)
            let counts = try await actor.run(holdings.map { $0.count(of: person, account: account) })
            return [
                "items": .array(
                    try zip(holdings, counts).map { holding, rows in
                        let (action, because) =
                            switch holding.erasure {
                            case .delete: ("deleted", JSON.null)
                            case .replace: ("blanked", JSON.null)
                            case .keep(let reason): ("kept", JSON.string(reason))
                            }
                        return [
                            "title": .string(holding.title), "rows": .integer(try rows.decode(Int64.self).first ?? 0),
                            "action": .string(action), "because": because,
                        ]
                    })
            ]
        }
    }

    /// The job that carries out a request.
    public func job(_ ledger: ErasureLedger) -> JobKind {
        JobKind(module: "core", "erase", "Erases a person") { run in
            guard let request = run.arguments["request"]?.string.flatMap(UUID.init(uuidString:)) else { throw Refusal.notFound("request") }
            return try await run.actor.transaction { actor in
                let begun = try await actor.read("select person_id, account_id from kith.begin_data_request(\(request), 'erasure')")
                guard let (person, account) = try begun.decode((UUID, UUID?).self).first, let network = actor.network else {
                    throw Refusal.notFound("request")
                }
                let statements = self.statements(person, account)
                _ = try await actor.run(statements)
                _ = try await actor.write(
                    """
                    update kith.data_requests set done_at = now(), version = version + 1 where request_id = \(request)
                    returning person_id as id
                    """, recording: "person.erased", about: person)
                // Before the commit: whoever is on the ledger and was not erased after all, is erased again.
                try ledger.append(.init(network: network, person: person))
                return ["erased": true]
            }
        }
    }

    /// Erases once more whoever is on the ledger and came back with a backup.
    /// - Parameters:
    ///   - ledger: the ledger
    ///   - superuser: the restored database
    /// - Returns: how many people
    /// - Throws: ``ErasureLedger/Failure``, or what the database says
    public func replay(_ ledger: ErasureLedger, in superuser: PostgresClient) async throws -> Int {
        let back = try await ledger.unerased(in: superuser)
        for entry in back {
            try await superuser.withTransaction { transaction in
                let account =
                    try await transaction.query("select kith.begin_erasure_again(\(entry.network), \(entry.person))")
                    .decode(UUID?.self).first ?? nil
                // The policies hold for everything that follows.
                _ = try await transaction.query("set local role kith_app")
                for statement in statements(entry.person, account) { _ = try await transaction.query(statement) }
                _ = try await transaction.query(
                    """
                    insert into kith.audit_entries (network_id, entry_id, action, subject_id)
                    values (\(entry.network), kith.new_id(), 'person.erased_again', \(entry.person))
                    """)
            }
        }
        return back.count
    }

    private func statements(_ person: UUID, _ account: UUID?) -> [Query] {
        holdings.compactMap { $0.erase(person, account: account) } + [
            // What was sealed with the person's key can be opened by nobody any more, wherever a copy of it is.
            "select kith.destroy_person_key(\(person))", "select kith.erase_notes(\(person))",
            // Answers to others may tell of the person. Without its answer a request that is repeated is still not done twice.
            "update kith.idempotency_keys set body = null where network_id = kith.current_network() and body is not null",
        ]
    }
}

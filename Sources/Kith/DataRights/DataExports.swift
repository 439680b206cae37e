import Postgres
public import struct FoundationEssentials.UUID

/// Copies of everything that is held of a person (UK GDPR, articles 15 and 20), gathered through the privacy contracts of the core and of
/// every plugin, in one snapshot of the database. Only the person's own rows are in it.
public struct DataExports: Sendable {
    private let contracts: [PrivacyContract]

    /// Makes the exports of a server.
    /// - Parameter contracts: the core's, then each plugin's
    public init(_ contracts: [PrivacyContract]) {
        self.contracts = contracts
    }

    /// The job that carries out a request.
    public var job: JobKind {
        JobKind(module: "core", "export", "Makes a copy of what is held of a person") { run in
            guard let request = run.arguments["request"]?.string.flatMap(UUID.init(uuidString:)) else { throw Refusal.notFound("request") }
            return try await run.actor.transaction(isolation: .repeatableRead) { actor in
                let begun = try await actor.read("select * from kith.begin_data_request(\(request), 'export')")
                guard let (person, account, byThemselves) = try begun.decode((UUID, UUID?, Bool).self).first else {
                    throw Refusal.notFound("request")
                }
                let copy = try await gather(person, account, forThemselves: byThemselves, by: actor)
                let file = try await Blocking.run { _ in try copy.zip() }
                try await keep(file, for: request, of: person, by: actor)
                return ["bytes": .integer(Int64(file.count))]
            }
        }
    }

    // What only the members of a space may read, or whoever the person shares it with, goes to the person and to no administrator.
    private func gather(_ person: UUID, _ account: UUID?, forThemselves: Bool, by actor: Actor) async throws -> PersonalCopy {
        let holdings = contracts.flatMap(\.holdings).filter { forThemselves || $0.confidentiality.isForAdministrators }
        let rows = try await actor.run(holdings.map { $0.export(of: person, account: forThemselves ? account : nil) })
        let now = try await actor.read(
            "select to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as at, (select name from kith.networks limit 1) as network")
        let (at, network) = try now.decode((String, String).self)[0]
        return try await PersonalCopy(
            network: network, person: person, madeAt: at,
            sections: zip(holdings, rows).map { .init(holding: $0, rows: $1) } + (forThemselves ? SealedWords.sections(by: actor) : []))
    }

    private func keep(_ file: [UInt8], for request: UUID, of person: UUID, by actor: Actor) async throws {
        let key = try await actor.read("select sealed_to from kith.data_requests where request_id = \(request)").decode([UInt8].self)
        let sealed = try ExportKey.seal(file, to: key.first ?? [], for: request)
        _ = try await actor.run(
            """
            insert into kith.exports (network_id, request_id, person_id, content) values (\(actor.network), \(request), \(person), \(sealed))
            """,
            actor.recorded(
                "update kith.data_requests set done_at = now(), version = version + 1 where request_id = \(request) returning request_id as id",
                as: "data_request.export_ready", about: person))
    }

    /// What opens a copy.
    public struct Opening: Input {
        let code: String

        public init(from fields: inout Fields) {
            code = fields.required("code", .text(), "The code that was shown when the copy was asked for.")
        }
    }

    /// Hands over a copy, once, to whoever asked for it. A wrong code leaves it where it is.
    public static func download(_ request: UUID, by actor: Actor, _ opening: Opening) async throws -> [UInt8] {
        try await actor.transaction { actor in
            let taken = try await actor.run(
                """
                delete from kith.exports e using kith.data_requests r
                where e.request_id = \(request) and r.request_id = e.request_id and r.asked_by = kith.current_person() and e.expires_at > now()
                returning e.content
                """,
                actor.recorded(
                    """
                    update kith.data_requests set downloaded_at = now(), version = version + 1
                    where request_id = \(request) and asked_by = kith.current_person() and downloaded_at is null
                    returning request_id as id, person_id
                    """))
            guard let sealed = try taken[0].decode([UInt8].self).first, !taken[1].isEmpty else {
                throw Refusal.notFound("copy to fetch")
            }
            guard let file = ExportKey(code: opening.code)?.open(sealed, for: request) else {
                throw Refusal.invalid([FieldProblem("/code", "This code does not open the copy. It was shown when the copy was asked for.")]
                )
            }
            return file
        }
    }
}

public import struct FoundationEssentials.UUID
public import Postgres

/// Who asks, in which network, with what right, and in which transaction: the first argument of every function that touches data.
///
/// An actor carries no decision. Its first statement in a transaction is one of the doors of `0002_entry.sql`, which proves the credential,
/// checks the role and opens one network to the row-level policies; the work follows in the same batch. There is no other way to a row.
public struct Actor: Sendable {
    /// The network of the request, if it is in one.
    public private(set) var network: UUID?
    /// The identifier of the thing that the request creates, known before it exists so that everything can be written in one round trip.
    public let newID = UUID.version7()
    /// The request, as logs and problem details name it.
    public let requestID: UUID

    private let credential: Credential
    private let access: Access
    private let scope: TokenScope
    private let place: UUID?
    private let plugin: String?
    private let action: String?
    private let rules: [String: SchemaRule]
    private var observation: Observation?
    /// The server's keys; nil where nothing can be sealed.
    let keyringFile: KeyringFile?
    /// Which addresses may be called in the name of the network.
    public let outbound: AddressPolicy
    private let consent: ConsentPurpose?
    private let client: PostgresClient
    private var executor: any PostgresExecutor
    private var hasEntered = false
    private let entrance = Entrance()

    /// Makes an actor for one request.
    /// - Parameters:
    ///   - credential: what the request presents
    ///   - access: what the endpoint demands
    ///   - scope: what a token must be good for
    ///   - network: the network of the path
    ///   - place: the programme or activity in which a role must hold, where `access` names one
    ///   - plugin: the module that must be enabled
    ///   - action: what is recorded of each write
    ///   - rules: what the module's constraints mean, by name
    ///   - consent: what the person must have agreed to
    ///   - requestID: the request
    ///   - keyring: the server's keys
    ///   - outbound: which addresses may be called in the name of the network
    ///   - client: the database
    public init(
        credential: Credential, access: Access, scope: TokenScope, network: UUID? = nil, place: UUID? = nil, plugin: String? = nil,
        action: String? = nil, rules: [String: SchemaRule] = [:], consent: ConsentPurpose? = nil, requestID: UUID = .version7(),
        keyring: KeyringFile? = nil, outbound: AddressPolicy = AddressPolicy(),
        client: PostgresClient
    ) {
        self.credential = credential
        self.access = access
        self.scope = scope
        self.network = network
        self.place = place
        self.plugin = plugin
        self.action = action
        self.rules = rules
        self.consent = consent
        self.requestID = requestID
        keyringFile = keyring
        self.outbound = outbound
        self.client = client
        executor = client
    }

    /// Runs statements in one round trip and one transaction, behind the door.
    /// - Returns: the rows of each statement
    /// - Throws: ``Refusal`` where the door stays shut or a rule of the schema is broken
    public func run(_ statements: Query...) async throws -> [Rows] {
        try await run(statements)
    }

    /// Runs statements in one round trip and one transaction, behind the door.
    public func run(_ statements: [Query]) async throws -> [Rows] {
        do {
            let doors = hasEntered ? [] : doors
            if doors.isEmpty { return try await executor.batch(statements) }
            entrance.knock()
            let opening = doors + observed
            let rows = try await executor.batch(opening + statements)
            entrance.open()
            return Array(rows.dropFirst(opening.count))
        } catch {
            throw Refusal.translating(error, rules)
        }
    }

    /// Runs one statement that reads.
    public func read(_ query: Query) async throws -> Rows {
        try await run([query])[0]
    }

    /// Runs one statement that writes and answers the row with `returning … id …`, and records it: one audit entry and one event for
    /// each row, in the same transaction, with the action that the endpoint declares.
    /// - Parameters:
    ///   - query: the statement
    ///   - action: another action than the declared one, for a function that does several things
    ///   - person: whom it concerns
    /// - Returns: the rows of the statement
    /// - Throws: ``Refusal`` where the door stays shut or a rule of the schema is broken
    public func write(_ query: Query, recording action: String? = nil, about person: UUID? = nil) async throws -> Rows {
        try await run([recorded(query, as: action, about: person)])[0]
    }

    /// The statement with its audit entry and its event, for a batch of several.
    /// - Parameters:
    ///   - query: the statement
    ///   - action: another action than the declared one
    ///   - person: whom it concerns
    ///   - isNamed: false where nobody who reads the audit may learn who did it
    /// - Returns: the statement, which answers the rows of `query`
    public func recorded(_ query: Query, as action: String? = nil, about person: UUID? = nil, isNamed: Bool = true) -> Query {
        guard let action = action ?? self.action else { preconditionFailure("an endpoint that writes declares what it records") }
        let who: Query = isNamed ? "kith.current_account(), kith.current_person()" : "null, null"
        let request = isNamed ? requestID : nil
        return """
            with changed as (\(query: query)),
            audited as (
                insert into kith.audit_entries (network_id, entry_id, account_id, person_id, action, subject_id, request_id)
                select kith.current_ledger(), kith.new_id(), \(query: who), \(action), changed.id, \(request)::uuid
                from changed),
            published as (
                insert into kith.events (network_id, event_id, kind, subject_id, person_id)
                select kith.current_network(), kith.new_id(), \(action), changed.id, \(person)::uuid
                from changed where kith.current_network() is not null)
            select * from changed
            """
    }

    /// Reads, decides and writes in one transaction on one connection. The closure's own error is rethrown and nothing is kept.
    /// Runs again when the database asks for it, so the closure must not act on the outside.
    public func transaction<Result: Sendable>(
        isolation: IsolationLevel = .readCommitted, _ body: @Sendable (Actor) async throws -> Result
    ) async throws -> Result {
        do {
            if let transaction = executor as? Transaction {
                return try await transaction.withTransaction { nested in try await body(entering(nested, hasEntered: hasEntered)) }
            }
            return try await client.withTransaction(isolation: isolation) { transaction in
                entrance.knock()
                if !doors.isEmpty { _ = try await transaction.batch(doors + observed) }
                entrance.open()
                return try await body(entering(transaction, hasEntered: true))
            }
        } catch let error as PostgresError {
            throw Refusal.translating(error, rules)
        }
    }

    /// Knocks at the door where no statement has yet: a function that touches no row needs its right all the same.
    /// - Throws: ``Refusal`` where the door stays shut
    public func enter() async throws {
        if !entrance.isOpen { _ = try await run([]) }
    }

    /// Whether the door has opened: whoever asks has the right that the operation needs.
    public var isInside: Bool { entrance.isOpen }

    /// Knocks at the door where nobody has yet, before a request is refused for another reason: whoever may not do something is told so,
    /// and not what was wrong with how they asked.
    /// - Throws: ``Refusal`` where the door stays shut
    public func enterBeforeRefusal() async throws {
        if !entrance.wasTried { _ = try await run([]) }
    }

    /// The operator who asks, at the door of a network that does not exist yet.
    /// - Parameter network: the network to be
    /// - Returns: an actor who can write into it
    public func opening(_ network: UUID) -> Actor {
        var actor = self
        actor.network = network
        actor.hasEntered = false
        return actor
    }

    /// The actor whose first statement is recorded as a read of people's records, in its transaction.
    public func observing(_ observation: Observation?) -> Actor {
        var actor = self
        actor.observation = observation
        return actor
    }

    /// The actor who reads a page of a list.
    public func reading(_ page: Page) -> Actor {
        var actor = self
        actor.observation = observation?.on(page)
        return actor
    }

    /// The transaction that the actor is in, for bulk copying.
    public var current: Transaction? { executor as? Transaction }

    private func entering(_ transaction: Transaction, hasEntered: Bool) -> Actor {
        var actor = self
        actor.executor = transaction
        actor.hasEntered = hasEntered
        return actor
    }

    // With the first statements of a request only.
    private var observed: [Query] {
        guard let observation, !entrance.isOpen else { return [] }
        guard case .permission(let permission, let reach) = access else {
            return [observation.recorded(roles: nil, anywhere: false, place: nil, request: requestID)]
        }
        let anywhere = if case .anywhere = reach { true } else { false }
        return [observation.recorded(roles: permission.roleNames, anywhere: anywhere, place: place, request: requestID)]
    }

    // The door of the network and, where the operation needs it, the consent of whoever comes through.
    private var doors: [Query] {
        [door, consent?.requirement].compactMap(\.self)
    }

    private var door: Query? {
        switch (credential, access) {
        case (_, .anyone): nil
        case (_, .visitor(let door, _)): "select \(raw: door)(\(secret), \(network), \(place))"
        case (.lease(let worker, let job), _): "select kith.enter_job(\(worker), \(network), \(job))"
        case (.message(let worker, let message), _): "select kith.enter_message(\(worker), \(network), \(message))"
        case (.webhookDelivery(let worker, let delivery), _): "select kith.enter_webhook_delivery(\(worker), \(network), \(delivery))"
        case (_, .account), (_, .signIn): "select kith.enter_account(\(secret), \(scope.rawValue))"
        case (_, .operator): "select kith.enter_operator(\(secret), \(network))"
        case (_, .everMember): "select kith.enter_own(\(secret), \(scope.rawValue), \(network), \(plugin))"
        case (_, .member): enter(roles: nil, anywhere: false)
        case (_, .permission(let permission, let reach)):
            switch reach {
            case .anywhere: enter(roles: permission.roleNames, anywhere: true)
            case .network, .parameter: enter(roles: permission.roleNames, anywhere: false)
            }
        }
    }

    private func enter(roles: RoleNames?, anywhere: Bool) -> Query {
        "select kith.enter(\(secret), \(scope.rawValue), \(network), \(roles), \(anywhere), \(place), \(plugin))"
    }

    // Without a token the hash is empty, which matches none.
    private var secret: [UInt8] {
        if case .token(let hash) = credential { hash } else { [] }
    }
}

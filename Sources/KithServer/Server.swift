import EmbeddedPostgres
public import Hummingbird
import HummingbirdCore
import Kith
public import KithAPI
public import Logging
public import Postgres
public import ServiceLifecycle
import UnixSignals

/// A server: the core and a distribution of plugins on one database.
public struct Server: Sendable {
    /// Why a server cannot start.
    public struct Failure: Error, CustomStringConvertible {
        /// What is wrong and what to do.
        public let description: String
    }

    /// What answers requests, for tests that need no socket.
    public let responder: RouterResponder<APIContext>
    /// What runs beside the requests.
    public let services: [any Service]
    private let configuration: ServerConfiguration
    private let logger: Logger

    /// Puts a server together. Nothing runs yet.
    public init(_ distribution: Distribution, database: PostgresConfiguration, _ configuration: ServerConfiguration, logger: Logger) {
        let client = PostgresClient(configuration: database, logger: logger)
        let wakeups = Wakeups(configuration: database, logger: logger)
        let keyring = KeyringFile(path: configuration.keyringPath)
        let links = configuration.mail.map { SignInLinks(client: client, mail: $0, logger: logger) }
        let signIn = SignIn(configuration.signIn, links: links)
        let outbound = configuration.webhookPolicy ?? AddressPolicy()
        var settings = configuration.api
        settings.outbound = outbound
        let api = API(
            modules: distribution.modules(
                wakeups: wakeups, signIn: signIn, site: configuration.site, webhookPolicy: outbound),
            client: client, keyring: keyring,
            configuration: settings)
        let router = api.router()
        let document = OpenAPI.document(distribution.endpoints(wakeups: wakeups), version: kithVersion).bytes
        router.get("/v1/openapi.json") { _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: document)))
        }
        router.get("/sign-in") { _, _ in SignInPage.response }
        responder = router.buildResponder()
        services =
            [
                client, wakeups, EventPublisher(client: client, logger: logger),
                JobWorker(
                    client: client, keyring: keyring, outbound: outbound,
                    kinds: distribution.jobs(ErasureLedger(path: configuration.erasures)),
                    wakeups: wakeups, most: configuration.jobs, logger: logger),
                Housekeeping(client: client, logger: logger), AuditNumbering(client: client, logger: logger),
            ] + Self.checkpointing(client, keyring, configuration, logger)
            + Self.delivering(client, keyring, distribution, configuration, logger) + (links.map { [$0 as any Service] } ?? [])
        self.configuration = configuration
        self.logger = logger
    }

    private static func checkpointing(
        _ client: PostgresClient, _ keyring: KeyringFile, _ configuration: ServerConfiguration, _ logger: Logger
    ) -> [any Service] {
        guard configuration.checkpointSeconds > 0 else { return [] }
        return [
            AuditCheckpointing(
                client: client, folder: CheckpointFolder(configuration.checkpointFolder), keyring: keyring,
                interval: .seconds(configuration.checkpointSeconds), logger: logger)
        ]
    }

    // What goes out to people.
    private static func delivering(
        _ client: PostgresClient, _ keyring: KeyringFile, _ distribution: Distribution, _ configuration: ServerConfiguration,
        _ logger: Logger
    ) -> [any Service] {
        var services: [any Service] = [
            WebhookDelivery(client: client, keyring: keyring, policy: configuration.webhookPolicy ?? AddressPolicy(), logger: logger)
        ]
        if let mail = configuration.mail {
            services.append(
                MessageDelivery(client: client, keyring: keyring, catalogue: distribution.messages, mail: mail, logger: logger))
        }
        return services
    }

    /// The HTTP server on a socket, to run after the services.
    public func application(started: @escaping @Sendable (Int) async -> Void = { _ in }) -> some ApplicationProtocol {
        Application(
            responder: responder,
            server: HTTPServerBuilder { responder in
                EventLoopChannel(
                    wrapped: HTTP1Channel(
                        responder: responder,
                        configuration: .init(
                            additionalChannelHandlers: [UnreadableRequestHandler(bodyDeadline: configuration.api.bodyDeadline)],
                            idleTimeout: .seconds(75))))
            },
            configuration: .init(address: .hostname(configuration.host, port: configuration.port), serverName: "kith"),
            onServerRunning: { channel in await started(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    /// Brings the database of a configuration to this release where this process may, and refuses to start otherwise.
    public static func run(
        _ distribution: Distribution, _ configuration: ServerConfiguration, logger: Logger,
        started: @escaping @Sendable (Int) async -> Void
    ) async throws {
        var configuration = configuration
        configuration.mail = try configuration.mail ?? configuration.mailSettings.mail(site: configuration.site)
        configuration.webhookPolicy = try configuration.checkedWebhookPolicy()
        if configuration.mail == nil { logger.notice("No mail is sent: KITH_SMTP_URL is not set. Messages wait until it is.") }
        var before: [any Service] = []
        let access: DatabaseAccess
        if let configured = DatabaseAccess(configuration) {
            access = configured
        } else {
            let cluster = EmbeddedCluster(configuration: .init(folder: configuration.dataFolder), logger: logger)
            access = DatabaseAccess(try await cluster.start(), configuration)
            before = [cluster]
            do {
                try await Self.prepare(distribution, access, configuration, logger)
            } catch {
                await cluster.stop()
                throw error
            }
        }
        let ledger = ErasureLedger(path: configuration.erasures)
        try await DatabaseAccess.withClient(access.server, logger) { client in
            try await Migrator(distribution.migrations, client: client, logger: logger).check()
            try await ledger.check(client)
        }
        let server = Server(distribution, database: access.server, configuration, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: (before + server.services + [server.application(started: started)]).map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    // A server with its own database migrates it by itself, and writes the operator's first token beside it.
    private static func prepare(
        _ distribution: Distribution, _ access: DatabaseAccess, _ configuration: ServerConfiguration, _ logger: Logger
    ) async throws {
        guard let owner = access.owner else { return }
        try await DatabaseAccess.withClient(owner, logger) { client in
            _ = try await Migrator(distribution.migrations, client: client, logger: logger).migrate()
            if try await !Operators.exist(client) {
                let token = try await Operators.create(client)
                try OperatorTokenFile(in: configuration.dataFolder).write(token)
            }
            try await prepareKeyring(configuration, client, logger)
        }
    }
}

extension Server {
    // A keyring is made once, with the database. One that is lost is not replaced by another, which would open nothing.
    private static func prepareKeyring(_ configuration: ServerConfiguration, _ client: PostgresClient, _ logger: Logger) async throws {
        let file = KeyringFile(path: configuration.keyringPath)
        if file.exists { return }
        if try await DataKeys.usage(client).isEmpty {
            try file.create()
        } else {
            logger.error("The keyring is lost: nothing sealed can be read until it is put back", metadata: ["path": "\(file.path)"])
        }
    }
}

/// The version of this release.
public let kithVersion = "0.1.0"

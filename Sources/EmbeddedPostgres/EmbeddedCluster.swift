import Glibc
public import Logging

/// A private PostgreSQL cluster in a data folder, made of the system's packages, for a server that has no database configured.
///
/// It listens on a Unix socket only. It runs as an ordinary user: the one that this process has, or `postgres` when this process is root's.
/// Whatever an earlier server has left is put right at the start: a PostgreSQL that still runs, a crash, a first start cut short.
///
/// As a service it goes first in the group, so that it stops last:
///
/// ```swift
/// let cluster = EmbeddedCluster(configuration: .init(folder: "/var/lib/kith"), logger: logger)
/// let details = try await cluster.start()
/// let client = PostgresClient(details.connectionString(user: ConnectionDetails.app))
/// try await ServiceGroup(services: [cluster, client, server], logger: logger).run()
/// ```
///
/// For a command that ends by itself there is ``withRunning(_:)``. A cluster that is let go without ``stop()``, as by a process that is
/// killed, leaves PostgreSQL running; the next start on the folder stops that first.
public actor EmbeddedCluster {
    /// The number in the socket's name.
    static let port = 5432

    /// Where the cluster lives and how it runs.
    public nonisolated let configuration: Configuration
    let logger: Logger
    private var state = State.stopped

    private enum State {
        case stopped
        case starting(Task<Result<Running, EmbeddedClusterError>, Never>)
        case running(Running)
        case stopping(Task<Void, Never>)
    }

    /// What there is while PostgreSQL runs. The folder stays claimed for as long as this value lives.
    private struct Running: Sendable {
        let lock: FolderLock
        let postmaster: Postmaster
        let process: pid_t
        let details: ConnectionDetails
    }

    /// Creates a cluster that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Where the cluster lives and how it runs.
    ///   - logger: Where starts, stops and recoveries are told.
    public init(configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Starts PostgreSQL and returns when it takes connections. The first start in a folder also makes the cluster, its roles and its database.
    ///
    /// Starting a cluster that runs returns the same details again. A cancelled task does not cut a start short.
    ///
    /// - Returns: How to connect.
    /// - Throws: An ``EmbeddedClusterError`` that says what to do.
    public func start() async throws(EmbeddedClusterError) -> ConnectionDetails {
        while true {
            switch state {
            case .running(let running):
                return running.details
            case .stopping(let task):
                await task.value
            case .starting(let task):
                return try await task.value.get().details
            case .stopped:
                // A task of its own: pg_ctl must not be killed half-way because the caller was cancelled.
                let task = Task {
                    let result = await Self.start(configuration, logger)
                    state = (try? result.get()).map(State.running) ?? .stopped
                    return result
                }
                state = .starting(task)
                return try await task.value.get().details
            }
        }
    }

    /// Stops PostgreSQL and returns when it has stopped. Open transactions are rolled back. A cluster that does not run is left alone.
    ///
    /// A cancelled task does not cut a stop short.
    public func stop() async {
        while true {
            switch state {
            case .stopped:
                return
            case .starting(let task):
                _ = await task.value
            case .stopping(let task):
                return await task.value
            case .running(let running):
                let task = Task {
                    await running.postmaster.stop()
                    logger.info("PostgreSQL has stopped")
                    state = .stopped
                }
                state = .stopping(task)
            }
        }
    }

    /// Starts PostgreSQL, hands over how to connect, and stops it when `body` is done, whether it returns or throws.
    ///
    /// - Parameter body: What to do while the cluster runs.
    /// - Returns: What `body` returns.
    /// - Throws: An ``EmbeddedClusterError`` if PostgreSQL cannot be started; otherwise what `body` throws.
    public nonisolated func withRunning<Value: Sendable>(
        _ body: @Sendable (ConnectionDetails) async throws -> Value
    ) async throws -> Value {
        let details = try await start()
        do {
            let value = try await body(details)
            await stop()
            return value
        } catch {
            await stop()
            throw error
        }
    }

    /// How to connect to the cluster in a folder that another process runs, for `psql`, `pg_dump` and commands beside a server.
    ///
    /// - Parameter folder: The data folder.
    /// - Returns: How to connect. Whether PostgreSQL is running is not looked at.
    /// - Throws: An ``EmbeddedClusterError`` if there is no cluster in the folder, or this user may not read its passwords.
    public static func connectionDetails(in folder: String) throws(EmbeddedClusterError) -> ConnectionDetails {
        let path = try Layout.absolute(folder)
        guard let resolved = Files.resolved(path), let secrets = Secrets(file: Layout(folder: resolved).passwords) else {
            throw EmbeddedClusterError(
                .folderNotUsable,
                "There is no database in the data folder \(path), or this user may not read its passwords.",
                remedy: "Start the server there once, and run this as the same user."
            )
        }
        return ConnectionDetails(socketFolder: Layout(folder: resolved).socket, port: port, passwords: secrets.passwords)
    }

    /// Starts PostgreSQL again if it has ended by itself.
    ///
    /// - Returns: Whether it had ended.
    func revive() async throws(EmbeddedClusterError) -> Bool {
        guard case .running(let running) = state else { return false }
        guard !ServerProcesses.isAlive(running.process, running.postmaster.layout, running.postmaster.account) else { return false }
        logger.error("PostgreSQL has ended unexpectedly and is started again", metadata: ["process": "\(running.process)"])
        let task = Task { () -> Result<Running, EmbeddedClusterError> in
            do throws(EmbeddedClusterError) {
                let process = try await running.postmaster.start()
                let revived = Running(
                    lock: running.lock, postmaster: running.postmaster, process: process, details: running.details)
                state = .running(revived)
                return .success(revived)
            } catch {
                state = .stopped
                return .failure(error)
            }
        }
        state = .starting(task)
        _ = try await task.value.get()
        return true
    }

    /// The main process of PostgreSQL, while it runs.
    var process: pid_t? {
        guard case .running(let running) = state else { return nil }
        return running.process
    }

    private static func start(_ configuration: Configuration, _ logger: Logger) async -> Result<Running, EmbeddedClusterError> {
        do throws(EmbeddedClusterError) {
            return .success(try await startOrThrow(configuration, logger))
        } catch {
            return .failure(error)
        }
    }

    private static func startOrThrow(_ configuration: Configuration, _ logger: Logger) async throws(EmbeddedClusterError) -> Running {
        let path = try Layout.absolute(configuration.folder)
        let account = try Account.current()
        // Finding the programs comes before making folders: a machine without PostgreSQL is left as it was.
        _ = try await Installation.find(binaries: configuration.binaries, clusterVersion: nil, data: path)
        try Files.createFolders(path, mode: 0o700)
        guard let folder = Files.resolved(path) else { throw .folderNotWritable(path, errno) }

        let layout = Layout(folder: folder)
        let lock = try FolderLock(folder: folder)
        try await layout.prepare(for: account)
        let version = Files.read(layout.data + "/PG_VERSION")?.split(separator: "\n").first.map(String.init)
        let installation = try await Installation.find(binaries: configuration.binaries, clusterVersion: version, data: layout.data)
        let postmaster = Postmaster(
            layout: layout, account: account, installation: installation, configuration: configuration, logger: logger)
        let secrets = try await secrets(postmaster, isNew: version == nil)

        let process = try await postmaster.start()
        logger.info(
            "PostgreSQL is running",
            metadata: ["folder": "\(folder)", "process": "\(process)", "version": "\(installation.version)", "socket": "\(layout.socket)"])
        let details = ConnectionDetails(socketFolder: layout.socket, port: port, passwords: secrets.passwords)
        return Running(lock: lock, postmaster: postmaster, process: process, details: details)
    }

    private static func secrets(_ postmaster: Postmaster, isNew: Bool) async throws(EmbeddedClusterError) -> Secrets {
        let layout = postmaster.layout
        let stored = Secrets(file: layout.passwords)
        if !isNew, let stored { return stored }
        let initialisation = Initialisation(
            layout: layout, account: postmaster.account, installation: postmaster.installation,
            durability: postmaster.configuration.durability)
        let secrets = stored ?? Secrets()
        if isNew {
            postmaster.logger.info("Setting up a new PostgreSQL cluster", metadata: ["folder": "\(layout.folder)"])
            try secrets.write(to: layout.passwords)
            try await initialisation.run(secrets)
        } else {
            postmaster.logger.warning("The file of database passwords is missing; new passwords are set")
            try await postmaster.endLeftovers()
            try await initialisation.resetPasswords(secrets)
            try secrets.write(to: layout.passwords)
        }
        return secrets
    }
}

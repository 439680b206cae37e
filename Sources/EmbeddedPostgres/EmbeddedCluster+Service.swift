public import ServiceLifecycle

extension EmbeddedCluster: Service {
    /// How often PostgreSQL may end by itself in ``failureWindow`` before the server gives up.
    static let failureLimit = 5
    /// The time in which failures are counted.
    static let failureWindow = Duration.seconds(600)

    /// Runs the cluster until the group shuts down gracefully or the task is cancelled, then stops it cleanly.
    ///
    /// Starts it first if ``start()`` was not called. If PostgreSQL ends by itself, for example because the machine ran out of memory and
    /// the kernel ended it, it is started again and recovers; clients see their connections break.
    ///
    /// - Throws: An ``EmbeddedClusterError`` if PostgreSQL cannot be started, or ends by itself more than five times in ten minutes.
    public func run() async throws {
        _ = try await start()
        do {
            try await cancelWhenGracefulShutdown { try await self.watch() }
        } catch is CancellationError {
            await stop()
        } catch {
            await stop()
            throw error
        }
    }

    /// Looks once a second whether PostgreSQL is alive, until the task is cancelled.
    ///
    /// The main process is not a child of this one, so the kernel does not tell when it ends.
    private func watch() async throws {
        let clock = ContinuousClock()
        var failures: [ContinuousClock.Instant] = []
        while true {
            try await clock.sleep(for: .seconds(1))
            guard try await revive() else { continue }
            failures = failures.filter { $0.duration(to: clock.now) < Self.failureWindow } + [clock.now]
            guard failures.count <= Self.failureLimit else {
                throw EmbeddedClusterError(
                    .keepsFailing,
                    "PostgreSQL has ended by itself \(failures.count) times in ten minutes.",
                    remedy: "Look for the reason in its log in \(configuration.folder)/cluster/log and in the system's log."
                )
            }
        }
    }
}

import Glibc
import Logging

/// The starting and stopping of the server processes of one cluster that exists.
struct Postmaster: Sendable {
    let layout: Layout
    let account: Account
    let installation: Installation
    let configuration: EmbeddedCluster.Configuration
    let logger: Logger

    /// Ends what an earlier server has left running, starts PostgreSQL and waits until it takes connections.
    ///
    /// A cluster that was not shut down cleanly recovers from its write-ahead log on the way.
    ///
    /// - Returns: The main process.
    func start() async throws(EmbeddedClusterError) -> pid_t {
        try await endLeftovers()
        // The socket's lock file holds the process id once more. Nothing runs on this cluster now, and the folder is the cluster's alone.
        let socket = "\(layout.socket)/.s.PGSQL.\(EmbeddedCluster.port)"
        _ = await account.command("/bin/rm", ["-f", "--", layout.startLog, socket, socket + ".lock"]).run()
        let settings = configuration.settings(socketFolder: layout.socket, clusterName: layout.clusterName, logFolder: layout.log)
        let options = settings.map { "-c \($0.name)=\(Self.quotedForShell($0.value))" }.joined(separator: " ")
        let outcome = await control(
            "start", ["-l", layout.startLog, "-o", options, "-t", String(configuration.startTimeout.components.seconds)])
        guard outcome.succeeded, let process = ServerProcesses.recordedProcess(layout) else {
            throw StartLog.error(output: outcome.output, log: StartLog.latest(layout), layout: layout)
        }
        return process
    }

    /// Stops PostgreSQL: open transactions are rolled back, everything committed is on disk.
    func stop() async {
        let timeout = String(configuration.stopTimeout.components.seconds)
        let outcome = await control("stop", ["-m", "fast", "-t", timeout])
        if outcome.succeeded || ServerProcesses.find(layout, account).postmaster == nil { return }
        logger.warning("PostgreSQL did not stop in time and is stopped at once; it will recover at the next start")
        _ = await control("stop", ["-m", "immediate", "-t", timeout])
    }

    private func control(_ action: String, _ arguments: [String]) async -> Command.Outcome {
        await account.command(installation.program("pg_ctl"), [action, "-w", "-D", layout.data] + arguments).run()
    }

    /// Brings the cluster to the state in which nothing runs on it. The caller holds the folder's lock, so nobody else needs what runs.
    func endLeftovers() async throws(EmbeddedClusterError) {
        var found = ServerProcesses.find(layout, account)
        if found.postmaster != nil {
            logger.notice("Stopping the PostgreSQL that an earlier server has left running")
            await stop()
            found = ServerProcesses.find(layout, account)
        }
        // Without their main process the others end by themselves, but one that is busy may take until its statement ends. Recovery
        // is due in any case, so nothing is lost by ending them.
        for signal in [SIGQUIT, SIGKILL] {
            for process in found.all { kill(process, signal) }
            for _ in 0..<100 where !found.all.isEmpty {
                try? await Task.sleep(for: .milliseconds(50))
                found = ServerProcesses.find(layout, account)
            }
        }
        guard found.all.isEmpty else {
            throw EmbeddedClusterError(
                .startFailed,
                "PostgreSQL processes of an earlier server still run on \(layout.data): \(found.all).",
                remedy: "End them, for example by a restart of the machine, and start again."
            )
        }
        if ServerProcesses.recordMisleads(layout) {
            logger.notice("Removing the process id of a PostgreSQL that has ended")
            _ = await account.command("/bin/rm", ["-f", "--", layout.data + "/postmaster.pid"]).run()
        }
    }

    /// Quotes a value for the shell that `pg_ctl` starts the server with.
    static func quotedForShell(_ value: String) -> String {
        "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}

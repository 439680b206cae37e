import Glibc

/// The PostgreSQL processes of one cluster, read from `/proc`.
///
/// A process is known by its command line, not by its id alone: after a restart of the machine the id in `postmaster.pid` may belong to
/// somebody else. Command lines can be read without further rights, other than `/proc/<id>/cwd`, which root in a container cannot read.
struct ServerProcesses: Sendable {
    /// The main process, which all others belong to.
    let postmaster: pid_t?
    /// Processes that a main process has left behind, or that belong to the one that runs.
    let others: [pid_t]

    var all: [pid_t] { (postmaster.map { [$0] } ?? []) + others }

    /// Looks for the processes of the cluster in a folder.
    static func find(_ layout: Layout, _ account: Account) -> ServerProcesses {
        let recorded = recordedProcess(layout)
        var postmaster: pid_t?
        var others: [pid_t] = []
        for name in Files.names(in: "/proc") {
            guard let process = pid_t(name), belongs(process, layout, account) else { continue }
            if process == recorded { postmaster = process } else { others.append(process) }
        }
        return ServerProcesses(postmaster: postmaster, others: others)
    }

    /// The id in the cluster's `postmaster.pid`, whether or not that process is alive.
    static func recordedProcess(_ layout: Layout) -> pid_t? {
        Files.read(layout.data + "/postmaster.pid")?.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    /// Whether a process is PostgreSQL running on this cluster.
    static func belongs(_ process: pid_t, _ layout: Layout, _ account: Account) -> Bool {
        var information = stat()
        guard stat("/proc/\(process)", &information) == 0, information.st_uid == account.userID else { return false }
        // A process that has ended but was not collected has an empty command line.
        guard let line = Files.read("/proc/\(process)/cmdline") else { return false }
        if line.hasPrefix("postgres: \(layout.clusterName): ") { return true }
        let words = line.split(separator: "\0", omittingEmptySubsequences: false)
        guard let program = words.first, program.hasSuffix("/postgres") else { return false }
        return zip(words, words.dropFirst()).contains { $0 == "-D" && $1 == layout.data }
    }

    /// Whether the main process that this process has started is still alive.
    static func isAlive(_ postmaster: pid_t, _ layout: Layout, _ account: Account) -> Bool {
        // As process 1 of a container this process inherits the main process, and has to collect it when it has ended.
        waitpid(postmaster, nil, WNOHANG)
        return belongs(postmaster, layout, account)
    }

    /// Whether `postmaster.pid` names a process that cannot be a main process, although it seems alive to `postgres`, which then refuses to
    /// start: one of another program, or one that has ended and that its parent has not collected, as in a container without an init.
    static func recordMisleads(_ layout: Layout) -> Bool {
        guard let process = recordedProcess(layout), let line = Files.read("/proc/\(process)/stat") else { return false }
        return isOther(line)
    }

    /// Whether a line of `/proc/<id>/stat`, such as `4711 (postgres) S 1 …`, tells of a process that does not run PostgreSQL.
    static func isOther(_ line: String) -> Bool {
        guard let opening = line.firstIndex(of: "("), let closing = line.lastIndex(of: ")") else { return false }
        let name = line[line.index(after: opening)..<closing]
        let state = line[line.index(after: closing)...].first { $0 != " " }
        return name != "postgres" || state == "Z" || state == "X"
    }
}

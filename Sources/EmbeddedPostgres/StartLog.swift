/// What PostgreSQL says when it does not start, put into words for the person who started it.
enum StartLog {
    /// The last lines of a program's output, in one line.
    static func lastLines(of output: String, count: Int = 5) -> String {
        let lines = output.split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty }
        return lines.suffix(count).joined(separator: " | ")
    }

    /// What the server wrote when it started: to the start log, and from a point on to the log file of the day.
    static func latest(_ layout: Layout) -> String {
        let start = Files.read(layout.startLog) ?? ""
        guard start.contains("redirecting log output") else { return start }
        let newest = Files.names(in: layout.log).filter { $0.hasPrefix("postgres-") }
            .max { Files.changed(layout.log + "/" + $0) < Files.changed(layout.log + "/" + $1) }
        let lines = newest.flatMap { Files.read(layout.log + "/" + $0) }?.split(whereSeparator: \.isNewline) ?? []
        return lines.suffix(10).joined(separator: "\n")
    }

    /// The error for a start that failed.
    ///
    /// - Parameters:
    ///   - output: What `pg_ctl` printed.
    ///   - log: What the server wrote before it gave up.
    ///   - layout: Where the cluster is.
    /// - Returns: An error that names the reason.
    static func error(output: String, log: String, layout: Layout) -> EmbeddedClusterError {
        let fatal = log.split(whereSeparator: \.isNewline).filter { $0.contains("FATAL:") || $0.contains("PANIC:") || $0.contains("HINT:") }
        let reason = fatal.isEmpty ? lastLines(of: log.isEmpty ? output : log) : lastLines(of: fatal.joined(separator: "\n"))
        if output.contains("did not start in time") {
            return EmbeddedClusterError(
                .startFailed,
                "PostgreSQL needs longer to start on \(layout.data) than it was given: \(reason)",
                remedy: "It may still be recovering from a crash: watch \(layout.log), then start again with a longer time limit."
            )
        }
        // On a full disk there may be no room for the message that says so.
        if log.contains("No space left on device") || Files.freeBytes(at: layout.cluster).map({ $0 < 1 << 20 }) == true {
            return .diskFull(layout.folder, reason.isEmpty ? "it is full" : reason)
        }
        return EmbeddedClusterError(
            .startFailed,
            "PostgreSQL did not start on \(layout.data): \(reason)",
            remedy: "Its messages are in \(layout.log). Put right what they name and start again; the data is untouched."
        )
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return start[..<start.startIndex] }
        return start[...end]
    }
}

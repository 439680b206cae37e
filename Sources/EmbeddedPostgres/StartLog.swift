/// What PostgreSQL says when it does not start, put into words for the person who started it.
enum StartLog {
    /// The last lines of a program's output, in one line.
    static func lastLines(of output: String, count: Int = 5) -> String {
        let lines = output.split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty }
        return lines.suffix(count).joined(separator: " | ")
    }

    /// The error for a start that failed.
    ///
    /// - Parameters:
    ///   - output: What `pg_ctl` printed.
    ///   - log: What the server wrote before it gave up.
    ///   - layout: Where the cluster is.
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
        if log.contains("No space left on device") { return .diskFull(layout.folder, reason) }
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

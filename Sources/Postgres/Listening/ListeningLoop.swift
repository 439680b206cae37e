import CLibpq
import Logging

/// The thread behind ``PostgresNotifications``: connects, listens, waits, and begins again when the connection breaks.
struct ListeningLoop {
    let configuration: PostgresConfiguration
    let channels: [String]
    let logger: Logger
    let stopSignal: StopSignal
    let deliver: (PostgresNotifications.Event) -> Void

    func run() {
        var failures = 0
        while !stopSignal.wait(milliseconds: failures == 0 ? 0 : backoff(failures)) {
            guard let pg = Connector.open(configuration) else { return }
            defer { PQfinish(pg) }
            guard PQstatus(pg) == CONNECTION_OK, listen(pg) else {
                failures += 1
                logger.warning("Could not listen to PostgreSQL", metadata: ["error": "\(Connector.message(pg))"])
                continue
            }
            failures = 0
            deliver(.reconnected)
            if receive(pg) { return }
            failures = 1
            logger.warning("Lost the connection that listens to PostgreSQL")
        }
    }

    private func listen(_ pg: OpaquePointer) -> Bool {
        PQsetNoticeProcessor(pg, { _, _ in }, nil)
        return channels.allSatisfy { channel in
            succeeds(pg, "listen \"\(channel.replacing("\"", with: "\"\""))\"")
        }
    }

    /// Delivers notifications until the connection breaks, or until the end: then it returns true.
    private func receive(_ pg: OpaquePointer) -> Bool {
        while true {
            while let notification = PQnotifies(pg) {
                deliver(
                    .notification(
                        .init(
                            channel: String(cString: notification.pointee.relname), payload: String(cString: notification.pointee.extra),
                            processID: notification.pointee.be_pid)))
                PQfreemem(notification)
            }
            // Without a limit: TCP's keepalives tell of a dead peer.
            if stopSignal.wait(reading: PQsocket(pg), milliseconds: -1) { return true }
            guard PQconsumeInput(pg) == 1 else { return false }
        }
    }

    private func succeeds(_ pg: OpaquePointer, _ sql: String) -> Bool {
        let result = PQexec(pg, sql)
        defer { PQclear(result) }
        return PQresultStatus(result) == PGRES_COMMAND_OK
    }

    /// Milliseconds to wait after so many failures: from 50 up to 5000, spread so that not all servers come back at once.
    private func backoff(_ failures: Int) -> Int32 {
        let longest: Int32 = min(5000, 50 << Int32(min(failures - 1, 7)))
        return .random(in: longest / 2...longest)
    }
}

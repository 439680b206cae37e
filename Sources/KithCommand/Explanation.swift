import Allocation
import CSV
import EmbeddedPostgres
import Kith
import KithClient
import KithServer
import NIOCore
import Postgres

/// What a person is told of an error, and what the command then ends with.
struct Explanation {
    let text: String
    let status: CommandStatus

    private init(_ text: String, _ status: CommandStatus) {
        self.text = text
        self.status = status
    }

    /// Nil for an error of the command line itself, which the argument parser explains.
    init?(_ error: any Error) {
        switch error {
        case let error as ClientError: self.init(error.description, error.exitStatus)
        case let error as CommandFailure: self.init(error.description, error.exitStatus)
        case let error as EmbeddedClusterError: self.init(error.description, .refused)
        case let error as Server.Failure: self.init(error.description, .refused)
        case let error as Distribution.Failure: self.init(error.description, .refused)
        case let error as ErasureLedger.Failure: self.init(error.description, .refused)
        case let error as Migrator.Failure: self.init(error.description, .refused)
        case let error as Keyring.Failure: self.init(error.description, .refused)
        case let error as AuditFailure: self.init(error.description, error.isTampering ? .tampered : .refused)
        case let error as Refusal: self.init(error.text, .refused)
        case let error as PanelInfeasibility: self.init(error.description, .badData)
        case let error as PanelPoolError: self.init(error.description, .badData)
        case let error as PanelDrawError: self.init(error.description, .refused)
        case let error as CSVError: self.init(error.description, .badData)
        case let error as PostgresError: self.init(error)
        case let error as IOError where error.errnoCode == 98:
            let port = ServerConfiguration.fromEnvironment().port
            self.init(
                "The port \(port) is taken by another program. Stop that, or choose another port: KITH_PORT=\(port + 1) kith serve",
                .refused)
        case let error as IOError where error.errnoCode == 13:
            self.init("This user may not listen on that port. Choose one above 1023 with KITH_PORT, behind a proxy.", .refused)
        case let error as IOError where error.errnoCode == 99:
            self.init("This machine does not have the address that KITH_HOST names. Use 127.0.0.1, or 0.0.0.0 for all addresses.", .refused)
        case is CancellationError: self.init("Interrupted.", .interrupted)
        default: return nil
        }
    }

    private init(_ error: PostgresError) {
        switch error.code {
        case .connectionFailed, .connectionLost, .acquireTimeout:
            self.init(
                "The database does not answer: \(Self.line(error.message)) Is PostgreSQL running, and is the address in KITH_DATABASE_URL right?",
                .unreachable)
        case .server where error.sqlState?.rawValue == "42501":
            self.init(
                "The role of this connection may not do that: \(Self.line(error.message)) Use the owner's connection in KITH_DATABASE_OWNER_URL.",
                .notAllowed)
        default:
            self.init("The database refused: \(Self.line(error.message)) (\(error.sqlState?.rawValue ?? "\(error.code)"))", .refused)
        }
    }

    private static func line(_ message: String?) -> String {
        let text = message?.split(whereSeparator: \.isNewline).joined(separator: " ") ?? "it gave no reason"
        return text.hasSuffix(".") ? text : text + "."
    }
}

extension Refusal {
    fileprivate var text: String {
        ([detail] + problems.map { "  \($0.pointer): \($0.detail)" }).joined(separator: "\n")
    }
}

/// What a command ends with. `kith --help` lists them.
public enum CommandStatus: Int32, Sendable, CaseIterable {
    /// All was done.
    case success = 0
    /// The server refused, or it is not possible as things stand.
    case refused = 1
    /// The command line is not right.
    case usage = 64
    /// A file or a field needs correcting or a decision, or no panel can meet the targets.
    case badData = 65
    /// What was signed or committed to has been changed.
    case tampered = 66
    /// The server does not answer, or cannot reach its database.
    case unreachable = 69
    /// Nobody is signed in, or what was asked is not theirs to do.
    case notAllowed = 77
    /// Ctrl-C.
    case interrupted = 130

    /// What it means, in a few words.
    public var meaning: String {
        switch self {
        case .success: "all was done"
        case .refused: "refused, or not possible as things stand"
        case .usage: "the command line is not right"
        case .badData: "a file or a field needs correcting or a decision, or no panel can meet the targets"
        case .tampered: "the audit log, a proof or a draw is not what was signed or committed to"
        case .unreachable: "the server or its database does not answer"
        case .notAllowed: "not signed in, or not allowed"
        case .interrupted: "interrupted by Ctrl-C"
        }
    }
}

/// Why a command could not do its work, in words for the person who gave it.
public struct CommandFailure: Error, Sendable, CustomStringConvertible {
    /// What happened and what to do.
    public let description: String
    /// What the command ends with.
    public let exitStatus: CommandStatus

    /// Makes a failure.
    public init(_ description: String, _ exitStatus: CommandStatus = .refused) {
        self.description = description
        self.exitStatus = exitStatus
    }
}

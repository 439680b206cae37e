/// Why the private PostgreSQL cluster could not be started, and what to do about it.
///
/// The description is written for the person who runs the server: what happened, then what to do.
public struct EmbeddedClusterError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure, for code that decides by it.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case invalidConfiguration
            case postgresNotFound
            case folderInUse
            case folderNotUsable
            case diskFull
            case versionMismatch
            case initialisationFailed
            case startFailed
            case keepsFailing
        }

        private let value: Value

        /// The configuration holds something that cannot work, such as a folder name that no shell can quote.
        public static let invalidConfiguration = Self(value: .invalidConfiguration)
        /// PostgreSQL's server programs, its user or `setpriv` are not on this machine.
        public static let postgresNotFound = Self(value: .postgresNotFound)
        /// Another server holds the data folder.
        public static let folderInUse = Self(value: .folderInUse)
        /// The data folder cannot be created, written, or reached by the user that PostgreSQL runs as.
        public static let folderNotUsable = Self(value: .folderNotUsable)
        /// The disk that holds the data folder is full, or too small for a new cluster.
        public static let diskFull = Self(value: .diskFull)
        /// The data was made by a major version of PostgreSQL that is not installed.
        public static let versionMismatch = Self(value: .versionMismatch)
        /// `initdb` or the first set-up of the roles failed. Nothing is left behind.
        public static let initialisationFailed = Self(value: .initialisationFailed)
        /// PostgreSQL refused to start on data that exists.
        public static let startFailed = Self(value: .startFailed)
        /// PostgreSQL stopped by itself more often than ``EmbeddedCluster/run()`` is ready to start it again.
        public static let keepsFailing = Self(value: .keepsFailing)

        /// The code's name.
        public var description: String { value.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, in one sentence.
    public let problem: String
    /// What to do about it.
    public let remedy: String

    init(_ code: Code, _ problem: String, remedy: String) {
        self.code = code
        self.problem = problem
        self.remedy = remedy
    }

    /// The problem and the remedy, one after the other.
    public var description: String { "\(problem) \(remedy)" }
}

extension EmbeddedCluster {
    /// Where a private cluster lives and how careful it is with its data.
    public struct Configuration: Sendable, Hashable {
        /// What survives a power cut.
        public enum Durability: Sendable, Hashable {
            /// A committed transaction survives a crash of the machine.
            case durable
            /// Nothing survives a crash of the machine; much faster. For tests only.
            case disposable
        }

        /// The data folder. It is created when it is missing. A relative path is taken from the current directory.
        public var folder: String
        /// What survives a power cut.
        public var durability: Durability
        /// The number of connections that PostgreSQL accepts at once.
        public var maximumConnections: Int
        /// The folder that holds `initdb`, `pg_ctl` and `postgres`; `nil` to find it.
        ///
        /// What is looked at: `/usr/lib/postgresql/*/bin`, then what `pg_config --bindir` prints. A cluster that exists is run by the
        /// major version that made it; a new one by the newest version found, 15 or later.
        public var binaries: String?
        /// How long PostgreSQL may take to start. Recovery after a crash of the machine can take minutes on a busy server.
        public var startTimeout: Duration
        /// How long a clean stop may take before the server is stopped at once, which costs a recovery at the next start.
        public var stopTimeout: Duration

        /// Creates a configuration.
        ///
        /// - Parameters:
        ///   - folder: The data folder, created when it is missing.
        ///   - durability: What survives a power cut.
        ///   - maximumConnections: The number of connections that PostgreSQL accepts at once.
        ///   - binaries: The folder of PostgreSQL's server programs; `nil` to find it.
        ///   - startTimeout: How long PostgreSQL may take to start.
        ///   - stopTimeout: How long a clean stop may take.
        public init(
            folder: String,
            durability: Durability = .durable,
            maximumConnections: Int = 100,
            binaries: String? = nil,
            startTimeout: Duration = .seconds(300),
            stopTimeout: Duration = .seconds(60)
        ) {
            self.folder = folder
            self.durability = durability
            self.maximumConnections = maximumConnections
            self.binaries = binaries
            self.startTimeout = startTimeout
            self.stopTimeout = stopTimeout
        }

        /// What `postgres` is told on its command line, which neither `postgresql.conf` nor `alter system` can override.
        func settings(socketFolder: String, clusterName: String, logFolder: String) -> [(name: String, value: String)] {
            var settings = [
                ("listen_addresses", ""),
                ("port", String(EmbeddedCluster.port)),
                ("unix_socket_directories", socketFolder),
                ("unix_socket_permissions", "0700"),
                ("max_connections", String(maximumConnections)),
                ("cluster_name", clusterName),
                ("password_encryption", "scram-sha-256"),
                ("timezone", "UTC"),
                ("log_timezone", "UTC"),
                // An error's message, its detail and its statement may hold personal data; clients get them anyway and log them with care.
                ("log_min_messages", "log"),
                ("log_min_error_statement", "panic"),
                ("log_error_verbosity", "terse"),
            ]
            switch durability {
            case .durable:
                settings += [
                    ("logging_collector", "on"),
                    ("log_directory", logFolder),
                    // One file a weekday, overwritten a week later, so that the log cannot fill the disk.
                    ("log_filename", "postgres-%a.log"),
                    ("log_truncate_on_rotation", "on"),
                    ("log_rotation_age", "1d"),
                    ("log_rotation_size", "0"),
                    ("log_file_mode", "0600"),
                ]
            case .disposable:
                settings += [
                    ("fsync", "off"),
                    ("synchronous_commit", "off"),
                    ("full_page_writes", "off"),
                    ("wal_level", "minimal"),
                    ("max_wal_senders", "0"),
                ]
            }
            return settings
        }
    }
}

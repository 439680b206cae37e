import Glibc

/// PostgreSQL's server programs of one major version.
struct Installation: Sendable, Hashable {
    /// The oldest major version that Kith runs on.
    static let oldestSupported = 15
    /// Where Debian's packages put one folder a major version.
    static let packagesFolder = "/usr/lib/postgresql"
    private static let programs = ["initdb", "pg_ctl", "postgres"]

    /// The folder that holds the programs.
    let binaries: String
    /// The major version, such as 15.
    let version: Int

    func program(_ name: String) -> String { binaries + "/" + name }

    /// Finds the programs for a cluster.
    ///
    /// - Parameters:
    ///   - binaries: The configured folder; `nil` to look for one.
    ///   - clusterVersion: What the file `PG_VERSION` of an existing cluster says; `nil` for a new cluster.
    ///   - data: The cluster's folder, for the error.
    /// - Returns: The version that made the cluster, or the newest for a new one.
    /// - Throws: An error that names the package to install.
    static func find(binaries: String?, clusterVersion: String?, data: String) async throws(EmbeddedClusterError) -> Installation {
        let found = await all(in: binaries)
        let supported = found.filter { $0.version >= oldestSupported }.sorted { $0.version > $1.version }
        guard let newest = supported.first else { throw notFound(binaries, found) }
        guard let clusterVersion else { return newest }
        guard let same = supported.first(where: { String($0.version) == clusterVersion }) else {
            throw EmbeddedClusterError(
                .versionMismatch,
                "The data in \(data) was made by PostgreSQL \(clusterVersion), but this machine has PostgreSQL "
                    + supported.map { String($0.version) }.joined(separator: " and ") + ".",
                remedy: "Install the package postgresql-\(clusterVersion), or move the data to the newer version with pg_upgrade."
            )
        }
        return same
    }

    static func all(in configured: String? = nil) async -> [Installation] {
        var folders = configured.map { [$0] } ?? Files.names(in: packagesFolder).map { "\(packagesFolder)/\($0)/bin" }
        if configured == nil, Files.isExecutable("/usr/bin/pg_config") {
            let answer = await Command(program: "/usr/bin/pg_config", arguments: ["--bindir"]).run()
            folders += answer.output.split(separator: "\n").prefix(answer.succeeded ? 1 : 0).map(String.init)
        }
        var result: [Installation] = []
        for folder in Set(folders) where programs.allSatisfy({ Files.isExecutable("\(folder)/\($0)") }) {
            let answer = await Command(program: folder + "/postgres", arguments: ["--version"]).run()
            guard answer.succeeded, let version = majorVersion(in: answer.output) else { continue }
            result.append(Installation(binaries: folder, version: version))
        }
        return result
    }

    /// The major version in what `postgres --version` prints, such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    static func majorVersion(in output: String) -> Int? {
        guard let closing = output.firstIndex(of: ")") else { return nil }
        let number = output[output.index(after: closing)...].drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
        return Int(number)
    }

    private static func notFound(_ configured: String?, _ found: [Installation]) -> EmbeddedClusterError {
        let old = found.map { String($0.version) }.joined(separator: " and ")
        let place = configured.map { " in \($0)" } ?? " on this machine"
        return EmbeddedClusterError(
            .postgresNotFound,
            found.isEmpty
                ? "PostgreSQL's server programs (initdb, pg_ctl and postgres) are not\(place)."
                : "Kith needs PostgreSQL \(oldestSupported) or later, but\(place) there is only \(old).",
            remedy: "Install the package postgresql-\(oldestSupported) or a later one, for example with: apt-get install postgresql-15"
        )
    }
}

extension EmbeddedCluster {
    /// The major versions of PostgreSQL whose server programs are on this machine, whether Kith can run on them or not.
    public static func installedVersions() async -> [Int] {
        Set(await Installation.all().map(\.version)).sorted()
    }

    /// The oldest major version that Kith runs on.
    public static let oldestSupportedVersion = Installation.oldestSupported
}

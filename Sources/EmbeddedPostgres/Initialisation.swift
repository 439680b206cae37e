import Glibc

/// The making of a new cluster: whole, or not at all.
struct Initialisation: Sendable {
    /// A new cluster takes about 40 MB and its first write-ahead log 16 MB; with less than this it would fail half-way or soon after.
    static let neededBytes = 200 << 20

    let layout: Layout
    let account: Account
    let installation: Installation
    let durability: EmbeddedCluster.Configuration.Durability

    /// Makes the cluster with its roles and its database in a folder of another name, and gives it its name at the end.
    ///
    /// What an attempt that was cut short has left is removed first.
    func run(_ secrets: Secrets) async throws(EmbeddedClusterError) {
        try checkRoom()
        await removeDrafts()
        do {
            try await run("/bin/sh", ["-c", #"umask 077 && cat >"$1""#, "sh", layout.firstPassword], input: superuserPassword(secrets))
            try await run(installation.program("initdb"), options)
            try await singleUser(secrets.setUp, data: layout.draft)
            try await run("/bin/mv", ["-T", "--", layout.draft, layout.data])
        } catch {
            await removeDrafts()
            throw error
        }
        _ = await account.command("/bin/rm", ["-f", "--", layout.firstPassword]).run()
        if durability == .durable { Files.synchronise(folder: layout.cluster) }
    }

    /// Gives the roles of an existing cluster, which must not be running, the passwords in `secrets`.
    func resetPasswords(_ secrets: Secrets) async throws(EmbeddedClusterError) {
        try await singleUser(secrets.reset, data: layout.data)
    }

    private var options: [String] {
        // C.UTF-8 sorts by code point like C, and knows letters and their case beyond ASCII.
        let locale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil)
        defer { if let locale { freelocale(locale) } }
        return [
            "--pgdata=\(layout.draft)", "--username=\(ConnectionDetails.superuser)", "--pwfile=\(layout.firstPassword)",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=\(locale == nil ? "C" : "C.UTF-8")", "--data-checksums",
        ] + (durability == .disposable ? ["--no-sync"] : [])
    }

    private func superuserPassword(_ secrets: Secrets) -> String {
        (secrets.passwords[ConnectionDetails.superuser] ?? "") + "\n"
    }

    /// Runs statements, one a line, without a server: nothing listens meanwhile, so nobody can get in before the passwords are set.
    private func singleUser(_ statements: String, data: String) async throws(EmbeddedClusterError) {
        let settings = ["exit_on_error=on", "log_min_error_statement=panic"] + (durability == .disposable ? ["fsync=off"] : [])
        let options = settings.flatMap { ["-c", $0] }
        try await run(installation.program("postgres"), ["--single", "-D", data] + options + ["postgres"], input: statements)
    }

    private func run(_ program: String, _ arguments: [String], input: String = "") async throws(EmbeddedClusterError) {
        let outcome = await account.command(program, arguments).run(input: input)
        guard !outcome.succeeded else { return }
        if outcome.output.contains("No space left on device") {
            throw .diskFull(layout.folder, "it filled up while the database was set up")
        }
        throw EmbeddedClusterError(
            .initialisationFailed,
            "PostgreSQL could not set up a new database in \(layout.data): \(StartLog.lastLines(of: outcome.output))",
            remedy: "Nothing was left behind. Put right what the message names and start again."
        )
    }

    private func removeDrafts() async {
        _ = await account.command("/bin/rm", ["-rf", "--", layout.draft, layout.firstPassword]).run()
    }

    private func checkRoom() throws(EmbeddedClusterError) {
        guard let free = Files.freeBytes(at: layout.cluster), free < Self.neededBytes else { return }
        throw .diskFull(layout.folder, "\(free >> 20) MB are free and a new database needs \(Self.neededBytes >> 20) MB")
    }
}

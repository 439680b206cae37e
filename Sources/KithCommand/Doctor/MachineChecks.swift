// Where Foundation is in the build, `stat` is found there and not in Glibc.
import CoreFoundation
import EmbeddedPostgres
import Glibc
import KithClient
import KithServer

/// What can be seen of the machine without a database.
struct MachineChecks {
    let configuration: ServerConfiguration

    func findings() async -> [Finding] {
        var findings: [Finding] = []
        if configuration.databaseURL == nil { findings.append(await packages()) }
        findings.append(disk())
        findings.append(await port())
        return findings + secrets()
    }

    private func packages() async -> Finding {
        let versions = await EmbeddedCluster.installedVersions()
        let oldest = EmbeddedCluster.oldestSupportedVersion
        if versions.contains(where: { $0 >= oldest }) {
            return .ok("PostgreSQL packages", "version \(versions.map { String($0) }.joined(separator: " and ")) is installed")
        }
        return .problem(
            "PostgreSQL packages", versions.isEmpty ? "the server programs are not installed" : "only version \(versions) is installed",
            mend: "apt-get install postgresql-\(oldest), or name a database with KITH_DATABASE_URL")
    }

    private func disk() -> Finding {
        var path = configuration.dataFolder
        var information = statvfs()
        while statvfs(path, &information) != 0, path.contains("/") {
            path = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            if path.isEmpty { path = "/" }
        }
        if statvfs(path, &information) != 0, statvfs(".", &information) != 0 {
            return .warning("Disk", "the space for \(configuration.dataFolder) cannot be seen", mend: "check that the folder is reachable")
        }
        let free = UInt64(information.f_bavail) * UInt64(information.f_frsize)
        let text = "\(free >> 20) MB free for \(configuration.dataFolder)"
        if free < 200 << 20 { return .problem("Disk", text, mend: "free some space, or move the folder and name it with KITH_DATA") }
        return free < 2048 << 20 ? .warning("Disk", text, mend: "free some space soon") : .ok("Disk", text)
    }

    private func port() async -> Finding {
        let host = configuration.host == "0.0.0.0" ? "127.0.0.1" : configuration.host
        let url = "http://\(host):\(configuration.port)"
        do {
            try await KithClient(url: url).get("health")
            return .ok("Server", "answers at \(url)")
        } catch let error as ClientError where error.statusCode == 503 {
            return .problem("Server", "answers at \(url) that it cannot reach its database", mend: "look at the findings on the database")
        } catch {
            if ListeningAddress(host: configuration.host, port: configuration.port).isFree {
                return .ok("Server", "does not run here; port \(configuration.port) is free")
            }
            return .problem(
                "Server", "port \(configuration.port) is taken by something that is not Kith",
                mend: "stop that, or choose another port with KITH_PORT")
        }
    }

    private func secrets() -> [Finding] {
        let folder = configuration.dataFolder
        let paths = [
            "\(folder)/operator-token", "\(folder)/database-passwords", configuration.keyringPath,
            ClientConfiguration.fromEnvironment().credentials.path,
        ]
        let present = paths.filter { access($0, F_OK) == 0 }
        let open = present.filter { path in
            var information = stat()
            return stat(path, &information) == 0 && information.st_mode & 0o077 != 0
        }
        if present.isEmpty { return [.ok("Secrets", "there is no file of secrets yet")] }
        if open.isEmpty { return [.ok("Secrets", "\(present.count) files, closed to other users")] }
        return open.map { .problem("Secrets", "others can read \($0)", mend: "chmod 600 '\($0)', and replace what is in it") }
    }
}

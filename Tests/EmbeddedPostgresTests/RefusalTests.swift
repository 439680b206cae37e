import EmbeddedPostgres
import Glibc
import Testing

@Suite("Refusing to start with a reason and a way out", .serialized)
struct RefusalTests {
    /// The error of a start that has to fail.
    func refusal(_ cluster: EmbeddedCluster) async throws -> EmbeddedClusterError {
        let error = await #expect(throws: EmbeddedClusterError.self) { try await cluster.start() }
        await cluster.stop()
        return try #require(error)
    }

    /// Mounts a small disk, or cancels the test where not even root may, as in most containers.
    func mount(megabytes: Int, at folder: String) async throws {
        if await shell("mkdir \(folder) && mount -t tmpfs -o size=\(megabytes)m tmpfs \(folder)").succeeded { return }
        try Test.cancel("this machine allows no mounts")
    }

    @Test("A second server on the same data folder is told the folder and the process that holds it")
    func folderInUse() async throws {
        try await withScratch { scratch in
            try await scratch.cluster().withRunning { details in
                let error = try await refusal(scratch.cluster())
                #expect(error.code == .folderInUse)
                #expect(error.description.contains("\(scratch.folder)/data is in use by another Kith server (process \(getpid()))"))
                #expect(await psql(details, "select 1") == "1")
            }
        }
    }

    @Test("A machine without PostgreSQL is told which package to install, and no folder is made")
    func missingPackages() async throws {
        try await withScratch { scratch in
            let error = try await refusal(scratch.cluster(binaries: "/usr/lib/postgresql/none/bin"))
            #expect(error.code == .postgresNotFound)
            #expect(error.description.contains("Install the package postgresql-15"))
            #expect(access(scratch.folder + "/data", F_OK) != 0)
        }
    }

    @Test("Only versions that are too old are not enough")
    func oldVersion() async throws {
        try await withScratch { scratch in
            let script = "#!/bin/sh\necho 'postgres (PostgreSQL) 13.9'\n"
            for name in ["initdb", "pg_ctl", "postgres"] {
                _ = await shell("printf '%s' \"$SCRIPT\" > \(scratch.folder)/\(name)", environment: ["SCRIPT": script])
            }
            _ = await shell("chmod 755 \(scratch.folder)/*")
            let error = try await refusal(scratch.cluster(binaries: scratch.folder))
            #expect(error.code == .postgresNotFound)
            #expect(error.problem.contains("needs PostgreSQL 15 or later") && error.problem.hasSuffix("there is only 13."))
        }
    }

    @Test("Data of a major version that is not installed is left alone, and the error names both versions")
    func wrongVersion() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster()
            _ = try await cluster.start()
            await cluster.stop()
            let file = scratch.folder + "/data/cluster/data/PG_VERSION"
            let real = await shell("cat \(file) && echo 12 > \(file)").output
            let error = try await refusal(cluster)
            #expect(error.code == .versionMismatch)
            #expect(error.problem.contains("made by PostgreSQL 12, but this machine has PostgreSQL \(real)"))
            #expect(error.remedy.contains("postgresql-12"))
        }
    }

    @Test("A folder that cannot be made says so")
    func notAFolder() async throws {
        try await withScratch { scratch in
            _ = await shell("touch \(scratch.folder)/file")
            let error = try await refusal(scratch.cluster(scratch.folder + "/file/data"))
            #expect(error.code == .folderNotUsable)
            #expect(error.problem.contains("\(scratch.folder)/file/data cannot be written: Not a directory"))
        }
    }

    @Test("A folder that may not be written says so", .enabled(if: geteuid() != 0, "root may write everywhere"))
    func notWritable() async throws {
        try await withScratch { scratch in
            _ = await shell("mkdir -m 555 \(scratch.folder)/data")
            let error = try await refusal(scratch.cluster())
            #expect(error.code == .folderNotUsable)
            #expect(error.problem.contains("cannot be written: Permission denied"))
        }
    }

    @Test("Root is told which folder keeps PostgreSQL's user out", .enabled(if: geteuid() == 0, "only root hands over to another user"))
    func closedParent() async throws {
        try await withScratch { scratch in
            _ = await shell("mkdir -m 700 \(scratch.folder)/closed")
            let error = try await refusal(scratch.cluster(scratch.folder + "/closed/data"))
            #expect(error.code == .folderNotUsable)
            #expect(error.problem.contains("because \(scratch.folder)/closed is closed to it"))
        }
    }

    @Test("A disk with too little room says so", .enabled(if: geteuid() == 0, "only root can mount a small disk"))
    func smallDisk() async throws {
        try await withScratch { scratch in
            let disk = scratch.folder + "/disk"
            try await mount(megabytes: 24, at: disk)
            let error = try await refusal(scratch.cluster(disk + "/data"))
            #expect(await shell("umount \(disk)").succeeded)
            #expect(error.code == .diskFull)
            #expect(error.description.contains("MB are free and a new database needs 200 MB"))
        }
    }

    @Test("A disk that has filled up since says so at the start", .enabled(if: geteuid() == 0, "only root can mount a small disk"))
    func fullDisk() async throws {
        try await withScratch { scratch in
            let disk = scratch.folder + "/disk"
            try await mount(megabytes: 300, at: disk)
            let cluster = scratch.cluster(disk + "/data")
            _ = try await cluster.start()
            await cluster.stop()
            _ = await shell("cat /dev/zero > \(disk)/filler")
            let error = try await refusal(cluster)
            #expect(error.code == .diskFull, "\(error)")
            _ = await shell("rm \(disk)/filler")
            #expect(await psql(try await cluster.start(), "select 1") == "1")
            await cluster.stop()
            #expect(await shell("umount \(disk)").succeeded)
        }
    }

    @Test("A folder's name that a shell would take apart is refused", arguments: ["", "/tmp/$HOME", "/tmp/a`b`", "/tmp/\"", "/tmp/a\nb"])
    func strangeName(name: String) async throws {
        try await withScratch { scratch in
            let error = try await refusal(scratch.cluster(name))
            #expect(error.code == .invalidConfiguration)
        }
    }

    @Test("A socket folder that somebody else has made first is not trusted")
    func foreignSocketFolder() async throws {
        try await withScratch { scratch in
            let folder = scratch.folder + "/data, with a comma"
            let socket = EmbeddedCluster.socketFolder(for: folder)
            #expect(symlink("/tmp", socket) == 0)
            let error = try await refusal(scratch.cluster(folder))
            unlink(socket)
            #expect(error.code == .folderNotUsable)
            #expect(error.problem.contains(socket))
        }
    }
}

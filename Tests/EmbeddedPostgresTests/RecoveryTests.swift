import EmbeddedPostgres
import Glibc
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@Suite("Recovering from what went wrong", .serialized)
struct RecoveryTests {
    @Test("A server that was killed leaves PostgreSQL running; the next one takes over with the data whole")
    func orphan() async throws {
        try await withScratch { scratch in
            let folder = scratch.folder + "/data"
            // The object goes away without a stop, as it does when its process is killed: the lock with it, PostgreSQL not.
            _ = await psql(try await scratch.cluster().start(), "create table kept ()", user: ConnectionDetails.owner)
            let orphans = await processes(of: folder)
            #expect(orphans.count == 1)

            try await scratch.cluster().withRunning { details in
                #expect(await psql(details, "select count(*) from kept", user: ConnectionDetails.owner) == "0")
                #expect(await Set(processes(of: folder)).isDisjoint(with: orphans))
            }
            #expect(await processes(of: folder).isEmpty)
        }
    }

    @Test("A PostgreSQL that was killed outright, with a statement still running, recovers at the next start")
    func crash() async throws {
        try await withScratch { scratch in
            let folder = scratch.folder + "/data"
            let details = try await scratch.cluster(nil, .durable).start()
            _ = await psql(details, "create table kept (n int); insert into kept values (7)", user: ConnectionDetails.owner)
            let busy = "do $$ begin perform sum(g) from generate_series(1, 100000000) g; end $$"
            async let endless = psql(details, busy)
            var isBusy = false
            while !isBusy {
                let count = "select count(*) from pg_stat_activity where query like 'do $$%'"
                isBusy = await psql(details, count, user: ConnectionDetails.superuser) == "1"
            }
            for process in await processes(of: folder) { kill(process, SIGKILL) }

            let cluster = scratch.cluster(nil, .durable)
            let recovered = try await cluster.start()
            #expect(await endless.contains("connection"))
            #expect(await psql(recovered, "select n from kept", user: ConnectionDetails.owner) == "7")
            await cluster.stop()
        }
    }

    @Test("A cluster that has lost its write-ahead log is refused with what PostgreSQL says about it")
    func damagedCluster() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster(nil, .durable)
            _ = try await cluster.start()
            await cluster.stop()
            let checkpoint = "rm '\(scratch.folder)'/data/cluster/data/pg_wal/0*"
            #expect(await shell(checkpoint).succeeded)
            let error = try #require(await #expect(throws: EmbeddedClusterError.self) { try await cluster.start() })
            #expect(error.code == .startFailed)
            #expect(error.description.contains("could not locate a valid checkpoint record"), "\(error)")
        }
    }

    @Test("A process id that somebody else has got since the machine restarted does not prevent a start, and that process lives on")
    func strangersProcessID() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster()
            _ = try await cluster.start()
            await cluster.stop()
            let record = scratch.folder + "/data/cluster/data/postmaster.pid"
            let start = "( sleep 600 </dev/null >/dev/null 2>&1 & echo $! )"
            let user = geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --init-groups sh -c '\(start)'" : start
            let stranger = try #require(pid_t(await shell(user).output))
            defer { kill(stranger, SIGKILL) }
            let forge = "echo \(stranger) > '\(record)' && chown --reference='\(scratch.folder)/data/cluster' '\(record)'"
            #expect(await shell(forge).succeeded)
            let details = try await cluster.start()
            #expect(await psql(details, "select 1") == "1")
            #expect(kill(stranger, 0) == 0)
            await cluster.stop()
        }
    }

    @Test("As a service it stops PostgreSQL cleanly when the group shuts down gracefully")
    func gracefulShutdown() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster()
            let details = try await cluster.start()
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup { group in
                    group.addTask { try await cluster.run() }
                    #expect(await psql(details, "select 1") == "1")
                    trigger.triggerGracefulShutdown()
                    try await group.waitForAll()
                }
            }
            #expect(await processes(of: scratch.folder + "/data").isEmpty)
            let state = await shell("LC_ALL=C /usr/lib/postgresql/*/bin/pg_controldata '\(scratch.folder)/data/cluster/data' | grep state")
            #expect(state.output.hasSuffix("shut down"))
        }
    }

    @Test("As a service it stops PostgreSQL when its task is cancelled")
    func cancellation() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster()
            let task = Task { try await cluster.run() }
            let details = try await cluster.start()
            #expect(await psql(details, "select 1") == "1")
            task.cancel()
            try await task.value
            #expect(await processes(of: scratch.folder + "/data").isEmpty)
        }
    }

    @Test("As a service it starts a PostgreSQL again that was killed")
    func revival() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster()
            let details = try await cluster.start()
            let task = Task { try await cluster.run() }
            let killed = try #require(await processes(of: scratch.folder + "/data").first)
            kill(killed, SIGKILL)
            var answer = ""
            let deadline = ContinuousClock.now + .seconds(30)
            while answer != "1" && ContinuousClock.now < deadline {
                answer = await psql(details, "select 1")
            }
            #expect(answer == "1")
            #expect(await processes(of: scratch.folder + "/data").contains(killed) == false)
            task.cancel()
            try await task.value
        }
    }
}

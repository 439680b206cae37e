import EmbeddedPostgres
import Glibc
import Testing

@Suite("Running as root and as an ordinary user")
struct OrdinaryUserTests {
    @Test("Root hands PostgreSQL over to the user postgres, for good", .enabled(if: geteuid() == 0, "only root hands over"))
    func handOver() async throws {
        try await withScratch { scratch in
            try await scratch.cluster().withRunning { _ in
                let process = try #require(await processes(of: scratch.folder + "/data").first)
                #expect(await shell("stat -c %U /proc/\(process)").output == "postgres")
                let status = await shell("grep -E '^(NoNewPrivs|CapEff):' /proc/\(process)/status").output
                #expect(status == "NoNewPrivs:\t1\nCapEff:\t0000000000000000" || status == "CapEff:\t0000000000000000\nNoNewPrivs:\t1")
                let files = await shell("ls -l /proc/\(process)/fd").output
                #expect(!files.contains("kith.lock"))
            }
        }
    }

    /// These tests run once as they are and, when that is as root, once more as the user `nobody`.
    @Test(
        "The tests of this target pass as an ordinary user too",
        .enabled(if: geteuid() == 0, "they are already run by one"))
    func ordinaryUser() async throws {
        try await withScratch { scratch in
            // The folder that the tests were built in may be closed to others.
            let program = scratch.folder + "/tests"
            #expect(await shell("cp /proc/\(getpid())/exe \(program)").succeeded)
            let libraries = await shell("ldd /proc/\(getpid())/exe | sed -n 's|.*=> \\(.*\\)/libswiftCore.so .*|\\1|p'").output
            let filters = "--filter 'EmbeddedPostgresTests.(Start|Recovery|Refusal)Tests'"
            let result = await shell(
                "cd / && LD_LIBRARY_PATH=\(libraries) setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs "
                    + "\(program) --testing-library swift-testing --no-parallel \(filters)",
                environment: ["HOME": "/"])
            #expect(result.succeeded, "\(result.output)")
            #expect(result.output.contains("tests in 3 suites passed"), "\(result.output)")
        }
    }
}

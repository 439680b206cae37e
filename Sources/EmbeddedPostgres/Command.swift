import Subprocess
import SystemPackage

/// A program to run to its end, as a user that may have fewer rights than this process.
struct Command: Sendable {
    /// How a program ended and what it printed.
    struct Outcome: Sendable {
        let succeeded: Bool
        /// Standard output and standard error, in the order they came.
        let output: String
    }

    let program: String
    let arguments: [String]

    /// Runs the program with an environment and a working directory that nothing outside can influence.
    ///
    /// The task is suspended meanwhile; no thread is blocked. The program is in a session of its own, so that a Ctrl-C in the terminal
    /// reaches only this process, which then stops PostgreSQL in its own time.
    func run(input: String = "") async -> Outcome {
        var platformOptions = PlatformOptions()
        platformOptions.createSession = true
        do {
            let result = try await Subprocess.run(
                .path(FilePath(program)),
                arguments: Arguments(arguments),
                // LC_ALL=C so that messages are in English; LC_ALL would not do for initdb's own locale, which is passed as an option.
                environment: .custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"]),
                workingDirectory: "/",
                platformOptions: platformOptions,
                input: .string(input),
                output: .string(limit: 1 << 20),
                error: .combinedWithOutput
            )
            return Outcome(succeeded: result.terminationStatus.isSuccess, output: result.standardOutput)
        } catch {
            return Outcome(succeeded: false, output: "\(program) could not be run: \(error)")
        }
    }
}

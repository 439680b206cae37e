import ArgumentParser
import CMalloc
import KithClient
import KithServer
import Logging

/// `kith serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server.",
        discussion: """
            Without KITH_DATABASE_URL it runs a PostgreSQL of its own, in the folder that KITH_DATA names (.kith if it is not set), and stops it \
            when it stops. Stop the server with Ctrl-C or SIGTERM: requests under way are answered first.
            """)

    func run() async throws {
        let configuration = ServerConfiguration.fromEnvironment()
        var logger = Logger(label: "kith")
        logger.logLevel = .notice
        // Before the database is started, which would be for nothing.
        if !ListeningAddress(host: configuration.host, port: configuration.port).isFree {
            throw CommandFailure(
                "The port \(configuration.port) is taken by another program. Stop that, or choose another port: "
                    + "KITH_PORT=\(configuration.port + 1) kith serve")
        }
        let file = OperatorTokenFile(in: configuration.dataFolder)
        let isFirstStart = configuration.databaseURL == nil && file.read() == nil
        try await Server.run(KithCommand.distribution(), configuration, logger: logger) { port in
            // What the start alone needed goes back to the machine: 5 MB.
            _ = malloc_trim(0)
            Terminal.print("Kith is at http://\(configuration.host):\(port)")
            if isFirstStart, file.read() != nil {
                Terminal.print("The operator's token, with which networks are created, is in \(file.path).")
            }
        }
    }
}

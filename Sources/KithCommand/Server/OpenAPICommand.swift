import ArgumentParser
import Kith
import KithAPI
import KithClient
import KithServer
import Logging
import Postgres

/// `kith openapi`
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the OpenAPI 3.1 document of the API. Needs no server and no database.")

    func run() throws {
        // Endpoints are declared with the hub that wakes their streams; it is never run here.
        let wakeups = Wakeups(configuration: PostgresConfiguration(connectionString: ""), logger: Logger(label: "kith"))
        Terminal.print(try OpenAPI.document(KithCommand.distribution().endpoints(wakeups: wakeups), version: kithVersion).description)
    }
}

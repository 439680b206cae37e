import ArgumentParser
import Glibc
import Kith
@testable import KithCommand
import Testing

struct CommandLineTests {
    // Port 9 of this machine: nothing listens there.
    private static let nowhere = ["KITH_URL": "http://127.0.0.1:9"]

    @Test func aServerThatDoesNotAnswerIsExplained() async throws {
        try await KithProgram.inScratch { kith in
            let result = try await kith.run(["network", "list"], environment: Self.nowhere)
            #expect(result.status == 69)
            #expect(result.errors.contains("Kith does not answer at http://127.0.0.1:9"))
            #expect(result.errors.contains("kith serve"))
        }
    }

    @Test func theDemoSaysWhatToDoWithoutAServer() async throws {
        try await KithProgram.inScratch { kith in
            let result = try await kith.run(["demo"], environment: Self.nowhere)
            #expect(result.status == 69)
            #expect(result.errors.contains("kith serve"))
        }
    }

    @Test func modulesAreListedWithoutAServer() async throws {
        try await KithProgram.inScratch { kith in
            let result = try await kith.run(["plugin", "list", "--json"], environment: Self.nowhere)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["items"]?.array?.contains { $0["id"]?.string == "expert_panels" } == true)
        }
    }

    // Where a name is made of the type, each start of the program looks through all of its types for each command: 20 ms.
    @Test func everyCommandNamesItself() {
        func unnamed(_ command: any ParsableCommand.Type) -> [String] {
            (command.configuration.commandName == nil ? ["\(command)"] : [])
                + command.configuration.subcommands.flatMap(unnamed)
                + command.configuration.groupedSubcommands.flatMap(\.subcommands).flatMap(unnamed)
        }
        #expect(unnamed(KithCommand.self) == [])
    }

    @Test func theDocumentOfTheAPINeedsNoServer() async throws {
        try await KithProgram.inScratch { kith in
            let document = try await kith.run(["openapi"]).json
            #expect(document["openapi"]?.string == "3.1.0")
            #expect(document["paths"]?["/v1/networks/{network}/panels"] != nil)
        }
    }

    @Test func exitCodesAreInTheHelp() async throws {
        try await KithProgram.inScratch { kith in
            let help = try await kith.run(["--help"])
            #expect(help.status == 0)
            for code in ["64", "65", "69", "77", "130"] { #expect(help.output.contains("\(code) ")) }
        }
    }

    @Test(arguments: ["10.1.0.0/33", "10.0.0.0/8, example.org", "10.0.0.0/8,,fd00::/8", "10.1.0.0/16;fd00::/8", "10.0.0.0/x"])
    func theServerDoesNotStartWithAddressesThatItCannotRead(allowed: String) async throws {
        try await KithProgram.inScratch { kith in
            let environment = ["KITH_DATA": "\(kith.folder)/data", "KITH_PORT": "0", "KITH_WEBHOOK_ALLOW": allowed]
            let result = try await kith.run(["serve"], environment: environment)
            #expect(result.status != 0)
            #expect(result.errors.contains("KITH_WEBHOOK_ALLOW has a part that is no range of addresses: \""), "\(result.errors)")
            #expect(access("\(kith.folder)/data", F_OK) != 0)
        }
    }

    @Test func noOptionTakesASecret() async throws {
        try await KithProgram.inScratch { kith in
            let result = try await kith.run(["token", "use", "kith_token_secret"], environment: Self.nowhere)
            #expect(result.status == 64)
        }
    }
}

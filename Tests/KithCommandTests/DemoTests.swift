import Foundation
import Glibc
import Kith
import Testing

@Suite struct DemoTests {
    @Test func `The demo lives the whole life of a panel, twice, and what it hands out can be checked`() async throws {
        try await KithProgram.inScratch { kith in
            // PostgreSQL runs as another user where the tests run as root.
            chmod(kith.folder, 0o711)
            let port = try freePort()
            let environment = ["KITH_DATA": "\(kith.folder)/data", "KITH_PORT": "\(port)"]
            try await kith.withServer(environment, port: port) {
                for _ in 0..<2 {
                    let life = try await kith.run(["demo", "panel"], environment: environment)
                    #expect(life.status == 0, "\(life.errors)")
                    #expect(life.output.contains("export KITH_TOKEN=kith_token_"))
                }
            }
            let checked = try await kith.run(["verify", "draw", "kith-demo-panel/draw.json"])
            #expect(checked.status == 0, "\(checked.output)")
            let changed = kith.read("kith-demo-panel/draw.json").replacing("\"seats\":20", with: "\"seats\":21")
            kith.write(changed, to: "changed.json")
            #expect(try await kith.run(["verify", "draw", "changed.json"]).status == 66)
            // What payroll and the bank are told comes to the same: 17 fees of £82.50, one of £20, and 24 miles at 45p.
            let totals = ["payroll", "transfer"].map {
                kith.read("kith-demo-panel/\($0).csv").split(separator: "\r\n").last.map(String.init) ?? ""
            }
            #expect(totals.allSatisfy { $0.contains("Total") && $0.contains("1433.30") }, "\(totals)")
            let register = kith.read("kith-demo-panel/register.html")
            #expect(register.contains("A quiet room beside the waiting room") && !register.contains("Amina"))
        }
    }
}

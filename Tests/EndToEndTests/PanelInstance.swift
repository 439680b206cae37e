import struct Foundation.Data
import struct Foundation.URL

/// The synthetic call for volunteers g200 (200 people, 20 seats); see Tests/AllocationTests/Instances/README.md.
enum PanelInstance {
    static func candidates() throws -> [UInt8] { try read("candidates.csv") }

    static func targets() throws -> [UInt8] { try read("targets.csv") }

    private static func read(_ name: String) throws -> [UInt8] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: tests.appending(path: "AllocationTests/Instances/g200").appending(path: name)))
    }
}

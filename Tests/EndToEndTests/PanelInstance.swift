import CSV
import Testing
import struct Foundation.Data
import struct Foundation.URL

/// The synthetic call for volunteers g200 (200 people, 20 seats); see Tests/AllocationTests/Instances/README.md.
enum PanelInstance {
    static func candidates() throws -> [UInt8] { try read("candidates.csv") }

    static func targets() throws -> [UInt8] { try read("targets.csv") }

    /// That a panel of these meets every target.
    static func expectTargets(metBy references: [String]) throws {
        let candidates = try CSVTable(parsing: candidates(), requiring: ["id"])
        let targets = try CSVTable(parsing: targets(), requiring: ["feature"])
        let panel = candidates.rows.filter { references.contains($0["id"] ?? "") }
        #expect(panel.count == references.count)
        for target in targets.rows {
            let (feature, value) = (target["feature"] ?? "", target["value"] ?? "")
            let count = panel.count { $0[feature] == value }
            let range = (Int(target["min"] ?? "") ?? 0)...(Int(target["max"] ?? "") ?? 0)
            #expect(range.contains(count), "\(feature) \(value): \(count) is not in \(range)")
        }
    }

    private static func read(_ name: String) throws -> [UInt8] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: tests.appending(path: "AllocationTests/Instances/g200").appending(path: name)))
    }
}

import Allocation
import CSV
import Foundation
import Testing

/// A pool from `Instances/`, and the number of seats it is drawn for.
struct Instance: Sendable, CustomTestStringConvertible {
    let name: String
    let seats: Int

    var testDescription: String { name }

    static let g60 = Instance(name: "g60", seats: 20)
    static let g200 = Instance(name: "g200", seats: 20)
    static let g200h = Instance(name: "g200h", seats: 20)
    static let g500 = Instance(name: "g500", seats: 30)
    static let g1000 = Instance(name: "g1000", seats: 50)
    static let hard119 = Instance(name: "hard-r119", seats: 30)
    static let hard056 = Instance(name: "hard-r056", seats: 40)
    static let hard010 = Instance(name: "hard-r010", seats: 40)
    static let all = [g60, g200, g200h, g500, g1000, hard119, hard056, hard010]

    func pool() throws -> PanelPool {
        try PanelPool.read(candidates: table("candidates"), targets: table("targets"), seats: seats)
    }

    private func table(_ file: String) throws -> PanelTable {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Instances/\(name)")
        let table = try CSVTable(parsing: [UInt8](Data(contentsOf: folder.appending(path: "\(file).csv"))))
        return PanelTable(header: table.header, rows: table.rows.map(\.fields), rowNumbers: table.rows.map(\.number))
    }
}

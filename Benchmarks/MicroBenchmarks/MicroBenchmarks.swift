import Allocation
import Benchmark
import CSV
import Foundation
import Kith
import Postgres

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput], warmupIterations: 10, scalingFactor: .kilo, maxDuration: .seconds(3), maxIterations: .mega(1))

    Benchmark("A query of six values by interpolation") { benchmark in
        let (network, organisation) = (UUID.version7(), UUID.version7())
        for _ in benchmark.scaledIterations {
            let query: Query = """
                insert into kith.organisations (network_id, organisation_id, name, kind, board_members, board_lived_experience)
                values (\(network), \(organisation), \("Hackney Carers' Network"), \("charity"), \(9), \(6 as Int?))
                """
            blackHole(query)
        }
    }

    Benchmark("An identifier of version 7") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(UUID.version7()) }
    }

    Benchmark("A body of four members read from JSON") { benchmark in
        let body = Array(#"{"name":"Hackney Carers' Network","kind":"charity","board_members":9,"board_lived_experience":6}"#.utf8)
        for _ in benchmark.scaledIterations { blackHole(try JSON(reading: body)) }
    }

    Benchmark("50 rows to JSON", configuration: .init(scalingFactor: .one)) { (benchmark, page: Page) in
        for _ in benchmark.scaledIterations {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(256 * page.rows.count)
            page.rows.appendJSON(into: &bytes)
            blackHole(bytes)
        }
    } setup: {
        try await Page.read()
    }

    Benchmark("50 rows to JSON, decoded and encoded by JSONEncoder", configuration: .init(scalingFactor: .one)) { (benchmark, page: Page) in
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        for _ in benchmark.scaledIterations {
            blackHole(try encoder.encode(page.decoded()))
        }
    } setup: {
        try await Page.read()
    }

    Benchmark("A panel of 20 from 200, uniform", configuration: .init(warmupIterations: 1, scalingFactor: .one)) {
        (benchmark, pool: PanelPool) in
        for index in benchmark.scaledIterations { blackHole(try pool.draw(.uniform, seed: "\(index)")) }
    } setup: {
        try PanelPool.instance("g200", seats: 20)
    }
}

extension PanelPool {
    /// A pool of Tests/AllocationTests/Instances.
    static func instance(_ name: String, seats: Int) throws -> PanelPool {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Tests/AllocationTests/Instances/\(name)")
        func table(_ file: String, _ columns: [String]) throws -> PanelTable {
            let table = try CSVTable(parsing: Array(Data(contentsOf: folder.appending(path: file))), requiring: columns)
            return PanelTable(header: table.header, rows: table.rows.map(\.fields))
        }
        return try PanelPool.read(
            candidates: table("candidates.csv", ["id"]), targets: table("targets.csv", ["feature", "value", "min", "max"]), seats: seats)
    }
}

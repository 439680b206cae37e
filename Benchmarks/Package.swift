// swift-tools-version: 6.2
import PackageDescription

// Benchmarks of parts, in a package of its own so that what they depend on stays out of Kith's. Run them with
//
//     swift package --package-path Benchmarks benchmark
//
// The server as a whole is measured by Benchmarks/run, panel draws by Benchmarks/draw/run.
let package = Package(
    name: "KithBenchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "kith", path: ".."),
        // Without its traits it counts no allocations and needs no allocator of its own.
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .executableTarget(
            name: "MicroBenchmarks",
            dependencies: [
                .product(name: "Allocation", package: "kith"),
                .product(name: "CSV", package: "kith"),
                .product(name: "EmbeddedPostgres", package: "kith"),
                .product(name: "Kith", package: "kith"),
                .product(name: "Postgres", package: "kith"),
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "MicroBenchmarks",
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
            ],
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        )
    ]
)

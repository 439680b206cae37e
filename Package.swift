// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let client: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")

let package = Package(
    name: "kith",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "kith", targets: ["KithCommand"]),
        .library(name: "PluginKit", targets: ["PluginKit"]),
        .library(name: "KithServer", targets: ["KithServer"]),
        .library(name: "ExpertPanels", targets: ["ExpertPanels"]),
        .library(name: "KithTesting", targets: ["KithTesting"]),
        // What Benchmarks measures by itself.
        .library(name: "Kith", targets: ["Kith"]),
        .library(name: "Postgres", targets: ["Postgres"]),
        .library(name: "EmbeddedPostgres", targets: ["EmbeddedPostgres"]),
        .library(name: "Allocation", targets: ["Allocation"]),
        .library(name: "CSV", targets: ["CSV"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // Clients and engines, which know nothing of Kith.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        // What the Glibc module does not export.
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CClp", pkgConfig: "clp", providers: [.apt(["coinor-libclp-dev"])]),
        .target(
            name: "Postgres",
            dependencies: [
                "CLibpq", logging, metrics, lifecycle,
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "EmbeddedPostgres",
            dependencies: [logging, lifecycle, .product(name: "Subprocess", package: "swift-subprocess")],
            swiftSettings: strict
        ),
        .target(name: "CSV", swiftSettings: strict),
        .target(
            name: "SMTP",
            dependencies: [
                nio, .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict
        ),
        .target(name: "ZIP", dependencies: ["CZlib"], swiftSettings: strict),
        .target(name: "Allocation", dependencies: ["CClp", crypto], swiftSettings: strict),

        .target(
            name: "OpenID",
            dependencies: [
                client, crypto, nio, .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "JWTKit", package: "jwt-kit"),
            ], swiftSettings: strict
        ),

        // The core.
        .target(
            name: "CoreMigrations", path: "Migrations/core",
            resources: [
                .embedInCode("0001_core.sql"), .embedInCode("0002_entry.sql"), .embedInCode("0003_sealed.sql"),
                .embedInCode("0004_audit_tree.sql"), .embedInCode("0005_identity.sql"), .embedInCode("0006_messages.sql"),
                .embedInCode("0007_consent.sql"), .embedInCode("0008_data_rights.sql"),
                .embedInCode("0009_reaching_people.sql"),
                .embedInCode("0010_account_messages.sql"),
                .embedInCode("0011_doors_of_modules.sql"),
                .embedInCode("0012_quick_door.sql"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Kith",
            dependencies: [
                "CSV", "OpenID", "Postgres", "SMTP", "ZIP", "CoreMigrations", crypto, cryptoExtras, logging, lifecycle, client, nio,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("Passwords/common_passwords.txt")], swiftSettings: strict
        ),
        .target(
            name: "KithAPI",
            dependencies: [
                "Kith", "Postgres", crypto, hummingbird, httpTypes, lifecycle, logging, metrics, nio,
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ], swiftSettings: strict
        ),
        .target(
            name: "KithClient",
            dependencies: [
                "Kith", arguments, client, nio,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ], swiftSettings: strict
        ),
        .target(
            name: "PluginKit", dependencies: ["Kith", "KithAPI", "KithClient", "Postgres", "CSV", arguments], swiftSettings: strict),

        // The modules.
        .target(
            name: "ExpertPanelsMigrations", path: "Migrations/expert_panels",
            resources: [
                .embedInCode("0001_panels.sql"), .embedInCode("0002_withdrawal.sql"), .embedInCode("0003_draw_record.sql"),
                .embedInCode("0004_recommendations.sql"),
                .embedInCode("0005_standing.sql"),
                .embedInCode("0006_open_call.sql"),
                .embedInCode("0007_sessions.sql"),
                .embedInCode("0008_pay.sql"),
                .embedInCode("0009_moved_up.sql"),
                .embedInCode("0010_after_leaving.sql"),
                .embedInCode("0011_fair_draws.sql"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ExpertPanels",
            dependencies: [
                "PluginKit", "Allocation", "ExpertPanelsMigrations", crypto, httpTypes,
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            path: "Plugins/ExpertPanels",
            swiftSettings: strict
        ),

        // The server and the command line.
        .target(
            name: "KithServer",
            dependencies: [
                "Kith", "KithAPI", "OpenID", "PluginKit", "Postgres", "EmbeddedPostgres", "SMTP", arguments, crypto, hummingbird, httpTypes,
                logging, lifecycle,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "KithCommand",
            dependencies: [
                "KithServer", "KithAPI", "KithClient", "PluginKit", "ExpertPanels", "EmbeddedPostgres", "Postgres", "Kith", "Allocation",
                "CSV", "CMalloc", arguments, logging, nio,
            ],
            exclude: ["Demo/README.md"],
            resources: [.embedInCode("Demo/demo_volunteers.csv"), .embedInCode("Demo/demo_targets.csv")], swiftSettings: strict
        ),

        // What tests of the core and of plugins stand on.
        .target(
            name: "KithTesting",
            dependencies: [
                "Kith", "KithAPI", "PluginKit", "KithServer", "Postgres", "EmbeddedPostgres", hummingbird, httpTypes, logging, lifecycle,
                nio, client, .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            exclude: ["Peers/requirements.txt", "OpenID/requirements.txt"],
            resources: [
                .embedInCode("Peers/mail_server.py"), .embedInCode("Peers/hook_server.py"), .embedInCode("Peers/drand_server.py"),
                .embedInCode("OpenID/openid_provider.py"),
            ], swiftSettings: strict
        ),

        .testTarget(
            name: "KithTests",
            dependencies: [
                "EmbeddedPostgres", "ExpertPanels", "Kith", "KithAPI", "KithServer", "KithTesting", "PluginKit", "Postgres", "SMTP",
                "OpenID", crypto,
                httpTypes,
                logging, .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            exclude: ["Catalogue/guards.sql", "Catalogue/guards.txt"], swiftSettings: strict
        ),
        .testTarget(
            name: "KithAPITests",
            dependencies: [
                "ExpertPanels", "Kith", "KithAPI", "KithServer", "KithTesting", "Postgres", httpTypes, logging,
                .product(name: "InMemoryLogging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Allocation", "CSV", "ExpertPanels", "Kith", "KithAPI", "KithServer", "KithTesting", "PluginKit", "Postgres", httpTypes,
                logging, metrics,
                .product(name: "InMemoryLogging", package: "swift-log"), .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            exclude: ["Permissions/permissions.txt"], swiftSettings: strict
        ),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", logging, lifecycle], swiftSettings: strict),
        .testTarget(
            name: "EmbeddedPostgresTests",
            dependencies: [
                "EmbeddedPostgres", logging, lifecycle,
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SMTPTests", dependencies: ["SMTP", "Kith", "KithServer", "KithTesting", nio], swiftSettings: strict
        ),
        .testTarget(name: "CSVTests", dependencies: ["CSV"], swiftSettings: strict),
        .testTarget(
            name: "ZIPTests", dependencies: ["ZIP", .product(name: "Subprocess", package: "swift-subprocess")], swiftSettings: strict),
        .testTarget(
            name: "KithCommandTests",
            dependencies: [
                "KithCommand", "KithClient", "Kith", "KithTesting", arguments, .product(name: "Subprocess", package: "swift-subprocess"),
            ], swiftSettings: strict
        ),
        .testTarget(name: "AllocationTests", dependencies: ["Allocation", "CSV"], exclude: ["Instances"], swiftSettings: strict),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

// A plugin as a third party writes one: a package of its own, which depends on Kith and on nothing inside it.
let package = Package(
    name: "noticeboard",
    platforms: [.macOS(.v15)],
    products: [.library(name: "Noticeboard", targets: ["Noticeboard"])],
    // Outside this repository: .package(url: "https://…/kith", from: "…").
    dependencies: [.package(name: "kith", path: "../..")],
    targets: [
        .target(
            name: "Noticeboard", dependencies: [.product(name: "PluginKit", package: "kith")],
            resources: [.embedInCode("0001_notices.sql")]),
        .testTarget(
            name: "NoticeboardTests",
            dependencies: [
                "Noticeboard", .product(name: "KithServer", package: "kith"), .product(name: "KithTesting", package: "kith"),
            ]),
    ]
)

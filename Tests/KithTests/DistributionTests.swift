import KithServer
import PluginKit
import Testing

/// A plugin whose parts a test replaces.
protocol Sketch: Plugin {}

extension Sketch {
    static var title: String { "Sketch" }
    static var summary: String { "A sketch" }
    static var version: String { "1.0.0" }
    static var endpoints: [Endpoint] { [] }
    static var privacy: PrivacyContract { PrivacyContract(holdings: []) }
}

private func endpoint(_ name: String, _ path: PathTemplate, _ access: Access) -> Endpoint {
    .value(name, path, "Read", access, returns: .inline([:])) { _ in .null }
}

@Suite struct DistributionTests {
    enum First: Sketch { static let id = "first" }
    enum Twin: Sketch { static let id = "first" }
    enum Needy: Sketch {
        static let id = "needy"
        static var requirements: [any Plugin.Type] { [First.self] }
    }
    enum Chicken: Sketch {
        static let id = "chicken"
        static var requirements: [any Plugin.Type] { [Egg.self] }
    }
    enum Egg: Sketch {
        static let id = "egg"
        static var requirements: [any Plugin.Type] { [Chicken.self] }
    }
    enum Undeclared: Sketch {
        static let id = "undeclared"
        static let endpoints = [
            endpoint("read_it", "/networks/{network}/it", .permission(Permission("undeclared.read", "Read", roles: [.observer]), .network))
        ]
    }
    enum Outside: Sketch {
        static let id = "outside"
        static let endpoints = [endpoint("read_it", "/it", .member)]
    }
    enum Open: Sketch {
        static let id = "open"
        static let endpoints = [endpoint("read_it", "/networks/{network}/it", .anyone)]
    }
    enum Silent: Sketch {
        static let id = "silent"
        static let migrations = [Migration(module: "silent", number: 1, name: "tables", sql: Array("create schema silent".utf8))]
    }
    enum Gap: Sketch {
        static let id = "gap"
        static let migrations = [Migration(module: "gap", number: 2, name: "tables", sql: [])]
        static let privacy = PrivacyContract(holdings: [], impersonal: ["a.b": "none"])
    }
    enum Thief: Sketch {
        static let id = "thief"
        static let migrations = [Migration(module: "core", number: 1, name: "tables", sql: [])]
        static let privacy = PrivacyContract(holdings: [], impersonal: ["a.b": "none"])
    }
    enum Future: Sketch {
        static let id = "future"
        static let interface = 2...3
    }
    enum Foreign: Sketch {
        static let id = "foreign"
        static let permissions = [Permission("core.read_network", "Read", roles: [.observer])]
    }
    enum Again: Sketch {
        static let id = "again"
        static let endpoints = [endpoint("same", "/networks/{network}/a", .member), endpoint("same", "/networks/{network}/b", .member)]
    }
    enum CoreName: Sketch {
        static let id = "core_name"
        static let endpoints = [endpoint("list_people", "/networks/{network}/people-too", .member)]
    }
    enum CorePath: Sketch {
        static let id = "core_path"
        static let endpoints = [endpoint("list_them", "/networks/{network}/people", .member)]
    }
    enum Shouting: Sketch { static let id = "Shouting" }
    enum Core: Sketch { static let id = "core" }
    enum Errand: Sketch {
        static let id = "errand"
        static let jobs = [JobKind(module: "first", "run", "Run") { _ in .null }]
    }

    @Test(
        arguments: [
            ([First.self, Twin.self], "Two plugins have the id first"),
            ([Needy.self], "needs the plugin first, which is not in this server"),
            ([Chicken.self, Egg.self], "in a circle: chicken, egg"),
            ([Undeclared.self], "uses the permission undeclared.read without declaring it"),
            ([Outside.self], "serves /it, which is in no network"),
            ([Open.self], "without naming who may use it"),
            ([Silent.self], "has tables and no privacy contract"),
            ([Gap.self], "from 1 without gaps"),
            ([Thief.self], "has a migration of another module"),
            ([Future.self], "works with the plugin interface 2...3"),
            ([Foreign.self], "must begin with foreign."),
            ([Again.self], "declares the operation same, which exists"),
            ([CoreName.self], "declares the operation list_people, which exists"),
            ([CorePath.self], "serves GET /networks/{network}/people, which is served already"),
            ([Shouting.self], "needs an id of lower case letters"),
            ([Core.self], "needs an id of lower case letters"),
            ([Errand.self], "for another module"),
        ] as [([any Plugin.Type], String)])
    func `A list of plugins that cannot make a server is refused with one clear line`(plugins: [any Plugin.Type], line: String) throws {
        let refused = try #require(refusal { try Distribution(plugins) })
        #expect(refused.contains(line))
        #expect(!refused.contains("\n"))
    }

    @Test func `Plugins are put behind those that they need`() throws {
        #expect(try Distribution([Needy.self, First.self]).plugins.map { $0.id } == ["first", "needy"])
    }
}

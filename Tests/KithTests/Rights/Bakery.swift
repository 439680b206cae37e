import PluginKit

/// A plugin without tables, one of whose operations needs a consent that has had two wordings.
enum Bakery: Plugin {
    static let taste = ConsentPurpose("bakery.taste", "tasting new bread", wordings: ["Bread with nuts.", "Bread with nuts and seeds."])

    static let id = "bakery"
    static let title = "Bakery"
    static let summary = "Bakes bread"
    static let version = "1.0.0"
    static let purposes = [taste]
    static let seeTasters = Permission("bakery.see_tasters", "See who tastes", roles: [.administrator])
    static let permissions = [seeTasters]
    static let endpoints: [Endpoint] = [
        .value("list_tastings", "/networks/{network}/tastings", "List tastings", .member, returns: .inline(["type": "object"])) { call in
            try await call.actor.enter()
            return ["items": []]
        }.needing(taste),
        .value(
            "count_tasters", "/networks/{network}/tasters", "Count who tastes", .permission(seeTasters, .network),
            returns: .inline(["type": "object"])
        ) { call in
            let count = try await call.actor.read(
                "select count(*) from kith.people p where \(query: taste.holds(for: "p.person_id"))"
            ).decode(Int.self)
            return ["people": .integer(Int64(count[0]))]
        },
    ]
    static let privacy = PrivacyContract(holdings: [])
}

/// A plugin that needs a consent that it does not declare.
enum Careless: Plugin {
    static let id = "careless"
    static let title = "Careless"
    static let summary = "Forgets to declare"
    static let version = "1.0.0"
    static let endpoints: [Endpoint] = [
        .value("taste", "/networks/{network}/tasting", "Taste", .member, returns: .inline(["type": "object"])) { _ in [:] }.needing(
            Bakery.taste)
    ]
    static let privacy = PrivacyContract(holdings: [])
}

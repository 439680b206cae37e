import ArgumentParser
import HTTPTypes
import Logging
import Postgres
public import Kith
public import KithAPI
public import PluginKit

/// The plugins that one server is built with. A site adds its own with a dependency and a line here.
public struct Distribution: Sendable {
    /// Why a list of plugins cannot make a server.
    public struct Failure: Error, CustomStringConvertible, Equatable {
        /// What is wrong and what to do.
        public let description: String
    }

    /// The plugins, each after those that it needs.
    public let plugins: [any Plugin.Type]
    /// Every message that the core and the plugins send.
    public let messages: MessageCatalogue

    /// Checks a list of plugins and puts it in order.
    /// - Throws: ``Failure`` with one clear line
    public init(_ plugins: [any Plugin.Type]) throws(Failure) {
        self.plugins = try Self.ordered(plugins)
        do {
            messages = try MessageCatalogue(MessageTemplate.core + self.plugins.flatMap { $0.templates })
        } catch {
            throw Failure(description: error.description)
        }
        var permissions = Set(Permission.core.map(\.id))
        let core =
            Endpoint.core(
                manifests: [], contracts: [],
                wakeups: Wakeups(configuration: PostgresConfiguration(connectionString: ""), logger: Logger(label: "none")))
            + Endpoint.messages(messages, site: "")
            + Endpoint.webhooks(AddressPolicy()) + Endpoint.calendars([], site: "")
        var operations = Set(core.map(\.name))
        var routes = Set(core.map(Self.route))
        for plugin in self.plugins {
            try Self.check(plugin, &permissions, &operations, &routes)
        }
    }

    /// Every step of the schema: the core's, then each plugin's.
    public var migrations: [Migration] {
        Migration.core + plugins.flatMap { $0.migrations }
    }

    /// Every kind of background work.
    /// - Parameter ledger: where it is written who was erased
    /// - Returns: the core's and each plugin's
    public func jobs(_ ledger: ErasureLedger) -> [JobKind] {
        [DataExports(contracts).job, Erasures(contracts).job(ledger), RetentionRules(contracts).job] + plugins.flatMap { $0.jobs }
    }

    /// What is held of people: by the core, then by each plugin.
    public var contracts: [PrivacyContract] { [.core] + plugins.map { $0.privacy } }

    /// What each plugin declares.
    public var manifests: [ModuleManifest] {
        plugins.map { plugin in
            ModuleManifest(
                id: plugin.id, title: plugin.title, summary: plugin.summary, version: plugin.version,
                requirements: plugin.requirements.map { $0.id }, settings: plugin.settings,
                purposes: plugin.purposes, withdrawal: plugin.withdrawal)
        }
    }

    /// The endpoints of the core and of each plugin.
    /// - Parameters:
    ///   - wakeups: tells streams of events when to look
    ///   - signIn: the ways into an account
    ///   - site: where people find Kith
    ///   - webhookPolicy: which addresses may be called
    /// - Returns: each module's, with the meaning of its constraints
    public func modules(
        wakeups: Wakeups, signIn: SignIn = SignIn(), site: String = "", webhookPolicy: AddressPolicy = AddressPolicy()
    ) -> [(endpoints: [Endpoint], plugin: String?, rules: [String: SchemaRule])] {
        let core =
            Endpoint.core(manifests: manifests, contracts: contracts, wakeups: wakeups, signIn: signIn)
            + Endpoint.messages(messages, site: site)
            + Endpoint.webhooks(webhookPolicy) + Endpoint.calendars([.meetings] + plugins.flatMap { $0.calendars }, site: site)
        return [(core, nil, [:])]
            + plugins.map { ($0.endpoints, $0.id, $0.rules) }
    }

    /// Every operation.
    public func endpoints(wakeups: Wakeups) -> [Endpoint] {
        modules(wakeups: wakeups).flatMap(\.endpoints)
    }

    private static func ordered(_ plugins: [any Plugin.Type]) throws(Failure) -> [any Plugin.Type] {
        var ordered: [any Plugin.Type] = []
        var rest = plugins
        for plugin in plugins where plugins.filter({ $0.id == plugin.id }).count > 1 {
            throw Failure(description: "Two plugins have the id \(plugin.id). Each needs its own.")
        }
        while !rest.isEmpty {
            let ready = rest.filter { $0.requirements.allSatisfy { needed in ordered.contains { $0.id == needed.id } } }
            if ready.isEmpty {
                for plugin in rest {
                    for needed in plugin.requirements where !plugins.contains(where: { $0.id == needed.id }) {
                        throw Failure(description: "The plugin \(plugin.id) needs the plugin \(needed.id), which is not in this server.")
                    }
                }
                throw Failure(
                    description: "These plugins need each other in a circle: \(rest.map { $0.id }.sorted().joined(separator: ", ")).")
            }
            ordered += ready
            rest.removeAll { plugin in ready.contains { $0.id == plugin.id } }
        }
        return ordered
    }

    // Two templates that differ in the names of their parameters only are one address.
    private static func route(_ endpoint: Endpoint) -> String {
        "\(endpoint.method.rawValue) \(endpoint.path.text.replacing(/\{[^}]*\}/, with: "{}"))"
    }

    private static func check(
        _ plugin: any Plugin.Type, _ permissions: inout Set<String>, _ operations: inout Set<String>, _ routes: inout Set<String>
    ) throws(Failure) {
        func require(_ holds: Bool, _ otherwise: String) throws(Failure) {
            if !holds { throw Failure(description: "The plugin \(plugin.id) \(otherwise)") }
        }
        let id = plugin.id
        try require(
            id.wholeMatch(of: /[a-z][a-z0-9_]{1,40}/) != nil && id != "kith" && id != "core",
            "needs an id of lower case letters, digits and underscores.")
        try require(
            plugin.interface.contains(pluginInterfaceVersion),
            "works with the plugin interface \(plugin.interface), this server has \(pluginInterfaceVersion).")
        try require(
            !plugin.privacy.holdings.isEmpty || !plugin.privacy.impersonal.isEmpty || plugin.migrations.isEmpty,
            "has tables and no privacy contract. Say what it holds of people.")
        try require(
            plugin.migrations.map(\.number) == Array(0..<plugin.migrations.count).map { $0 + 1 },
            "must number its migrations from 1 without gaps.")
        try require(plugin.migrations.allSatisfy { $0.module == id }, "has a migration of another module.")
        for permission in plugin.permissions {
            try require(permission.id.hasPrefix("\(id)."), "declares the permission \(permission.id), which must begin with \(id).")
            try require(permissions.insert(permission.id).inserted, "declares the permission \(permission.id) twice.")
        }
        for purpose in plugin.purposes {
            try require(purpose.id.hasPrefix("\(id)."), "asks for the consent \(purpose.id), which must begin with \(id).")
            try require(!purpose.wordings.isEmpty, "asks for the consent \(purpose.id) without a wording.")
        }
        try require(Set(plugin.purposes.map(\.id)).count == plugin.purposes.count, "declares a consent twice.")
        for job in plugin.jobs {
            try require(job.module == id, "declares the job \(job.id) for another module.")
        }
        for calendar in plugin.calendars {
            try require(calendar.module == id, "declares calendar entries for another module.")
        }
        for template in plugin.templates {
            try require(template.id.hasPrefix("\(id)."), "declares the message template \(template.id), which must begin with \(id).")
        }
        for endpoint in plugin.endpoints {
            try require(operations.insert(endpoint.name).inserted, "declares the operation \(endpoint.name), which exists.")
            try require(
                routes.insert(Self.route(endpoint)).inserted,
                "serves \(endpoint.method.rawValue) \(endpoint.path.text), which is served already.")
            try require(endpoint.path.text.hasPrefix("/networks/{network}/"), "serves \(endpoint.path.text), which is in no network.")
            if let consent = endpoint.consent {
                try require(
                    (ConsentPurpose.core + plugin.purposes).contains { $0.id == consent.id },
                    "needs the consent \(consent.id) without declaring it.")
            }
            switch endpoint.access {
            case .permission(let permission, _):
                try require(permissions.contains(permission.id), "uses the permission \(permission.id) without declaring it.")
            case .member, .everMember: break
            case .visitor(let door, _):
                try require(
                    door.hasPrefix("\(id).enter_") && door.dropFirst(id.count).wholeMatch(of: /\.[a-z_]+/) != nil,
                    "lets visitors in by \(door), which is no door of its schema.")
            case .anyone, .account, .signIn, .operator:
                try require(false, "serves \(endpoint.path.text) without naming who may use it in the network.")
            }
        }
    }
}

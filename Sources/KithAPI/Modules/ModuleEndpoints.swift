import HTTPTypes
import Kith

extension Endpoint {
    /// Which modules a network uses, and how they are set.
    static func modules(_ manifests: [ModuleManifest]) -> [Endpoint] {
        @Sendable func manifest(_ id: String) throws -> ModuleManifest {
            guard let manifest = manifests.first(where: { $0.id == id }) else { throw Refusal.notFound("module") }
            return manifest
        }
        @Sendable func setting(_ module: ModuleManifest, _ key: String) throws -> Setting {
            guard let setting = module.settings.first(where: { $0.key == key }) else { throw Refusal.notFound("setting") }
            return setting
        }
        return [
            .value(
                "list_modules", "/networks/{network}/modules", "List the modules of this server and whether the network uses them", .member,
                returns: .object(
                    name: "Modules", members: [("items", .list(ModuleManifest.schema), "The modules.")], required: ["items"])
            ) { call in
                let enabled = try await EnabledPlugins.list(by: call.actor)
                return ["items": .array(manifests.map { $0.document(isEnabled: enabled.contains($0.id)) })]
            },
            .end(
                "enable_module", method: .put, "/networks/{network}/modules/{module_name}", "Use a module in the network",
                .permission(.manageNetwork, .network), records: "module.enabled"
            ) { call in
                let module = try manifest(call.word("module_name"))
                try await EnabledPlugins.enable(by: call.actor, module.id, requiring: module.requirements)
            },
            .end(
                "disable_module", "/networks/{network}/modules/{module_name}", "Stop using a module; its data is kept",
                .permission(.manageNetwork, .network), records: "module.disabled"
            ) { call in
                let module = try manifest(call.word("module_name"))
                let dependents = manifests.filter { $0.requirements.contains(module.id) }.map(\.id)
                try await EnabledPlugins.disable(by: call.actor, module.id, requiredBy: dependents)
            },
            .value(
                "list_settings", "/networks/{network}/modules/{module_name}/settings", "Read what holds for a module's settings",
                .permission(.manageNetwork, .network), returns: .inline(["type": "object"])
            ) { call in
                let module = try manifest(call.word("module_name"))
                return try await Settings.list(by: call.actor, module: module.id, module.settings)
            },
            .end(
                "choose_setting", method: .put, "/networks/{network}/modules/{module_name}/settings/{setting_name}", "Choose a setting",
                .permission(.manageNetwork, .network), records: "setting.chosen", body: Settings.Choice.self
            ) { call in
                let module = try manifest(call.word("module_name"))
                try await Settings.choose(by: call.actor, module: module.id, setting(module, call.word("setting_name")), call.input)
            },
        ]
    }
}

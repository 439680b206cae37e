import HTTPTypes
import Kith

extension Endpoint {
    /// Which modules a network uses, and how they are set.
    static func modules(_ manifests: [ModuleManifest]) -> [Endpoint] {
        @Sendable func manifest(_ id: String) throws -> ModuleManifest {
            guard let manifest = manifests.first(where: { $0.id == id }) else { throw Refusal.notFound("module") }
            return manifest
        }
        // The core has settings too, and is no module that could be disabled.
        @Sendable func settings(_ module: String) throws -> [Setting] {
            module == "core" ? Setting.core : try manifest(module).settings
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
                let module = call.word("module_name")
                return try await Settings.list(by: call.actor, module: module, settings(module))
            },
            .end(
                "choose_setting", method: .put, "/networks/{network}/modules/{module_name}/settings/{setting_name}", "Choose a setting",
                .permission(.manageNetwork, .network), records: "setting.chosen", body: Settings.Choice.self
            ) { call in
                let module = call.word("module_name")
                guard let setting = try settings(module).first(where: { $0.key == call.word("setting_name") }) else {
                    throw Refusal.notFound("setting")
                }
                try await Settings.choose(by: call.actor, module: module, setting, call.input)
            },
        ]
    }
}

import ArgumentParser
import Kith
import KithClient
import struct Foundation.Data
import class Foundation.FileManager

/// Somebody of the demo who is signed in.
struct DemoPerson {
    let id: String
    let name: String
    /// Whose paths begin at the network.
    let network: KithClient
}

/// The whole life of a panel, act by act; each act is in a file of its own.
struct DemoLife {
    let scene: DemoScene
    let folder: String
    let lead: DemoPerson
    let coordinator: DemoPerson
    let payments: DemoPerson
    let auditor: DemoPerson

    static let names = [
        "Amina Yusuf", "Beth Carr", "Callum Reid", "Dilys Pugh", "Ewan Muir", "Farah Khan", "Gwen Price", "Hugo Lane", "Ines Costa",
        "Jamal Scott", "Kit Morgan", "Lena Novak", "Moses Adeyemi", "Nia Hughes", "Omar Aziz", "Priya Nair", "Quinn Doyle", "Rhys Evans",
        "Sana Malik", "Tom Baker", "Uma Shah",
    ]

    /// Adds those who run the panel.
    static func begin(_ scene: DemoScene, folder: String) async throws -> DemoLife {
        let life = DemoLife(
            scene: scene, folder: folder, lead: try await person("Lee Ford", "programme_lead", in: scene),
            coordinator: try await person("Cora Lewis", "facilitator", in: scene),
            payments: try await person("Pat Owen", "payments_officer", in: scene),
            auditor: try await person("Aled Wynn", "auditor", in: scene))
        done("Lee leads, Cora coordinates, Pat pays, Aled checks. Each has a role, and sees no more than it needs.")
        return life
    }

    /// Adds somebody to the network, who accepts the invitation.
    static func person(_ name: String, _ role: String, in scene: DemoScene) async throws -> DemoPerson {
        let id = try await scene.network.post("people", ["name": .string(name)]).json.id
        try await scene.network.post("role-grants", ["person_id": .string(id), "role": .string(role)])
        let invitation = try await scene.network.post("people/\(id)/invitations").json
        let accepted = try await KithClient(url: scene.network.url).post("invitations/accept", ["code": .string(invitation.text("code"))])
        return DemoPerson(id: id, name: name, network: scene.network.with(token: try accepted.json.text("token")))
    }

    func panel(as person: DemoPerson) -> KithClient { person.network.at("panels/\(scene.panelID)") }

    static func act(_ title: String) { Terminal.print("\n\(title)\n") }

    static func done(_ sentence: String) { DemoScene.step(sentence) }

    /// Names the command that shows more.
    func look(_ command: String) { Terminal.print("    \(command)") }

    /// Writes a file for others, in the place of that of an earlier run.
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = "\(folder)/\(name)"
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
            throw CommandFailure("The file \(path) cannot be written. Choose another folder with --folder.")
        }
        return path
    }

    /// Says how to look at each part.
    func close() async throws {
        let token = try await scene.dayToken()
        Terminal.print(
            """

            To look at each part with the commands above, as the administrator of this network, for one day:

            export KITH_URL=\(scene.network.url) KITH_NETWORK=\(scene.networkID)
            export KITH_TOKEN=\(token)
            """)
    }
}

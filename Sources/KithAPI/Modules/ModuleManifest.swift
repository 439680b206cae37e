public import Kith

/// What a module declares, readable without a database.
public struct ModuleManifest: Sendable {
    /// Its id.
    public let id: String
    /// What people call it.
    public let title: String
    /// What it is for.
    public let summary: String
    /// Its version.
    public let version: String
    /// The ids of the modules that it needs.
    public let requirements: [String]
    /// What a network may choose.
    public let settings: [Setting]
    /// What it asks people to agree to.
    public let purposes: [ConsentPurpose]
    /// What of it ends when a person withdraws.
    public let withdrawal: [WithdrawalStep]

    /// Makes a manifest.
    public init(
        id: String, title: String, summary: String, version: String, requirements: [String], settings: [Setting],
        purposes: [ConsentPurpose] = [], withdrawal: [WithdrawalStep] = []
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.version = version
        self.requirements = requirements
        self.settings = settings
        self.purposes = purposes
        self.withdrawal = withdrawal
    }

    static let schema = Schema.object(
        name: "Module",
        members: [
            ("id", .inline(["type": "string"]), "Its id."),
            ("title", .inline(["type": "string"]), "What people call it."),
            ("summary", .inline(["type": "string"]), "What it is for."),
            ("version", .inline(["type": "string"]), "Its version."),
            ("requirements", .list(.inline(["type": "string"])), "The modules that it needs."),
            ("enabled", .inline(["type": "boolean"]), "Whether the network uses it."),
        ], required: ["id", "title", "summary", "version", "requirements", "enabled"])

    func document(isEnabled: Bool) -> JSON {
        [
            "id": .string(id), "title": .string(title), "summary": .string(summary), "version": .string(version),
            "requirements": .array(requirements.map(JSON.string)), "enabled": .bool(isEnabled),
        ]
    }
}

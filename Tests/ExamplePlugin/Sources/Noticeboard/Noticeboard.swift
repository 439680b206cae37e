import PluginKit

/// Short notices for everyone in a network.
public enum Noticeboard: Plugin {
    public static let id = "noticeboard"
    public static let title = "Noticeboard"
    public static let summary = "Short notices for everyone in a network"
    public static let version = "1.0.0"
    public static let migrations = [Migration(module: id, number: 1, name: "notices", sql: PackageResources._001_notices_sql)]
    public static let permissions: [Permission] = [.readNotices, .writeNotices]
    public static let settings = [Notices.days]
    public static let endpoints = Endpoint.notices
    public static let jobs = [Notices.tidying]
    public static let rules: [String: SchemaRule] = [
        "notices_title_key": .conflict("A notice of this title hangs here already. Choose another title.")
    ]
    public static let privacy = PrivacyContract(holdings: [
        .init(
            "Notices that a person has put up", table: "noticeboard.notices", columns: ["title", "body", "created_at"],
            ofPerson: "person_id = $person", confidentiality: .ordinary, erasure: .delete,
            retention: "Until it is taken down, and a year after.")
    ])
}

extension Permission {
    static let readNotices = Permission("noticeboard.read_notices", "Read the notices", roles: Set(Role.allCases))
    static let writeNotices = Permission(
        "noticeboard.write_notices", "Put notices up and take old ones down", roles: [.administrator, .programmeLead, .facilitator])
}

/// Something that a person may be allowed to do, and the roles that allow it. Whoever holds none of the roles may not.
public struct Permission: Sendable, Hashable {
    /// The name, `module.verb_noun`, unique in the server.
    public let id: String
    /// What it allows, in plain English.
    public let summary: String
    /// The roles that carry it.
    public let roles: Set<Role>
    /// The roles as statements take them.
    public let roleNames: RoleNames

    /// Declares a permission.
    public init(_ id: String, _ summary: String, roles: Set<Role>) {
        self.id = id
        self.summary = summary
        self.roles = roles
        roleNames = RoleNames(roles)
    }
}

extension Permission {
    /// Reading what everyone in the network may know: organisations, programmes, affiliations.
    public static let readNetwork = Permission("core.read_network", "See organisations and programmes", roles: Set(Role.allCases))
    /// Changing the network's own particulars, settings and modules.
    public static let manageNetwork = Permission(
        "core.manage_network", "Change the network, its settings and its modules", roles: [.administrator])
    /// Adding and changing organisations.
    public static let manageOrganisations = Permission(
        "core.manage_organisations", "Add and change organisations", roles: [.administrator, .programmeLead])
    /// Reading the list of people.
    public static let readPeople = Permission(
        "core.read_people", "See people and how to reach them",
        roles: [
            .administrator, .programmeLead, .facilitator, .safeguardingLead, .paymentsOfficer, .accessCoordinator, .complaintsHandler,
        ])
    /// Adding and changing people, and inviting them to sign in.
    public static let managePeople = Permission(
        "core.manage_people", "Add, change and invite people", roles: [.administrator, .programmeLead])
    /// Adding programmes and naming their organisations.
    public static let manageProgrammes = Permission("core.manage_programmes", "Add programmes", roles: [.administrator])
    /// Changing one programme.
    public static let leadProgramme = Permission("core.lead_programme", "Change a programme", roles: [.administrator, .programmeLead])
    /// Granting and ending roles.
    public static let manageRoles = Permission("core.manage_roles", "Grant and end roles", roles: [.administrator])
    /// Reading who did what.
    public static let readAudit = Permission("core.read_audit", "Read the audit log", roles: [.administrator, .auditor])
    /// Following what happens, by kind and id.
    public static let followEvents = Permission(
        "core.follow_events", "Follow what happens in the network", roles: [.administrator, .programmeLead, .auditor])
    /// Seeing the work that the server does in the background.
    public static let readJobs = Permission("core.read_jobs", "See background work", roles: [.administrator, .programmeLead, .facilitator])
    /// Seeing what was sent, printing letters and recording calls.
    public static let manageMessages = Permission(
        "core.manage_messages", "See what was sent, print letters and make calls", roles: [.administrator, .programmeLead])
    /// Having programs told what happens.
    public static let manageWebhooks = Permission("core.manage_webhooks", "Have programs told what happens", roles: [.administrator])

    /// Opening spaces for others; it does not let anyone read them.
    public static let openSpaces = Permission(
        "core.open_spaces", "Open spaces for their members", roles: [.administrator, .programmeLead, .facilitator])
    /// Seeing how much is written in spaces, and never what.
    public static let readSpaceCounts = Permission(
        "core.read_space_counts", "See counts and dates of spaces", roles: [.administrator, .programmeLead, .safeguardingLead, .auditor])
    /// Seeing how many concerns wait, and never which.
    public static let readConcernCounts = Permission(
        "core.read_concern_counts", "See how many concerns wait", roles: [.administrator, .safeguardingLead, .auditor])
    /// Asking for a copy or the erasure of somebody's data, and approving what another administrator asked for.
    public static let exerciseDataRights = Permission(
        "core.exercise_data_rights", "Ask for a copy or the erasure of somebody's data, or approve it", roles: [.administrator])

    /// The permissions of the core.
    public static let core: [Permission] = [
        .readNetwork, .manageNetwork, .manageOrganisations, .readPeople, .managePeople, .manageProgrammes, .leadProgramme, .manageRoles,
        .readAudit, .followEvents, .readJobs, .manageMessages, .manageWebhooks, .openSpaces, .readSpaceCounts, .readConcernCounts,
        .recordConsents, .countMonitoring, .arrangeAccess, .manageMeetings, .recordWithdrawals,
        .handleComplaints, .countComplaints, .exerciseDataRights,
    ]
}

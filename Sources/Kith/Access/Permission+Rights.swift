extension Permission {
    /// Recording what somebody agreed to on paper, by phone or in person.
    public static let recordConsents = Permission(
        "core.record_consents", "Record consents that were given or withdrawn on paper, by phone or in person",
        roles: [.administrator, .programmeLead, .facilitator, .accessCoordinator])
    /// Seeing equality monitoring, in groups.
    public static let countMonitoring = Permission(
        "core.count_monitoring", "See equality monitoring in groups of five or more", roles: [.administrator, .programmeLead, .auditor])
    /// Seeing access needs that people share, and arranging them. In no role that selects people.
    public static let arrangeAccess = Permission("core.arrange_access", "See and arrange access needs", roles: [.accessCoordinator])
    /// Calling meetings and asking people to them.
    public static let manageMeetings = Permission(
        "core.manage_meetings", "Call meetings and ask people to them", roles: [.administrator, .programmeLead, .facilitator])
    /// Recording that somebody withdrew on paper, by phone or in person.
    public static let recordWithdrawals = Permission(
        "core.record_withdrawals", "Record withdrawals made on paper, by phone or in person",
        roles: [.administrator, .programmeLead, .facilitator])
    /// Reading and answering complaints.
    public static let handleComplaints = Permission("core.handle_complaints", "Read and answer complaints", roles: [.complaintsHandler])
    /// Seeing how many complaints wait, without a word of any.
    public static let countComplaints = Permission(
        "core.count_complaints", "See how many complaints wait for an answer", roles: [.administrator, .auditor, .complaintsHandler])
}

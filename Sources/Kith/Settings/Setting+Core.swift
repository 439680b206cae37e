extension Setting {
    /// What a network chooses for the core, under the module name `core`.
    public static let core: [Setting] = [breakGlassRole, concernAcknowledgementHours]

    /// Two people who hold this role can open a space together. The database reads it by its key (`kith.holds_break_glass_role`).
    static let breakGlassRole = Setting(
        "break_glass_role", .choice(Role.self), default: .string(Role.safeguardingLead.rawValue),
        "The role that two people must hold to open a space in an emergency.")
    /// In hours.
    static let concernAcknowledgementHours = Setting(
        "concern_acknowledgement_hours", .integer(1...720), default: 24,
        "Within how many hours a lead must acknowledge a concern.")
}

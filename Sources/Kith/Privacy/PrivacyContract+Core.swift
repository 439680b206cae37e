extension PrivacyContract {
    /// What the core holds of people. A table that is added to the core adds its lines in the folder of its concept, and its name here.
    public static let core = PrivacyContract(joining: [
        .access, .activity, .dataRights, .messages, .networks, .sealed, .consent, .accessNeeds, .meetings, .withdrawals, .complaints,
        .people, .signIn, .account,
    ])
}

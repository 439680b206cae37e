extension PrivacyContract {
    static let networks = PrivacyContract(
        holdings: [],
        impersonal: [
            "kith.networks.*": "describes the network",
            "kith.organisations.*": "describes the organisation; its board is counted, not named",
            "kith.programmes.*": "describes the programme", "kith.programme_organisations.*": "which organisations take part",
            "kith.activities.*": "describes the activity", "kith.enabled_plugins.*": "which modules the network uses",
            "kith.settings.*": "what the network has chosen",
        ])
}

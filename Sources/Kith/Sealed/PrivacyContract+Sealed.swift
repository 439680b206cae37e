extension PrivacyContract {
    static let sealed = PrivacyContract(
        holdings: [],
        impersonal: ["kith.data_keys.*": "random keys, wrapped; an erasure destroys the person's"])
}

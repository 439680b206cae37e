extension PrivacyContract {
    static let sealed = PrivacyContract(
        holdings: [
            .init(
                "The spaces that you belong to", table: "kith.space_members", columns: ["is_convenor", "joined_at", "left_at"],
                ofPerson: "person_id = $person", confidentiality: .members,
                erasure: .keep(because: "Who could read a space, and when, must stay known. Only your id is kept."),
                retention: "As long as the space exists, by id only."),
            .init(
                "Notes that you wrote in spaces", table: "kith.notes", columns: ["version", "created_at", "updated_at", "deleted_at"],
                ofPerson: "author_id = $person", confidentiality: .members,
                erasure: .keep(
                    because: "What you wrote is deleted, with every earlier version. That there was a note stays for the counts."),
                retention: "As long as the space exists, or until you delete them."),
            .init(
                "Concerns that you raised", table: "kith.concerns",
                columns: ["raised_at", "acknowledge_by", "acknowledged_at", "closed_at"],
                ofPerson: "raised_by = $person", confidentiality: .members,
                erasure: .keep(because: "A concern for somebody's safety must be kept. It stays sealed to the leads that you named."),
                retention: "As long as the network exists."),
        ],
        impersonal: [
            "kith.data_keys.*": "random keys, wrapped; an erasure destroys the person's", "kith.spaces.*": "describes the space",
            "kith.note_versions.*": "sealed to the members of the space; deleted with the notes", "kith.concerns.version": "counts changes",
            "kith.break_glass.*": "who opened what; the reason is sealed to those concerned",
            "kith.concern_leads.*": "who was named to hear a concern",
            "kith.concern_entries.*": "sealed to those who raised a concern and its leads, and kept with it",
        ])
}

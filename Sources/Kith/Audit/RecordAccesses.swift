/// Who has looked at the record of the person who asks. Their own reads are not in it.
public enum RecordAccesses {
    /// What the API answers for an access.
    public static let resource = Resource(
        "RecordAccess", "access", table: "kith.record_accesses", key: "entry_id",
        [
            .moment("at", "When."),
            .id("person_id", "Who looked.").orNull,
            .text("person_name", "What they are called.").orNull,
            .text("operation", "By which operation of the API, as in `get_person`."),
            .text("role", "The role that allowed it.").orNull,
            .boolean("is_list", "Whether they looked at a list on which you stand, and not at your record alone."),
            .text("reason", "Why, in their words, where they said it.").orNull,
        ])
}

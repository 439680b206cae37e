import Postgres

/// How a need stood before each change.
public enum AccessNeedHistory {
    /// What the API answers for an earlier state.
    public static let resource = Resource(
        "AccessNeedHistory", "earlier state of the need", table: "kith.access_need_history", key: "history_id",
        [
            .id("need_id", "The need."),
            .integer("version", "The version that was replaced."),
            .choice("kind", AccessNeeds.Kind.self, "What kind of need."),
            .text("details", "In the person's own words.").orNull,
            .text("how_to_meet", "What helps.").orNull,
            .choice("share_with", AccessNeeds.Audience.self, "Whom it was shared with."),
            .date("review_on", "When it was to be reviewed."),
            .id("changed_by", "Who changed it.").orNull,
            .moment("changed_at", "When."),
        ])
}

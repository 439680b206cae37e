/// The SQL of the schema of expert panels, embedded in the binary.
public enum ExpertPanelsMigrations {
    /// Each file's number, name and text, in order.
    public static let files: [(number: Int, name: String, sql: [UInt8])] = [
        (1, "panels", PackageResources._001_panels_sql),
        (2, "withdrawal", PackageResources._002_withdrawal_sql),
        (3, "draw_record", PackageResources._003_draw_record_sql),
        (4, "recommendations", PackageResources._004_recommendations_sql),
        (5, "standing", PackageResources._005_standing_sql),
        (6, "open_call", PackageResources._006_open_call_sql),
        (7, "sessions", PackageResources._007_sessions_sql),
        (8, "pay", PackageResources._008_pay_sql),
        (9, "moved_up", PackageResources._009_moved_up_sql),
        (10, "after_leaving", PackageResources._010_after_leaving_sql),
        (11, "fair_draws", PackageResources._011_fair_draws_sql),
    ]
}

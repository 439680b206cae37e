/// The SQL of the core's schema, embedded in the binary.
public enum CoreMigrations {
    /// Each file's number, name and text, in order.
    public static let files: [(number: Int, name: String, sql: [UInt8])] = [
        (1, "core", PackageResources._001_core_sql),
        (2, "entry", PackageResources._002_entry_sql),
        (3, "sealed", PackageResources._003_sealed_sql),
        (4, "audit_tree", PackageResources._004_audit_tree_sql),
        (5, "identity", PackageResources._005_identity_sql),
        (6, "messages", PackageResources._006_messages_sql),
        (7, "consent", PackageResources._007_consent_sql),
        (8, "data_rights", PackageResources._008_data_rights_sql),
        (9, "reaching_people", PackageResources._009_reaching_people_sql),
        (10, "account_messages", PackageResources._010_account_messages_sql),
        (11, "doors_of_modules", PackageResources._011_doors_of_modules_sql),
        (12, "quick_door", PackageResources._012_quick_door_sql),
    ]
}

/// The signed checkpoints of a network's audit log. Whoever keeps a copy of one can tell later whether the log has been changed.
public enum AuditCheckpoints {
    /// What the API answers for a checkpoint.
    public static let resource = Resource(
        "AuditCheckpoint", "checkpoint", table: "kith.audit_checkpoints", key: "checkpoint_id",
        [
            .integer("size", "How many entries the log had."),
            .text("note", "The signed checkpoint: C2SP tlog-checkpoint, signed with Ed25519. Keep it as it is, byte for byte."),
            .createdAt,
        ])
}

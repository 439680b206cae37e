import Kith

extension Endpoint {
    static let audit: [Endpoint] = [
        .list(
            "list_audit_checkpoints", "/networks/{network}/audit-checkpoints", "List the signed checkpoints of the audit log", .member,
            of: AuditCheckpoints.resource
        ) { try await $0.actor.list(AuditCheckpoints.resource, $0.page) },
        .get(
            "get_audit_checkpoint", "/networks/{network}/audit-checkpoints/{checkpoint}", "Read a signed checkpoint", .member,
            returns: AuditCheckpoints.resource
        ) { try await $0.actor.get(AuditCheckpoints.resource, $0.id("checkpoint")) },
        .value(
            "get_consistency_proof", "/networks/{network}/audit-checkpoints/{checkpoint}/since/{earlier_checkpoint}",
            "Prove that the audit log was only appended to since an earlier checkpoint", .member, returns: AuditProof.consistency
        ) { try await AuditProof.consistency(by: $0.actor, of: $0.id("checkpoint"), since: $0.id("earlier_checkpoint")) },
        .value(
            "get_inclusion_proof", "/networks/{network}/audit-entries/{entry}/proof", "Prove that an entry is in the audit log",
            .permission(.readAudit, .network), returns: AuditProof.inclusion
        ) { try await AuditProof.inclusion(by: $0.actor, of: $0.id("entry")) },
    ]
}

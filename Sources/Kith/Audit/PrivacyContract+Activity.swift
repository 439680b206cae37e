extension PrivacyContract {
    static let activity = PrivacyContract(
        holdings: [
            .init(
                "What you did, and what was done to your record", table: "kith.audit_entries", columns: ["at", "action"],
                ofPerson: "person_id = $person or subject_id = $person", confidentiality: .ordinary,
                erasure: .keep(because: "The audit log holds ids and no words; with it everyone can check that nothing was hidden."),
                retention: "As long as the network exists, by id only."),
            .init(
                "Why somebody looked at your record", table: "kith.access_reasons", columns: ["reason"],
                ofPerson: "entry_id in (select a.entry_id from kith.audit_entries a where a.subject_id = $person)",
                confidentiality: .ordinary, erasure: .delete, retention: "As long as you are a member of the network."),
            .init(
                "Events about you", table: "kith.events", columns: ["kind", "data", "at"],
                ofPerson: "person_id = $person or subject_id = $person", confidentiality: .ordinary, erasure: .replace(["data": "null"]),
                retention: .days(90, within: 7...730, since: "at", as: "events", "90 days; after that by kind and id only.")),
            .init(
                "Work that the server did for you or about you", table: "kith.jobs",
                columns: [
                    "module", "kind", "state", "arguments", "result", "problem", "stage", "created_at", "started_at", "finished_at",
                ],
                ofPerson: "kind <> 'core.erase' and (requested_by = $person or subject_id = $person)", confidentiality: .ordinary,
                erasure: .replace([
                    "arguments": "'{}'", "result": "null", "problem": "null", "stage": "null",
                    "state": "case state when 'queued' then 'cancelled' else state end",
                    "finished_at": "case state when 'queued' then now() else finished_at end",
                ]),
                retention: .days(
                    90, within: 7...730, since: "finished_at", as: "jobs", "90 days after it has ended; after that by kind and id only.")),
        ],
        impersonal: [
            "kith.audit_entries.*": "ids, codes and digests", "kith.audit_leaves.*": "digests", "kith.audit_numbering.*": "counts",
            "kith.audit_checkpoints.*": "digests", "kith.access_reasons.salt": "random", "kith.events.is_private": "a property of the kind",
            "kith.events.kind": "a code", "kith.jobs.kind": "a code", "kith.jobs.module": "a code",
            "kith.events.position": "the order of events", "kith.jobs.progress": "how far it is",
            "kith.jobs.attempts": "how often it was begun",
            "kith.jobs.most_attempts": "how often it may be begun", "kith.jobs.run_at": "when it is due",
            "kith.jobs.lease_expires_at": "which worker has it", "kith.jobs.cancel_requested_at": "when it was stopped",
            "kith.jobs.version": "counts changes",
        ])
}

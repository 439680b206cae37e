import Kith

extension Endpoint {
    static let complaints: [Endpoint] = complaintOperations.map { $0.inConfidence() }

    private static let complaintOperations: [Endpoint] = [
        .create(
            "create_complaint", "/networks/{network}/complaints", "Complain", .member, records: "complaint.raised",
            returns: Complaints.resource, answersSecret: true
        ) { try await Complaints.create(by: $0.actor, $0.input) },
        .act(
            "record_complaint", "/networks/{network}/complaint-records", "Record a complaint that came on paper, by phone or in person",
            .permission(.handleComplaints, .network), records: "complaint.raised", returns: Complaints.resource, answersSecret: true
        ) { try await Complaints.record(by: $0.actor, $0.input) },
        .list(
            "list_complaints", "/networks/{network}/complaints", "List complaints: your own, or those that you handle", .everMember,
            of: Complaints.resource, by: Complaints.Filters.self
        ) { try await Complaints.list(by: $0.actor, $0.page, where: $0.input.condition) },
        .get(
            "get_complaint", "/networks/{network}/complaints/{complaint}", "Read a complaint, your own or one that you handle", .everMember,
            returns: Complaints.resource
        ) { try await Complaints.get(by: $0.actor, $0.id("complaint")) },
        .act(
            "acknowledge_complaint", "/networks/{network}/complaints/{complaint}/acknowledge", "Acknowledge the receipt of a complaint",
            .permission(.handleComplaints, .network), records: "complaint.acknowledged", returns: Complaints.resource, answersSecret: true,
            body: NoInput.self
        ) { try await Complaints.acknowledge(by: $0.actor, $0.id("complaint")) },
        .act(
            "take_on_complaint", "/networks/{network}/complaints/{complaint}/take-on", "Take a complaint on",
            .permission(.handleComplaints, .network), records: "complaint.taken_on", returns: Complaints.resource, answersSecret: true,
            body: NoInput.self
        ) { try await Complaints.takeOn(by: $0.actor, $0.id("complaint")) },
        .act(
            "close_complaint", "/networks/{network}/complaints/{complaint}/close", "Close a complaint that you took on, with its outcome",
            .permission(.handleComplaints, .network), records: "complaint.closed", returns: Complaints.resource, answersSecret: true
        ) { try await Complaints.close(by: $0.actor, $0.id("complaint"), $0.input) },
        .act(
            "withdraw_complaint", "/networks/{network}/complaints/{complaint}/withdraw", "Take your own complaint back", .everMember,
            records: "complaint.withdrawn", returns: Complaints.resource, answersSecret: true, body: NoInput.self
        ) { try await Complaints.withdraw(by: $0.actor, $0.id("complaint")) },
        .act(
            "add_complaint_entry", "/networks/{network}/complaints/{complaint}/entries", "Add words to a complaint", .everMember,
            records: "complaint.entry_added", returns: Complaints.entries, answersSecret: true
        ) { try await Complaints.add(by: $0.actor, $0.input, to: $0.id("complaint")) },
        .list(
            "list_complaint_entries", "/networks/{network}/complaints/{complaint}/entries", "List what was done about a complaint",
            .everMember,
            of: Complaints.entries
        ) { try await Complaints.listEntries(by: $0.actor, $0.page, of: $0.id("complaint")) },
        .value(
            "count_complaints", "/networks/{network}/complaint-counts", "Read how many complaints wait for an answer",
            .permission(.countComplaints, .network), returns: Complaints.countSchema
        ) { try await Complaints.count(by: $0.actor) },
    ]

    // Neither words nor their plain hash are kept for a repeated request.
    private func inConfidence() -> Endpoint {
        var endpoint = self
        endpoint.isSealed = true
        return endpoint
    }
}

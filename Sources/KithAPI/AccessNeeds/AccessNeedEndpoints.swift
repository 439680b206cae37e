import Kith
import Postgres

extension Endpoint {
    static let accessNeeds: [Endpoint] = [
        .list(
            "list_my_access_needs", "/networks/{network}/people/me/access-needs", "List your own access needs", .member,
            of: AccessNeeds.resource
        ) { try await $0.actor.list(AccessNeeds.resource, $0.page, where: "person_id = kith.current_person() and ended_at is null") },
        .create(
            "create_access_need", "/networks/{network}/access-needs", "Say what you need in order to take part", .member,
            records: "access_need.recorded", returns: AccessNeeds.resource, answersSecret: true
        ) { try await AccessNeeds.create(by: $0.actor, $0.input, for: nil) },
        .act(
            "record_access_need", "/networks/{network}/people/{person}/access-needs",
            "Record what somebody needs who consents to sharing it with you", .permission(.arrangeAccess, .network),
            records: "access_need.recorded", returns: AccessNeeds.resource, answersSecret: true
        ) { try await AccessNeeds.create(by: $0.actor, $0.input, for: $0.id("person")) },
        .list(
            "list_access_needs", "/networks/{network}/access-needs", "List the access needs that are shared with you, to arrange them",
            .permission(.arrangeAccess, .anywhere), of: AccessNeeds.resource, by: AccessNeeds.Filters.self
        ) { try await $0.actor.list(AccessNeeds.resource, $0.page, where: $0.input.condition) },
        .get(
            "get_access_need", "/networks/{network}/access-needs/{need}", "Read an access need, your own or one that you arrange", .member,
            returns: AccessNeeds.resource
        ) { try await $0.actor.get(AccessNeeds.resource, $0.id("need")) },
        .update(
            "update_access_need", "/networks/{network}/access-needs/{need}", "Change an access need, your own or one that you arrange",
            .member, records: "access_need.updated", returns: AccessNeeds.resource, answersSecret: true, body: AccessNeeds.Patch.self
        ) { try await AccessNeeds.update(by: $0.actor, $0.id("need"), version: $1, $0.input) },
        .act(
            "review_access_need", "/networks/{network}/access-needs/{need}/review", "Review an access need: it stands, or it ends", .member,
            records: "access_need.reviewed", returns: AccessNeeds.resource, answersSecret: true
        ) { try await AccessNeeds.review(by: $0.actor, $0.id("need"), $0.input) },
        .list(
            "list_access_need_history", "/networks/{network}/access-needs/{need}/history", "List how an access need stood before", .member,
            of: AccessNeedHistory.resource
        ) { try await $0.actor.list(AccessNeedHistory.resource, $0.page, where: "need_id = \($0.id("need"))") },
        .act(
            "record_access_enquiry", "/networks/{network}/people/{person}/access-enquiries",
            "Record that a person was asked what they need",
            .permission(.arrangeAccess, .network), records: "access_enquiry.recorded", returns: AccessEnquiries.resource
        ) { try await AccessEnquiries.create(by: $0.actor, $0.input, of: $0.id("person")) },
        .list(
            "list_people_to_ask", "/networks/{network}/access-enquiries/unasked", "List people who were never asked what they need",
            .permission(.arrangeAccess, .network), of: AccessEnquiries.unasked
        ) { try await $0.actor.list(AccessEnquiries.unasked, $0.page, where: AccessEnquiries.isUnasked) },
    ]
}

import Kith
import Postgres

extension Endpoint {
    static let meetings: [Endpoint] =
        [
            .create(
                "create_meeting", "/networks/{network}/activities/{activity}/meetings", "Call a meeting", manages,
                records: "meeting.created",
                returns: Meetings.resource
            ) { try await Meetings.create(by: $0.actor, of: $0.id("activity"), $0.input) },
            .list(
                "list_meetings", "/networks/{network}/activities/{activity}/meetings", "List the meetings of an activity that concern you",
                .member, of: Meetings.resource
            ) {
                try await $0.actor.list(
                    Meetings.resource, $0.page, where: "activity_id = \($0.id("activity")) and \(query: Meetings.visible)")
            },
            .get(
                "get_meeting", "/networks/{network}/activities/{activity}/meetings/{meeting}", "Read a meeting", .member,
                returns: Meetings.resource
            ) {
                try await $0.actor.get(
                    Meetings.resource, $0.id("meeting"), where: "activity_id = \($0.id("activity")) and \(query: Meetings.visible)")
            },
            .update(
                "update_meeting", "/networks/{network}/activities/{activity}/meetings/{meeting}", "Move or rename a meeting", manages,
                records: "meeting.updated", returns: Meetings.resource, body: Meetings.Patch.self
            ) { try await Meetings.update(by: $0.actor, of: $0.id("activity"), $0.id("meeting"), version: $1, $0.input) },
            .act(
                "cancel_meeting", "/networks/{network}/activities/{activity}/meetings/{meeting}/cancel", "Call a meeting off", manages,
                records: "meeting.cancelled", returns: Meetings.resource, body: NoInput.self
            ) { try await Meetings.cancel(by: $0.actor, of: $0.id("activity"), $0.id("meeting")) },
            .act(
                "ready_meeting", "/networks/{network}/activities/{activity}/meetings/{meeting}/ready",
                "Mark a meeting as ready: every access need is arranged or explained", manages, records: "meeting.ready",
                returns: Meetings.resource, body: NoInput.self
            ) { try await Meetings.markReady(by: $0.actor, of: $0.id("activity"), $0.id("meeting")) },
            .list(
                "list_my_meetings", "/networks/{network}/people/me/meetings", "List the meetings that you are asked to", .member,
                of: Meetings.resource
            ) {
                try await $0.actor.list(
                    Meetings.resource, $0.page,
                    where: """
                        ends_at > now() and exists (
                            select from kith.meeting_invitations i where i.network_id = meetings.network_id and i.meeting_id = meetings.meeting_id
                                and i.person_id = kith.current_person() and i.withdrawn_at is null)
                        """)
            },
        ] + meetingPeople + meetingPapers + meetingNeeds

    private static let manages = Access.permission(.manageMeetings, .parameter("activity"))

    private static let meetingPeople: [Endpoint] = [
        .create(
            "invite_to_meeting", "/networks/{network}/activities/{activity}/meetings/{meeting}/people", "Ask a person to a meeting",
            manages,
            records: "meeting.invited", returns: MeetingInvitations.resource
        ) { try await MeetingInvitations.create(by: $0.actor, of: $0.id("activity"), to: $0.id("meeting"), $0.input) },
        .list(
            "list_meeting_people", "/networks/{network}/activities/{activity}/meetings/{meeting}/people",
            "List who is asked to a meeting, what they answered and who came", manages, of: MeetingInvitations.resource
        ) { try await $0.actor.list(MeetingInvitations.resource, $0.page, where: Self.found($0)) },
        .get(
            "get_meeting_person", "/networks/{network}/activities/{activity}/meetings/{meeting}/people/{person}", "Read an invitation",
            manages,
            returns: MeetingInvitations.resource
        ) { try await $0.actor.get(MeetingInvitations.resource, $0.id("person"), where: Self.found($0)) },
        .end(
            "uninvite_from_meeting", "/networks/{network}/activities/{activity}/meetings/{meeting}/people/{person}",
            "Take an invitation back", manages, records: "meeting.uninvited"
        ) { try await MeetingInvitations.end(by: $0.actor, of: $0.id("activity"), to: $0.id("meeting"), $0.id("person")) },
        .act(
            "reply_to_meeting", "/networks/{network}/activities/{activity}/meetings/{meeting}/reply", "Say whether you come, and how",
            .member,
            records: "meeting.replied", returns: MeetingInvitations.resource
        ) { try await MeetingInvitations.answer(by: $0.actor, of: $0.id("activity"), to: $0.id("meeting"), $0.input, for: nil) },
        .act(
            "record_meeting_reply", "/networks/{network}/activities/{activity}/meetings/{meeting}/people/{person}/reply",
            "Record what a person answered by post or phone", manages, records: "meeting.replied", returns: MeetingInvitations.resource
        ) {
            try await MeetingInvitations.answer(by: $0.actor, of: $0.id("activity"), to: $0.id("meeting"), $0.input, for: $0.id("person"))
        },
        .act(
            "record_attendance", "/networks/{network}/activities/{activity}/meetings/{meeting}/people/{person}/attendance",
            "Record how a person came, and with how many supporters", manages, records: "meeting.attended",
            returns: MeetingInvitations.resource
        ) {
            try await MeetingInvitations.record(by: $0.actor, of: $0.id("activity"), to: $0.id("meeting"), $0.input, for: $0.id("person"))
        },
    ]

    private static let meetingPapers: [Endpoint] = [
        .act(
            "add_paper", "/networks/{network}/activities/{activity}/meetings/{meeting}/papers", "Add a paper to a meeting", manages,
            records: "meeting.paper_added", returns: MeetingPapers.resource
        ) { try await MeetingPapers.create(by: $0.actor, of: $0.id("activity"), to: $0.id("meeting"), $0.input) },
        .list(
            "list_papers", "/networks/{network}/activities/{activity}/meetings/{meeting}/papers", "List the papers of a meeting", .member,
            of: MeetingPapers.resource
        ) {
            try await $0.actor.list(
                MeetingPapers.resource, $0.page,
                where: """
                    meeting_id = \($0.id("meeting")) and exists (
                        select from kith.meetings where meetings.meeting_id = meeting_papers.meeting_id
                            and activity_id = \($0.id("activity")) and \(query: Meetings.visible))
                    """)
        },
        .act(
            "send_paper", "/networks/{network}/activities/{activity}/meetings/{meeting}/papers/{paper}/sent",
            "Record that a paper was sent",
            manages, records: "meeting.paper_sent", returns: MeetingPapers.resource, body: NoInput.self
        ) { try await MeetingPapers.send(by: $0.actor, of: $0.id("activity"), to: $0.id("meeting"), $0.id("paper")) },
    ]

    private static let meetingNeeds: [Endpoint] = [
        .list(
            "list_meeting_needs", "/networks/{network}/activities/{activity}/meetings/{meeting}/needs",
            "List the access needs of a meeting: your own, or those that you arrange", .member, of: MeetingNeeds.resource
        ) {
            try await $0.actor.list(
                MeetingNeeds.resource, $0.page, where: "activity_id = \($0.id("activity")) and meeting_id = \($0.id("meeting"))")
        },
        .act(
            "step_meeting_need", "/networks/{network}/activities/{activity}/meetings/{meeting}/needs/{need}/steps",
            "Say that an access need is arranged, explained, met or reviewed", .member, records: "meeting.need_changed",
            returns: MeetingNeeds.resource, answersSecret: true
        ) { try await MeetingNeeds.step(by: $0.actor, of: $0.id("activity"), at: $0.id("meeting"), $0.id("need"), $0.input) },
    ]

    private static func found(_ call: Call<NoInput>) -> Query {
        """
        meeting_id = \(call.id("meeting"))
        and exists (select from kith.meetings m where m.meeting_id = meeting_invitations.meeting_id and m.activity_id = \(call.id("activity")))
        """
    }
}

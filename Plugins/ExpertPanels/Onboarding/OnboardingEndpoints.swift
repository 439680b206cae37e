import HTTPTypes
import PluginKit

extension Endpoint {
    static let onboarding: [Endpoint] = [
        .act(
            "invite_to_seat", "/networks/{network}/panels/{panel}/seats/{seat}/invite",
            "Offer a seat to the person who was drawn for it, or to the next reserve", .permission(.managePanel, .parameter("panel")),
            records: "seat.offered", returns: SeatInvitations.resource
        ) { try await SeatInvitations.invite(by: $0.actor, to: $0.id("seat"), of: $0.id("panel"), $0.input) },
        .act(
            "reply_to_seat", "/networks/{network}/panels/{panel}/seats/{seat}/reply",
            "Take the seat that you are offered, or decline without a reason", .member, records: "seat.answered",
            returns: SeatInvitations.resource
        ) { try await SeatInvitations.reply(by: $0.actor, to: $0.id("seat"), of: $0.id("panel"), $0.input) },
        .list(
            "list_seat_invitations", "/networks/{network}/panels/{panel}/seat-invitations",
            "List the seats that are offered: your own, or all where you run the panel", .member, of: SeatInvitations.resource
        ) {
            try await $0.actor.list(
                SeatInvitations.resource, $0.page,
                where: """
                    panel_id = \($0.id("panel")) and (person_id = kith.current_person() or expert_panels.runs_panel(\($0.id("panel"))))
                    """)
        },
        .list(
            "list_panel_members", "/networks/{network}/panels/{panel}/members",
            "List members and how far they are with settling in: yourself, or all where you run the panel", .member,
            of: Members.resource, by: Members.Filters.self
        ) { try await $0.actor.list(Members.resource, $0.page, where: $0.input.condition(of: $0.id("panel"))) },
        .act(
            "choose_support", method: .put, "/networks/{network}/panels/{panel}/members/{person}/support",
            "Name a member's buddy, or the person they turn to", .permission(.managePanel, .parameter("panel")),
            records: "member.support_chosen", returns: Members.resource
        ) { try await Members.support(by: $0.actor, $0.id("person"), of: $0.id("panel"), $0.input) },
        .list(
            "list_panel_support", "/networks/{network}/panels/{panel}/support",
            "List who supports whom: you, those whom you support, or all where you run the panel", .member, of: Members.supports
        ) { try await $0.actor.list(Members.supports, $0.page, where: "panel_id = \($0.id("panel"))") },
        .create(
            "add_onboarding_item", "/networks/{network}/panels/{panel}/onboarding", "Add to a member's list",
            .permission(.managePanel, .parameter("panel")), records: "onboarding.added", returns: OnboardingItems.resource
        ) { try await OnboardingItems.create(by: $0.actor, for: $0.id("panel"), $0.input) },
        .list(
            "list_onboarding_items", "/networks/{network}/panels/{panel}/onboarding",
            "List what is to be settled: of yourself, what you see to, or all where you run the panel", .member,
            of: OnboardingItems.resource, by: OnboardingItems.Filters.self
        ) { try await $0.actor.list(OnboardingItems.resource, $0.page, where: $0.input.condition(of: $0.id("panel"))) },
        .get(
            "get_onboarding_item", "/networks/{network}/panels/{panel}/onboarding/{item}", "Read an item of a list", .member,
            returns: OnboardingItems.resource
        ) { try await $0.actor.get(OnboardingItems.resource, $0.id("item"), where: "panel_id = \($0.id("panel"))") },
        .update(
            "update_onboarding_item", "/networks/{network}/panels/{panel}/onboarding/{item}",
            "Give an item to somebody else, or another day", .permission(.managePanel, .parameter("panel")),
            records: "onboarding.updated", returns: OnboardingItems.resource, body: OnboardingItems.Patch.self
        ) { try await OnboardingItems.update(by: $0.actor, $0.id("item"), of: $0.id("panel"), version: $1, $0.input) },
        .act(
            "settle_onboarding_item", "/networks/{network}/panels/{panel}/onboarding/{item}/settle",
            "Say that something is done, not needed, or open again", .member, records: "onboarding.settled",
            returns: OnboardingItems.resource
        ) { try await OnboardingItems.settle(by: $0.actor, $0.id("item"), of: $0.id("panel"), $0.input) },
    ]
}

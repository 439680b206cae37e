import PluginKit
import struct FoundationEssentials.UUID

/// The life of a seat that was drawn: invited, accepted or declined, ended. Nobody is asked for a reason.
enum SeatInvitations {
    /// Where it stands.
    enum State: String, Sendable, CaseIterable, PostgresCodable {
        case invited, accepted, declined, expired, ended
    }

    static let resource = Resource(
        "SeatInvitation", "invitation", table: "expert_panels.seat_invitation_details", key: "seat_id",
        [
            .id("panel_id", "The panel."),
            .id("person_id", "Who is asked."),
            .choice("part", Draws.Part.self, "A seat, or a place among the reserves."),
            .integer("place", "The place among them, from 1."),
            .moment("invited_at", "When they were asked."),
            .date("expires_on", "The last day on which the seat can be accepted."),
            .choice("state", State.self, "Where it stands."),
            .moment("accepted_at", "When they accepted.").orNull,
            .moment("declined_at", "When they declined.").orNull,
            .moment("ended_at", "When the seat ended.").orNull,
        ])

    struct New: Input {
        let expiresOn: CalendarDate?

        init(from fields: inout Fields) {
            expiresOn = fields.optional(
                "expires_on", .date, "The last day on which it can be accepted; left out, by the rules of the panel.")
        }
    }

    struct Reply: Input {
        let accepts: Bool

        init(from fields: inout Fields) { accepts = fields.required("accepts", .boolean, "Whether they take the seat.") }
    }

    /// Offers a seat to the person who was drawn for it, or to the next reserve where a seat is free.
    static func invite(by actor: Actor, to seat: UUID, of panel: UUID, _ new: New) async throws -> Row {
        try await actor.transaction { actor in
            // Two invitations at the same moment wait for each other here: there is one seat to give.
            _ = try await actor.read("select panel_id from expert_panels.panels where panel_id = \(panel) for no key update").only(
                Panels.resource)
            let found = try await actor.read(standing(of: seat, panel)).only(Draws.seats)
            guard let person = try found["person_id", as: UUID?.self] else {
                throw Refusal.conflict("It is not known yet who this volunteer is. Say so first with: kith panel identify")
            }
            if let refusal = try refusal(found) { throw Refusal.conflict(refusal) }
            _ = try await actor.write(
                """
                insert into expert_panels.seat_invitations (network_id, seat_id, panel_id, person_id, invited_by, expires_on)
                select r.network_id, \(seat)::uuid, r.panel_id, \(person)::uuid, kith.current_person(),
                       coalesce(\(new.expiresOn)::date, current_date + r.invitation_days)
                from expert_panels.panel_rule_details r where r.panel_id = \(panel)
                on conflict (network_id, seat_id) do update set invited_by = excluded.invited_by, invited_at = now(), expires_on = excluded.expires_on,
                    reminded_at = null
                returning seat_id as id
                """, about: person)
            _ = try await actor.run(
                MessageTemplate.seatInvitation.queue(for: person, MessageTemplate.aboutSeat(seat, of: panel)))
            try await SeatReminders.schedule(for: seat, of: panel, by: actor)
            return try await actor.get(resource, seat)
        }
    }

    // People who hold or are offered a seat of the same call, by this draw or one before; and reserves of this draw who come first. A draw
    // that fills free seats draws those who hold one again, and they need no other.
    private static func standing(of seat: UUID, _ panel: UUID) -> Query {
        """
        select v.person_id, v.withdrawn_at is not null or s.ended_at is not null as has_ended, i.state, s.part, p.seats,
            (select count(distinct o.volunteer_id) from expert_panels.seats o join expert_panels.draw_details od using (network_id, draw_id)
                join expert_panels.volunteers ov using (network_id, volunteer_id)
                left join expert_panels.seat_invitation_details oi using (network_id, seat_id)
             where od.opportunity_id = d.opportunity_id and o.volunteer_id <> s.volunteer_id and o.ended_at is null and ov.withdrawn_at is null
               and (oi.state in ('invited', 'accepted') or oi.state is null and o.part = 'seat' and o.draw_id = s.draw_id)) as taken,
            exists (select from expert_panels.seats o join expert_panels.draw_details od using (network_id, draw_id)
                join expert_panels.seat_invitation_details oi using (network_id, seat_id)
             where od.opportunity_id = d.opportunity_id and o.volunteer_id = s.volunteer_id and o.seat_id <> s.seat_id
               and oi.state in ('invited', 'accepted')) as is_held,
            exists (select from expert_panels.seats o join expert_panels.volunteers ov using (network_id, volunteer_id)
             where o.draw_id = s.draw_id and o.part = 'reserve' and s.part = 'reserve' and o.place < s.place and o.ended_at is null
               and ov.withdrawn_at is null and not exists (
                   select from expert_panels.seat_invitations oi where oi.network_id = o.network_id and oi.seat_id = o.seat_id)) as is_early
        from expert_panels.seats s join expert_panels.draw_details d using (network_id, draw_id)
            join expert_panels.pools p using (network_id, pool_id) join expert_panels.volunteers v using (network_id, volunteer_id)
            left join expert_panels.seat_invitation_details i using (network_id, seat_id)
        where s.seat_id = \(seat) and d.panel_id = \(panel)
        """
    }

    private static func refusal(_ found: Row) throws -> String? {
        switch try found["state", as: State?.self] {
        case .invited: return "This seat is offered already. They can answer until the day that they were told."
        case .accepted: return "This person holds their seat already."
        case .declined: return "They have declined. Nobody is asked twice."
        case .expired, .ended, nil: break
        }
        if try found["is_held", as: Bool.self] { return "This person holds or is offered a seat by a draw before." }
        if try found["has_ended", as: Bool.self] {
            return "This person has withdrawn. They are not asked again; only they can come back."
        }
        if try found["taken", as: Int.self] >= found["seats", as: Int.self] {
            return "Every seat is held or offered. A reserve moves up when somebody declines or leaves, or an invitation runs out."
        }
        if try found["is_early", as: Bool.self] {
            return "Another reserve comes first. They move up in the order in which they were drawn."
        }
        return nil
    }

    /// Accepts or declines: the person themself, or whoever runs the panel for those who answered by post or phone. Whoever accepts finds
    /// their list for settling in begun.
    static func reply(by actor: Actor, to seat: UUID, of panel: UUID, _ reply: Reply) async throws -> Row {
        try await actor.transaction { actor in
            let found = try await actor.run(
                "select from expert_panels.seat_invitations where seat_id = \(seat) for no key update",
                """
                select i.state, i.person_id, i.person_id = kith.current_person() or expert_panels.runs_panel(\(panel)) as may_reply
                from expert_panels.seat_invitation_details i where i.seat_id = \(seat) and i.panel_id = \(panel)
                """
            )[1].only(resource)
            // Others do not learn that somebody was asked.
            guard try found["may_reply", as: Bool.self] else { throw Refusal.notFound(resource.thing) }
            let state = try found["state", as: State.self]
            guard state == .invited else {
                throw Refusal.conflict(
                    state == .expired
                        ? "The time to answer is over. If you still want the seat, ask the people who run the panel."
                        : "This invitation was answered already, or the seat has ended.")
            }
            let person = try found["person_id", as: UUID.self]
            _ = try await actor.write(
                """
                update expert_panels.seat_invitations set replied_by = kith.current_person(),
                    accepted_at = case when \(reply.accepts) then now() end, declined_at = case when \(reply.accepts) then null else now() end
                where seat_id = \(seat) returning seat_id as id
                """, recording: reply.accepts ? "seat.accepted" : "seat.declined", about: person)
            _ = try await actor.run(
                reply.accepts
                    ? OnboardingItems.begin(for: person, in: seat)
                    // By a later draw too, which counted them as seated.
                    : """
                    update expert_panels.seats set ended_at = now() where ended_at is null
                      and volunteer_id = (select s.volunteer_id from expert_panels.seats s where s.seat_id = \(seat))
                    """)
            return try await actor.get(resource, seat)
        }
    }
}

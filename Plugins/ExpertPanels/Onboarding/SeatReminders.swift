import PluginKit
import struct FoundationEssentials.UUID

/// Reminds somebody of the seat that they are offered, once, some days before the offer runs out.
enum SeatReminders {
    /// Asked for with each invitation. Whoever has answered or withdrawn by then is left alone.
    static let job = JobKind(module: ExpertPanels.id, "remind_of_seat", "Reminds somebody of a seat before its offer runs out") { run in
        let due: Query = """
            from expert_panels.seat_invitation_details d
            where d.network_id = i.network_id and d.seat_id = i.seat_id and d.state = 'invited'
            """
        let rows = try await run.actor.run(
            MessageTemplate.seatReminder.queue(
                forEach: """
                    select i.person_id from kith.jobs j
                        join expert_panels.seat_invitations i on i.network_id = j.network_id and i.seat_id = j.subject_id
                    where j.job_id = \(run.id) and i.reminded_at is null and exists (select \(query: due))
                    """, run.arguments),
            """
            update expert_panels.seat_invitations i set reminded_at = now() from kith.jobs j
            where j.job_id = \(run.id) and i.network_id = j.network_id and i.seat_id = j.subject_id and i.reminded_at is null
              and exists (select \(query: due))
            """)
        return ["reminded": .integer(Int64(rows[0].count))]
    }

    /// Asks for it, where there is time left between the invitation and the reminder.
    static func schedule(for seat: UUID, of panel: UUID, by actor: Actor) async throws {
        let moment: Query = """
            (select (i.expires_on - r.reminder_days)::timestamptz from expert_panels.seat_invitations i
                join expert_panels.panel_rule_details r using (network_id, panel_id)
             where i.seat_id = \(seat) and r.reminder_days > 0)
            """
        guard try await actor.read("select coalesce(\(query: moment) > now(), false)").decode(Bool.self).first == true else { return }
        _ = try await Jobs.enqueue(by: actor, job, about: seat, MessageTemplate.aboutSeat(seat, of: panel), from: moment)
    }
}

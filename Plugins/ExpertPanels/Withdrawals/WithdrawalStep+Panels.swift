import PluginKit

extension WithdrawalStep {
    /// What of a panel ends. A frozen pool keeps its hash and can be drawn again by anyone; who has withdrawn gets no seat by it.
    static let panels: [WithdrawalStep] = [
        WithdrawalStep(
            "Your offers to take a seat on a panel are taken back, and new pools leave you out.", recording: "volunteer.withdrawn"
        ) {
            """
            update expert_panels.volunteers v set withdrawn_at = now() from expert_panels.opportunities o
            where v.person_id = \($0.person) and v.withdrawn_at is null
              and o.network_id = v.network_id and o.opportunity_id = v.opportunity_id and o.panel_id in (\(query: $0.activities))
            returning v.volunteer_id as id
            """
        },
        // After the offers: a draw that is under way either finds them taken back, or has written its seats by now.
        WithdrawalStep("Your seats and places among the reserves end.", recording: "seat.ended") {
            """
            update expert_panels.seats s set ended_at = now() from expert_panels.volunteer_details v
            where v.network_id = s.network_id and v.volunteer_id = s.volunteer_id and v.person_id = \($0.person) and s.ended_at is null
              and v.panel_id in (\(query: $0.activities))
            returning s.seat_id as id
            """
        },
    ]
}

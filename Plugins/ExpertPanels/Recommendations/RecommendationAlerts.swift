import PluginKit
import struct FoundationEssentials.UUID

/// Tells whoever sees to a recommendation, and those who lead its panel, that its day has passed without an answer.
enum RecommendationAlerts {
    /// Asked for with each recommendation and each answer that names another day, to be begun on the day after it.
    static let job = JobKind(module: ExpertPanels.id, "alert_owners", "Tells that the answer to a recommendation is overdue") { run in
        let leads = Permission.createPanels.roles.map(\.rawValue).sorted()
        let rows = try await run.actor.run(
            MessageTemplate.answerOverdue.queue(
                forEach: """
                    select distinct told.person_id from kith.jobs j
                        join expert_panels.recommendation_details r on r.network_id = j.network_id and r.recommendation_id = j.subject_id
                        join kith.activities a on a.network_id = r.network_id and a.activity_id = r.panel_id
                        cross join lateral (
                            select r.owner_id as person_id
                            union all
                            select g.person_id from kith.role_grants g
                            where g.network_id = r.network_id and g.role = any (\(leads)) and g.ended_at is null
                              and (g.programme_id is null or g.programme_id = a.programme_id)) told
                    where j.job_id = \(run.id) and r.is_overdue
                    """))
        return ["told": .integer(Int64(rows[0].count))]
    }

    /// Asks for it.
    static func schedule(for recommendation: UUID, by actor: Actor) async throws {
        _ = try await Jobs.enqueue(
            by: actor, job, about: recommendation, [:],
            from: "(select (due_on + 1)::timestamptz from expert_panels.recommendations where recommendation_id = \(recommendation))")
    }
}

extension MessageTemplate {
    /// The day of an answer has passed.
    static let answerOverdue = MessageTemplate(
        module: ExpertPanels.id, "answer_overdue", "When a recommendation that you see to, or whose panel you lead, has no answer in time",
        texts: [
            "en": Text(
                "An answer is overdue in {{network}}",
                """
                Hello {{name}},

                A panel of {{network}} made a recommendation, and the day by which it was to be answered has passed.

                You can see which one when you sign in at {{site}}, and answer it: done, partly, not done with the reason, or later with another day.
                """),
            "cy": Text(
                "Mae ateb yn hwyr yn {{network}}",
                """
                Helo {{name}},

                Gwnaeth panel {{network}} argymhelliad, ac mae'r diwrnod ar gyfer ei ateb wedi mynd heibio.

                Gallwch weld pa un wrth fewngofnodi yn {{site}}, a'i ateb: wedi'i wneud, yn rhannol, heb ei wneud gyda'r rheswm, neu'n hwyrach gyda diwrnod arall.
                """),
        ])
}

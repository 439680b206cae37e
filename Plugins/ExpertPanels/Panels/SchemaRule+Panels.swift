import PluginKit

extension SchemaRule {
    /// What the constraints of volunteering, the draw and the recommendations mean.
    static let panels: [String: SchemaRule] = [
        "activities_programme_fkey": .missing("/programme_id", "There is no such programme in this network."),
        "panels_activity_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "volunteers_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "opportunities_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "recommendations_panel_fkey": .missing("/panel_id", "There is no such panel in this network."),
        "recommendations_organisation_fkey": .missing("/organisation_id", "There is no such organisation in this network."),
        "recommendations_owner_fkey": .missing("/owner_id", "There is no such person in this network."),
        "recommendation_authors_person_fkey": .missing("/author_ids", "Somebody of these is no person of this network."),
        "opportunities_dates_check": .invalid("/closes_at", "This is before the opening."),
        "draws_commitment_kept": .conflict("What was committed to does not change."),
        "volunteers_reference_key": .conflict("A volunteer with this id came in at the same moment. Send the file again."),
        "pools_after_draw_fkey": .missing("/after_draw_id", "There is no such draw of this call."),
        "targets_value_key": .conflict("The targets of this opportunity were changed at the same moment. Send the file again."),
    ]
}

import Postgres

extension Refusal {
    /// The refusal that a server error stands for, or the error itself where it is none of the person's doing.
    static func translating(_ error: PostgresError, _ rules: [String: SchemaRule]) -> any Error {
        switch error.sqlState?.rawValue {
        case "KH401": unauthenticated
        case "KH403":
            forbidden(
                "Your roles here, or the token that you use, do not allow this. Ask an administrator of the network if you need it.")
        case "KH451": secondFactorMissing
        case "KH404": notFound("thing")
        case "KH452": forbidden(error.message ?? "This needs your consent. Read what it is for, then decide.")
        // The name of the policy is all that PostgreSQL tells of it.
        case "42501" where error.message?.contains("not_restricted") == true:
            conflict("The use of this person's data is restricted, so nothing can be done with it. See: kith data restrictions.")
        // A policy of the table; a missing grant is our own mistake, and stays an error.
        case "42501" where error.message?.contains("row-level security") == true:
            forbidden("Your roles here do not allow this. Ask an administrator of the network if you need it.")
        // The schema's own words, written for people.
        case "KH409": conflict(error.message ?? "This cannot be done as things stand.")
        case "KH410": conflict("The work was taken over by another worker.")
        case "23505", "23503", "23514", "23P01": rule(error, rules)
        case "22021", "22P05": invalid([FieldProblem("", "A text contains a character that cannot be stored.")])
        default:
            switch error.code {
            case .connectionLost, .connectionFailed, .acquireTimeout:
                unavailable("Kith cannot reach its database at the moment. Nothing was changed. Try again in a minute.")
            case .invalidParameter: invalid([FieldProblem("", "A text contains the character NUL, which cannot be stored. Remove it.")])
            default: error
            }
        }
    }

    private static func rule(_ error: PostgresError, _ rules: [String: SchemaRule]) -> Refusal {
        guard let constraint = error.constraint, let rule = rules[constraint] ?? SchemaRule.core[constraint] else {
            return conflict("This contradicts something that is already recorded here.")
        }
        return switch rule {
        case .conflict(let detail): conflict(detail)
        case .invalid(let pointer, let detail): invalid([FieldProblem(pointer, detail)])
        case .missing(let pointer, let detail): conflict(detail, [FieldProblem(pointer, detail)])
        }
    }
}

/// What a broken constraint of the schema means to the person whose request broke it.
public enum SchemaRule: Sendable {
    /// It contradicts what is there.
    case conflict(String)
    /// A field is wrong.
    case invalid(String, String)
    /// A field names something that is not there.
    case missing(String, String)

    /// The rules of the core, by the name of their constraint.
    static let core: [String: SchemaRule] = [
        "accounts_sign_in_name_key": .conflict("Somebody else signs in by this name. Choose another one."),
        "openid_subjects_pkey": .conflict("This sign-in belongs to another account already."),
        "people_account_key": .conflict("This account already is a person of the network."),
        "organisations_name_key": .conflict("An organisation of this name is already here. Use it, or choose another name."),
        "organisations_board_check": .invalid(
            "/board_lived_experience", "Give both board figures or none; those with lived experience cannot be more than the board."),
        "affiliations_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "affiliations_organisation_fkey": .missing("/organisation_id", "There is no such organisation in this network."),
        "affiliations_dates_check": .invalid("/ended_on", "This is before the start."),
        "programmes_name_key": .conflict("A programme of this name is already here. Use it, or choose another name."),
        "programmes_dates_check": .invalid("/ends_on", "This is before the first day."),
        "programme_organisations_programme_fkey": .missing("/programme_id", "There is no such programme in this network."),
        "programme_organisations_organisation_fkey": .missing("/organisation_id", "There is no such organisation in this network."),
        "programme_organisations_pkey": .conflict("This organisation already takes part in the programme."),
        "activities_programme_fkey": .missing("/programme_id", "There is no such programme in this network."),
        "role_grants_once_key": .conflict("This person already has this role there."),
        "role_grants_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "role_grants_programme_fkey": .missing("/programme_id", "There is no such programme in this network."),
        "settings_activity_fkey": .missing("/activity_id", "There is no such activity in this network."),
        "spaces_programme_fkey": .missing("/programme_id", "There is no such programme in this network."),
        "spaces_activity_fkey": .missing("/activity_id", "There is no such activity in this network."),
        "space_members_once_key": .conflict("This person is in the space already."),
        "notes_parent_fkey": .missing("/parent_id", "There is no such note in this space."),
        "break_glass_two_people_check": .conflict("Nobody approves their own request: it needs a second person."),
        "concerns_programme_fkey": .missing("/programme_id", "There is no such programme in this network."),
        "consents_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "consents_moment_check": .invalid("/happened_at", "This is in the future."),
        "access_enquiries_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "access_needs_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "access_needs_words_check": .invalid("/details", "Say in your own words what is needed."),
        "meetings_activity_fkey": .missing("/activity_id", "There is no such activity in this network."),
        "meetings_times_check": .invalid("/ends_at", "This must be after the start, and within seven days of it."),
        "meetings_where_check": .invalid("/place", "Say where it is: a place, a link, or a phone number."),
        "meeting_invitations_person_fkey": .missing("/person_id", "There is no such person in this network."),
        "meeting_needs_order_check": .conflict("A need is arranged before it is met, and met or explained before it is reviewed."),
        "withdrawals_activity_fkey": .missing("/activity_id", "There is no such activity in this network."),
        "withdrawals_programme_fkey": .missing("/programme_id", "There is no such programme in this network."),
        "complaints_person_fkey": .missing("/raised_by", "There is no such person in this network."),
        "complaints_about_fkey": .missing("/about_person_id", "There is no such person in this network."),
        "complaints_handler_check": .conflict("Whoever a complaint is about cannot handle it."),
        "jobs_once_key": .conflict("This work is already under way."),
    ]
}

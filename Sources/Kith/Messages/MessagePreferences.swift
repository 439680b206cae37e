public import Postgres
public import struct FoundationEssentials.UUID

/// How each person wants to hear: by what, in which language, when, and how often.
public enum MessagePreferences {
    /// How often mails come.
    public enum Digest: String, Sendable, CaseIterable, PostgresCodable {
        case atOnce = "at_once"
        case daily, weekly
    }

    /// What the API answers.
    public static let resource = Resource(
        "MessagePreferences", "person", table: "kith.message_choices", key: "person_id",
        [
            .choice("contact_by", People.Channel.self, "How they want to be reached."),
            .text("locale", "In which language (ISO 639); English where there is no text in it."),
            .boolean("large_print", "Whether in large print."),
            .text("quiet_from", "From when on nothing comes, in their own time.", from: "to_char(quiet_from, 'HH24:MI')"),
            .text("quiet_until", "Until when.", from: "to_char(quiet_until, 'HH24:MI')"),
            .text("time_zone", "Their time zone."),
            .choice("digest", Digest.self, "How often mails come. What is urgent comes at once."),
        ])

    /// What a person chooses.
    public struct Choice: Input {
        let contactBy: People.Channel
        let locale: String
        let largePrint: Bool
        let quietFrom: String
        let quietUntil: String
        let timeZone: String
        let digest: Digest

        public init(from fields: inout Fields) {
            contactBy = fields.required("contact_by", .choice(), "How they want to be reached.")
            locale = fields.optional("locale", .locale, default: "en", "In which language, as in cy for Welsh.")
            largePrint = fields.optional("large_print", .boolean, default: false, "Whether in large print.")
            quietFrom = fields.optional("quiet_from", .timeOfDay, default: "21:00", "From when on nothing shall come.")
            quietUntil = fields.optional("quiet_until", .timeOfDay, default: "08:00", "Until when; the same for no quiet hours.")
            timeZone = fields.optional("time_zone", .text(1...64), default: "Europe/London", "Their time zone, as in Europe/London.")
            digest = fields.optional("digest", .choice(), default: .atOnce, "How often mails shall come.")
        }
    }

    /// What holds for a person; nil for whoever asks.
    public static func get(by actor: Actor, of person: UUID? = nil) async throws -> Row {
        try await actor.read(
            "select \(query: resource.columns) from kith.message_choices where person_id = coalesce(\(person)::uuid, kith.current_person())"
        ).only(resource)
    }

    /// Chooses for a person; nil for whoever asks. Messages that wait already keep their time.
    public static func choose(by actor: Actor, for person: UUID? = nil, _ choice: Choice) async throws -> Row {
        try await actor.transaction { actor in
            let known = try await actor.read("select exists (select from pg_timezone_names where name = \(choice.timeZone)) as known")
            guard try known.first?["known", as: Bool.self] == true else {
                throw Refusal.invalid([FieldProblem("/time_zone", "There is no such time zone. Choose one like Europe/London.")])
            }
            _ = try await actor.run(
                actor.recorded(
                    """
                    update kith.people set contact_by = \(choice.contactBy), version = version + (contact_by <> \(choice.contactBy))::integer
                    where person_id = coalesce(\(person)::uuid, kith.current_person()) returning person_id as id
                    """, about: person),
                """
                insert into kith.message_preferences
                    (network_id, person_id, locale, large_print, quiet_from, quiet_until, time_zone, digest)
                select network_id, person_id, \(choice.locale), \(choice.largePrint), \(choice.quietFrom)::text::time,
                    \(choice.quietUntil)::text::time, \(choice.timeZone), \(choice.digest)
                from kith.people where person_id = coalesce(\(person)::uuid, kith.current_person())
                on conflict (network_id, person_id) do update set locale = excluded.locale, large_print = excluded.large_print,
                    quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, time_zone = excluded.time_zone,
                    digest = excluded.digest, updated_at = now()
                """)
            return try await get(by: actor, of: person)
        }
    }
}

extension Format where Value == String {
    /// A time of day, as in 21:00.
    static let timeOfDay = Format(
        ["type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"], placeholder: "00:00", expected: "a time of day, like 21:00"
    ) { json in json.string.flatMap { $0.wholeMatch(of: /([01][0-9]|2[0-3]):[0-5][0-9]/) == nil ? nil : $0 } }

    /// A language, as in cy.
    static let locale = Format(
        ["type": "string", "pattern": "^[a-z]{2,3}$"], placeholder: "en", expected: "a language code, like en or cy"
    ) { json in json.string.flatMap { $0.wholeMatch(of: /[a-z]{2,3}/) == nil ? nil : $0 } }
}

import Allocation
import PluginKit
import struct FoundationEssentials.UUID

/// What somebody writes, or has written down for them, before it is sent in. In any form: words, the link of a recording, or both; and
/// nothing of it has to be there in a draft.
struct InterestDraft: Input {
    let name: String?
    let contact: String?
    let words: String?
    let recording: String?
    let answers: [String: String]
    let address: String?
    let postcode: String?
    let birthYear: Int?

    init(from fields: inout Fields) {
        name = fields.optional("name", .text(), "What you are called. Those who shortlist do not see it.")
        contact = fields.optional("contact", .text(1...500), "How you can be reached: a phone number, an address, an e-mail address.")
        words = fields.optional("words", .text(1...10_000, lines: true), "Why you are interested, in your own words. Short is fine.")
        recording = fields.optional("recording", Self.link, "The link of a recording, of your voice or in sign language.")
        answers = fields.optional(
            "answers", Self.answers, default: [:], "What you say of yourself for the targets, by feature. Only the draw reads it.")
        address = fields.optional("address", .text(), "Where you live, to tell two of one household; only a digest of it is kept.")
        postcode = fields.optional("postcode", .text(1...20), "The postcode, for the same.")
        birthYear = fields.optional(
            "birth_year", .integer(NameAndBirthYear.years),
            "The year in which you were born, to notice that somebody offers twice; only a digest of it and of the name is kept.")
    }

    private static let link = Format(
        ["type": "string", "maxLength": 2000, "pattern": "^https://[!-~]+$"], placeholder: "",
        expected: "an address that begins with https://"
    ) { json in
        guard let text = json.string, text.utf8.count <= 2000, text.wholeMatch(of: /https:\/\/[!-~]+/) != nil else { return nil }
        return text
    }

    private static let answers = Format<[String: String]>(
        [
            "type": "object", "maxProperties": 50, "propertyNames": ["minLength": 1, "maxLength": 100, "pattern": #"^[^\u0000]*$"#],
            "additionalProperties": ["type": "string", "minLength": 1, "maxLength": 200, "pattern": #"^[^\u0000]*$"#],
        ], placeholder: [:], expected: "an object of features with their answers"
    ) { json in
        guard let members = json.object, members.count <= 50 else { return nil }
        var answers: [String: String] = [:]
        for (feature, answer) in members {
            guard let text = answer.string, (1...100).contains(feature.unicodeScalars.count), (1...200).contains(text.unicodeScalars.count),
                !text.unicodeScalars.contains("\0"), !feature.unicodeScalars.contains("\0")
            else { return nil }
            answers[feature] = text
        }
        return answers
    }

    /// Writes what stands apart from the expression itself, of which the transaction has the id.
    func writeApart(_ id: UUID, for opportunity: UUID, by actor: Actor) async throws {
        let household = VolunteerImport.household(address, postcode, in: opportunity)
        let identity = Doubles.digest(
            NameAndBirthYear(name: name ?? "", birthYear: birthYear.map(String.init) ?? ""), in: opportunity)
        let document = JSON.object(answers.mapValues(JSON.string))
        _ = try await actor.run(
            """
            insert into expert_panels.interest_answers as a (network_id, interest_id, answers, household, identity)
            values (\(actor.network), \(id), \(JSONText(document.description)), \(household), \(identity))
            on conflict (network_id, interest_id) do update
                set answers = excluded.answers, household = coalesce(excluded.household, a.household),
                    -- Of another name than before, the digest is another's.
                    identity = coalesce(excluded.identity, case when \(name) = (
                        select c.name from expert_panels.interest_contacts c where c.interest_id = a.interest_id) then a.identity end)
            """,
            """
            insert into expert_panels.interest_contacts (network_id, interest_id, name, contact)
            values (\(actor.network), \(id), \(name), \(contact))
            on conflict (network_id, interest_id) do update set name = excluded.name, contact = excluded.contact
            """)
    }
}

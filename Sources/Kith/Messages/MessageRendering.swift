import Postgres
import struct FoundationEssentials.UUID

/// A message with whom it is for, as it is read when it is written out.
struct MessageRendering {
    let person: UUID
    let name: String
    let email: String?
    let postalAddress: String?
    let phone: String?
    let createdAt: String
    private let id: UUID
    private let template: String
    private let parameters: JSON
    private let locale: String
    private let formats: Set<String>
    private let isLargeChosen: Bool
    private let network: String

    /// Formats that somebody else makes of it.
    let formatsToArrange: [String]

    var isLarge: Bool { isLargeChosen || formats.contains("large_print") }
    var isPlain: Bool { formats.contains("plain_text") }

    static func find(_ id: UUID, by actor: Actor) async throws -> MessageRendering? {
        let rows = try await actor.read(
            """
            select m.person_id, p.name, p.email, p.postal_address, p.phone, m.template, m.parameters::text as parameters, c.locale,
                c.large_print, c.formats, c.formats_to_arrange, n.name as network, to_char(m.created_at, 'YYYY-MM-DD') as created_at
            from kith.messages m join kith.people p using (network_id, person_id) join kith.message_choices c using (network_id, person_id)
                join kith.networks n using (network_id)
            where m.message_id = \(id)
            """)
        return try rows.first.map { try MessageRendering(id, $0) }
    }

    private init(_ id: UUID, _ row: Row) throws {
        self.id = id
        person = try row["person_id", as: UUID.self]
        name = try row["name", as: String.self]
        email = try row["email", as: String?.self]
        postalAddress = try row["postal_address", as: String?.self]
        phone = try row["phone", as: String?.self]
        template = try row["template", as: String.self]
        parameters = try JSON(reading: Array(row["parameters", as: String.self].utf8))
        locale = try row["locale", as: String.self]
        isLargeChosen = try row["large_print", as: Bool.self]
        formats = Set(try row["formats", as: [String].self])
        formatsToArrange = try row["formats_to_arrange", as: [String].self]
        network = try row["network", as: String.self]
        createdAt = try row["created_at", as: String.self]
    }

    /// What the message says; nil where there is nothing to say any more, or its template is gone with a plugin. Where somebody else reads
    /// it on the way (`isForOthers`), a confidential message only says that something waits.
    func rendered(
        _ catalogue: MessageCatalogue, site: String, isForOthers: Bool, by actor: Actor
    ) async throws -> (MessageCatalogue.Rendered, calendars: [CalendarDocument])? {
        guard var template = catalogue.templates[template] else { return nil }
        guard var values = try await template.values(actor, person, parameters) else { return nil }
        if isForOthers, template.isConfidential { (template, values) = (.somethingWaits, MessageTemplate.Values()) }
        values.texts.merge(common(site)) { $1 }
        if template.id == MessageTemplate.digest.id {
            let (items, calendars) = try await items(catalogue, site, by: actor)
            if items.isEmpty { return nil }
            values.texts["items"] = items.joined(separator: "\n")
            values.calendars = calendars
        }
        return catalogue.render(template.id, in: locale, isLarge: isLarge, values.texts).map { ($0, values.calendars) }
    }

    private func common(_ site: String) -> [String: String] { ["name": name, "network": network, "site": site] }

    private func items(_ catalogue: MessageCatalogue, _ site: String, by actor: Actor) async throws -> ([String], [CalendarDocument]) {
        let gathered = try await actor.read(
            "select template, parameters::text from kith.messages where gathered_in = \(id) order by message_id"
        ).decode((String, String).self)
        var lines: [String] = []
        var calendars: [CalendarDocument] = []
        for (name, parameters) in gathered {
            guard let template = catalogue.templates[name],
                let values = try await template.values(actor, person, JSON(reading: Array(parameters.utf8))),
                let item = catalogue.render(name, in: locale, values.texts.merging(common(site)) { $1 })
            else { continue }
            lines.append("– \(item.subject)")
            calendars += values.calendars
        }
        return (lines, calendars)
    }
}

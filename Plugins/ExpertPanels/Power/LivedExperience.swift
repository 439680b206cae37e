import PluginKit
import struct FoundationEssentials.Date

/// What a person says of themselves, to be counted where panels are run and chosen. Only they write it, and only they read it.
enum LivedExperience {
    static let purpose = ConsentPurpose(
        "expert_panels.lived_experience", "counting lived experience where panels are run and chosen",
        wordings: [
            """
            Panels show what part of the people who sit on them, chair them and select for them has lived experience. If you agree, you say \
            whether you have it; only you can read what you say. On a panel that was drawn, in groups of five or more, nobody can see that it is you; if everybody there says \
            so, that can be seen. You can also say that you may be counted in every group, such as two people who select: others there can then \
            tell that it is you. You need not be counted at all, and you can change your mind at any time.
            """
        ])

    struct Declaration: Input {
        let declares: Bool
        let inEveryGroup: Bool

        init(from fields: inout Fields) {
            declares = fields.required(
                "has_lived_experience", .boolean, "Whether you have lived experience of services, or of caring for somebody.")
            inEveryGroup = fields.required(
                "in_every_group", .boolean, "Whether you are counted also in groups so small that others can tell that it is you.")
        }
    }

    static let resource = Resource(
        "LivedExperience", "declaration", table: "expert_panels.lived_experience", key: "person_id",
        [
            .boolean("has_lived_experience", "What you said.", from: "declares"),
            .boolean("in_every_group", "Whether you are counted also where others can tell that it is you."),
            .moment("declared_at", "Since when."),
        ])

    /// Says whether one has lived experience. That somebody said so, and not what, is recorded.
    static func declare(by actor: Actor, _ declaration: Declaration) async throws -> Row {
        try await actor.write(
            """
            insert into expert_panels.lived_experience (network_id, person_id, declares, in_every_group)
            values (\(actor.network), kith.current_person(), \(declaration.declares), \(declaration.inEveryGroup))
            on conflict (network_id, person_id) do update
                set declares = excluded.declares, in_every_group = excluded.in_every_group, declared_at = now()
            returning \(query: resource.columns)
            """
        ).only(resource)
    }

    /// What one has said.
    static func own(by actor: Actor) async throws -> JSON {
        let said = try await actor.read(
            "select declares, in_every_group from expert_panels.lived_experience where person_id = kith.current_person()"
        ).decode((Bool, Bool).self).first
        return ["has_lived_experience": said.map { .bool($0.0) } ?? .null, "in_every_group": .bool(said?.1 ?? false)]
    }

    static let schema = Schema.object(
        name: "OwnLivedExperience",
        members: [
            ("has_lived_experience", .nullable(.inline(["type": "boolean"])), "What you said; null where you have said nothing."),
            ("in_every_group", .inline(["type": "boolean"]), "Whether you are counted also where others can tell that it is you."),
        ], required: ["has_lived_experience", "in_every_group"])

    /// Takes it back.
    static func takeBack(by actor: Actor) async throws {
        _ = try await actor.write(
            "delete from expert_panels.lived_experience where person_id = kith.current_person() returning person_id as id")
    }
}

import PluginKit
import struct FoundationEssentials.UUID

extension MessageTemplate {
    /// Somebody is offered the seat that they were drawn for.
    static let seatInvitation = MessageTemplate(
        module: ExpertPanels.id, "seat_invitation", "When you are offered a seat on a panel", placeholders: ["panel", "day"],
        texts: [
            "en": Text(
                "A seat for you on {{panel}}",
                """
                Hello {{name}},

                You put your name forward for {{panel}}, and you were drawn. There is a seat for you, if you would like it.

                Please say yes or no until {{day}}: sign in at {{site}}, or tell the people who run {{network}}. You need not say why.

                If you say no, or if we do not hear from you by then, the seat is offered to somebody else.
                """),
            "cy": Text(
                "Sedd i chi ar {{panel}}",
                """
                Helo {{name}},

                Rhoesoch eich enw ymlaen ar gyfer {{panel}}, a thynnwyd eich enw. Mae sedd i chi, os hoffech ei chael.

                Dywedwch ie neu na erbyn {{day}}: mewngofnodwch yn {{site}}, neu dywedwch wrth y bobl sy'n rhedeg {{network}}. Nid oes angen rhoi rheswm.

                Os dywedwch na, neu os na chlywn gennych erbyn hynny, caiff y sedd ei chynnig i rywun arall.
                """),
        ]
    ) { actor, person, parameters in try await offered(by: actor, to: person, parameters) }

    /// The offer of a seat runs out soon.
    static let seatReminder = MessageTemplate(
        module: ExpertPanels.id, "seat_reminder", "Once, before the offer of a seat on a panel runs out", placeholders: ["panel", "day"],
        texts: [
            "en": Text(
                "Your seat on {{panel}}: please answer until {{day}}",
                """
                Hello {{name}},

                There is still a seat for you on {{panel}}. You can say yes or no until {{day}}: sign in at {{site}}, or tell the people who run \
                {{network}}. You need not say why, and we will not remind you again.

                If we do not hear from you by then, the seat is offered to somebody else.
                """),
            "cy": Text(
                "Eich sedd ar {{panel}}: atebwch erbyn {{day}}",
                """
                Helo {{name}},

                Mae sedd i chi o hyd ar {{panel}}. Gallwch ddweud ie neu na erbyn {{day}}: mewngofnodwch yn {{site}}, neu dywedwch wrth y bobl \
                sy'n rhedeg {{network}}. Nid oes angen rhoi rheswm, ac ni fyddwn yn eich atgoffa eto.

                Os na chlywn gennych erbyn hynny, caiff y sedd ei chynnig i rywun arall.
                """),
        ]
    ) { actor, person, parameters in try await offered(by: actor, to: person, parameters) }

    /// What a message about a seat is about.
    static func aboutSeat(_ seat: UUID, of panel: UUID) -> JSON {
        ["seat_id": .string("\(seat)"), "activity_id": .string("\(panel)")]
    }

    // Nothing is sent of a seat that was answered or has ended in the meantime.
    private static func offered(by actor: Actor, to person: UUID, _ parameters: JSON) async throws -> Values? {
        guard let seat = parameters["seat_id"]?.string.flatMap(UUID.init(uuidString:)) else { return nil }
        let found = try await actor.read(
            """
            select a.name, to_char(i.expires_on, 'DD/MM/YYYY') from expert_panels.seat_invitation_details i
                join kith.activities a on a.network_id = i.network_id and a.activity_id = i.panel_id
            where i.seat_id = \(seat) and i.person_id = \(person) and i.state = 'invited'
            """
        ).decode((String, String).self)
        return found.first.map { Values(["panel": $0.0, "day": $0.1]) }
    }
}

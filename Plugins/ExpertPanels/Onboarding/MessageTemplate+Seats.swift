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
    ) { actor, person, parameters in
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

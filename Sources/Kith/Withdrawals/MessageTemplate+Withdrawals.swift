import Postgres
import struct FoundationEssentials.UUID

extension MessageTemplate {
    /// What a person has left, to themselves. What of it stands in their calendar is taken out.
    static let withdrawn = MessageTemplate(
        module: "core", "withdrawn", "When you have withdrawn or left, to you", outlivesLeaving: true, placeholders: ["left"],
        texts: [
            "en": Text(
                "You have left, as you asked",
                """
                Hello {{name}},

                You have left {{left}}, as you asked. It took effect at once, and nobody will ask you why.

                You will not be asked to take part again. Pay that you have earned is still paid.

                If you did not ask for this, or would like to come back, tell the people who run {{network}}.
                """),
            "cy": Text(
                "Rydych wedi gadael, fel y gofynnoch",
                """
                Helo {{name}},

                Rydych wedi gadael {{left}}, fel y gofynnoch. Digwyddodd hynny ar unwaith, ac ni fydd neb yn gofyn pam.

                Ni ofynnir i chi gymryd rhan ynddo eto. Bydd tâl yr ydych wedi'i ennill yn dal i gael ei dalu.

                Os na ofynnoch am hyn, neu os hoffech ddod yn ôl, rhowch wybod i'r bobl sy'n rhedeg {{network}}.
                """),
        ]
    ) { actor, person, parameters in
        guard let withdrawal = parameters["withdrawal_id"]?.string.flatMap(UUID.init(uuidString:)) else { return nil }
        let names = try await actor.read(
            """
            select coalesce(a.name, p.name, n.name) from kith.withdrawals w join kith.networks n using (network_id)
                left join kith.activities a on a.network_id = w.network_id and a.activity_id = w.activity_id
                left join kith.programmes p on p.network_id = w.network_id and p.programme_id = w.programme_id
            where w.withdrawal_id = \(withdrawal) and w.returned_at is null
            """
        ).decode(String.self)
        guard let left = names.first else { return nil }
        // The invitations that ended with the withdrawal, in its transaction.
        let ended: Query = "i.withdrawn_at = (select w.withdrawn_at from kith.withdrawals w where w.withdrawal_id = \(withdrawal))"
        let entries = try await CalendarSource.meetings(of: "\(person)", where: ended).entries(by: actor)
        return Values(["left": left], calendars: entries.map { CalendarDocument(name: left, method: .cancel, entries: [$0]) })
    }
}

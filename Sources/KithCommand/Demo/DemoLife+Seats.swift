import Kith
import KithClient
import struct Foundation.Date

extension DemoLife {
    /// Offers the seats. One person declines, and their seat is drawn again under the same targets.
    func seat(_ draw: JSON) async throws -> [DemoPerson] {
        let drawn = try await seats(of: draw)
        let leaving = try await replaceable(drawn)
        var members: [DemoPerson] = []
        for (index, seat) in drawn.enumerated() {
            let person = try await offer(seat, to: Self.names[index])
            let accepts = try seat.id != leaving
            try await panel(as: person).post("seats/\(try seat.id)/reply", ["accepts": .bool(accepts)])
            if accepts { members.append(person) }
        }
        guard leaving != nil else {
            Self.done("Offered each of them their seat, and all took it.")
            return members
        }
        Self.done("Offered each of them their seat. \(members.count) took it, and one declined without a reason.")
        let pool = try await panel(as: coordinator).post(
            "pools", ["opportunity_id": .string(scene.call), "after_draw_id": .string(draw.id)]
        ).json
        let again = try await scene.finish(panel(as: coordinator).post("draws", ["pool_id": .string(pool.id)]))
        let before = Set(drawn.compactMap { $0["volunteer_id"]?.string })
        for seat in try await seats(of: again) where !before.contains(seat["volunteer_id"]?.string ?? "") {
            let person = try await offer(seat, to: Self.names[20])
            try await panel(as: person).post("seats/\(try seat.id)/reply", ["accepts": true])
            members.append(person)
        }
        Self.done("Drew their seat again, so that the targets hold for all 20 together. \(Self.names[20]) took it.")
        look("kith panel onboarding members \(scene.panelID)")
        return members
    }

    // Whose seat somebody else can take under the same targets: with tight ones not everybody can be replaced.
    private func replaceable(_ drawn: [JSON]) async throws -> String? {
        for seat in drawn.reversed() {
            let others = drawn.compactMap { $0["volunteer_id"] }.filter { $0 != seat["volunteer_id"] }
            do {
                try await panel(as: coordinator).post(
                    "pools",
                    [
                        "opportunity_id": .string(scene.call), "seated_ids": .array(others),
                        "excluded": [
                            ["volunteer_id": seat["volunteer_id"] ?? .null, "reason": "To see whether somebody else could be drawn."]
                        ],
                    ])
                return try seat.id
            } catch let error as ClientError where error.statusCode == 409 { continue }
        }
        return nil
    }

    private func seats(of draw: JSON) async throws -> [JSON] {
        try await panel(as: coordinator).list("draws/\(draw.id)/seats").items.filter { $0["part"]?.string == "seat" }
    }

    private func offer(_ seat: JSON, to name: String) async throws -> DemoPerson {
        let person = try await Self.person(name, "participant", in: scene)
        try await panel(as: coordinator).put(
            "opportunities/\(scene.call)/volunteers/\(try seat.text("volunteer_id"))/person", ["person_id": .string(person.id)])
        try await panel(as: coordinator).post("seats/\(try seat.id)/invite", [:])
        return person
    }

    /// Publishes the involvement agreement, which everybody accepts, and settles one member in.
    func agree(_ members: [DemoPerson]) async throws {
        let own = panel(as: coordinator)
        let terms = try await own.post(
            "terms",
            [
                "body": """
                You say what you want to say, and no more. You can leave at any time and need no reason. We pay within two weeks, answer \
                each recommendation within three months, and arrange what you need to take part.
                """
            ]
        ).json
        for member in members { try await panel(as: member).post("terms/\(try terms.id)/accept") }
        Self.done("All \(members.count) accepted the involvement agreement, version 1.")
        for member in members.prefix(14) {
            try await member.network.post(
                "people/me/consents", ["purpose": "expert_panels.lived_experience", "wording": 1, "given": true])
            try await member.network.put("lived-experience", ["has_lived_experience": true, "in_every_group": true])
        }
        Self.done(
            "14 say of themselves that they have lived experience, after agreeing that it is counted. Nobody says it of anybody else.")
        look("kith panel power \(scene.panelID)")
        let first = members[0]
        for (part, supporter) in [("buddy", members[1].id), ("contact", coordinator.id)] {
            try await own.put("members/\(first.id)/support", ["part": .string(part), "supporter_id": .string(supporter)])
        }
        let items = try await own.list("onboarding", ["person_id": first.id]).items
        for item in items { try await own.post("onboarding/\(try item.id)/settle", ["state": "done"]) }
        Self.done("\(first.name) has a buddy and somebody to turn to, and all \(items.count) things on the list are settled.")
        look("kith panel onboarding list \(scene.panelID)")
    }
}

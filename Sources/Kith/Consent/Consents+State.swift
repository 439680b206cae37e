import Postgres
public import struct FoundationEssentials.UUID

extension Consents {
    /// What the API answers for a purpose and what holds of it for a person.
    public static let stateSchema = Schema.object(
        name: "ConsentStates",
        members: [
            (
                "items",
                .list(
                    .object(
                        name: "ConsentState",
                        members: [
                            ("purpose", .inline(["type": "string"]), "About what."),
                            ("title", .inline(["type": "string"]), "What it is for."),
                            ("wording", .inline(["type": "integer"]), "The version of the present wording."),
                            ("text", .inline(["type": "string"]), "The present wording, to read before deciding."),
                            (
                                "state", .inline(["type": "string", "enum": .array(State.allCases.map { .string($0.rawValue) })]),
                                "What holds; outdated and not_asked are like a no."
                            ),
                        ], required: ["purpose", "title", "wording", "text", "state"])), "One for each purpose."
            )
        ], required: ["items"])

    /// What holds of each purpose that the network uses, for the person who asks or for another.
    public static func states(by actor: Actor, of person: UUID?, _ purposes: [ConsentPurpose]) async throws -> JSON {
        let rows = try await actor.run(
            "select plugin from kith.enabled_plugins",
            "select person_id from kith.people where person_id = coalesce(\(person)::uuid, kith.current_person())",
            """
            select purpose, given, wording from kith.consent_states
            where network_id = kith.current_network() and person_id = coalesce(\(person)::uuid, kith.current_person())
            """)
        _ = try rows[1].only(People.resource)
        let modules = Set(["core"] + (try rows[0].decode(String.self)))
        var latest: [String: (given: Bool, wording: Int)] = [:]
        for (purpose, given, wording) in try rows[2].decode((String, Bool, Int).self) { latest[purpose] = (given, wording) }
        return [
            "items": .array(
                purposes.filter { modules.contains($0.module) }.map { purpose in
                    [
                        "purpose": .string(purpose.id), "title": .string(purpose.title), "wording": .integer(Int64(purpose.wording)),
                        "text": .string(purpose.wordings.last ?? ""), "state": .string(state(latest[purpose.id], of: purpose).rawValue),
                    ]
                })
        ]
    }

    private static func state(_ latest: (given: Bool, wording: Int)?, of purpose: ConsentPurpose) -> State {
        guard let latest else { return .notAsked }
        if !latest.given { return .withdrawn }
        return latest.wording < purpose.wording ? .outdated : .given
    }
}

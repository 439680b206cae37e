import Kith
import KithClient
import struct Foundation.Date
import typealias Foundation.TimeInterval

extension DemoLife {
    /// Holds a session: people come in three ways, agree on something, and approve the minutes.
    /// - Returns: its id
    func meet(_ members: [DemoPerson]) async throws -> String {
        let own = panel(as: coordinator)
        func moment(_ hours: TimeInterval) -> JSON { .string(Date(timeIntervalSinceNow: hours * 3600).formatted(.iso8601)) }
        // Over already, so that what follows it can be shown too.
        let session = try await own.post(
            "sessions",
            [
                "title": "First meeting: the waiting room", "starts_at": moment(-4), "ends_at": moment(-1), "place": "Town hall, room 2",
                "phone": "01632 960001", "breaks": [["after_minutes": 60, "minutes": 15], ["after_minutes": 135, "minutes": 10]],
            ]
        ).json.id
        try await own.post("sessions/\(session)/ready")
        let meeting = "activities/\(scene.panelID)/meetings/\(session)"
        let ways = ["in_person", "in_person", "remote", "phone"]
        for (index, member) in members.enumerated() {
            let came = index == 5 ? "absent" : ways[index % ways.count]
            try await coordinator.network.post(
                "\(meeting)/people/\(member.id)/attendance", ["attended": .string(came), "supporters": .integer(index == 2 ? 1 : 0)])
        }
        Self.done(
            "Held a session of three hours with two breaks: in the room, by video and by phone, one with a supporter. One could not come.")
        let question = try await own.post(
            "questions",
            [
                "kind": "consent", "title": "Ask the trust for a quiet room beside the waiting room", "session_id": .string(session),
                "closes_at": moment(24),
            ]
        ).json.id
        for (index, member) in members.enumerated() {
            try await panel(as: member).post(
                "questions/\(question)/contributions", index == 3 ? ["choice": "stand_aside"] : ["choice": "consent"])
        }
        let outcome = try await own.post("questions/\(question)/close").json
        Self.done(
            "Asked everybody whether they consent to the first recommendation: \(outcome["outcome"]?.string ?? "closed"), one stood aside.")
        let minutes = try await own.post(
            "sessions/\(session)/minutes", ["body": "We talked about the waiting room, and agreed to recommend a quiet room."]
        ).json.id
        for member in members.prefix(10) {
            try await panel(as: member).put("sessions/\(session)/minutes/\(minutes)/reply", ["approves": true])
        }
        Self.done("Wrote the minutes, which half of the members have approved, as the panel asks.")
        look("kith panel session list \(scene.panelID)")
        return session
    }
}

import Kith
import KithClient

extension DemoLife {
    /// Publishes the call; somebody without an account answers it and changes their mind.
    func openCall() async throws {
        let call = panel(as: coordinator).at("opportunities/\(scene.call)")
        try await call.put(
            "profile",
            [
                "time_needed": "Six meetings of three hours over a year, and an hour before each to read.",
                "pay": "£82.50 for each meeting, and all your costs. You may take less, give it away, or decline.",
                "support": "A supporter can come along, there are breaks, and somebody talks it through with you before.",
                "who_for": "People who have used crisis care, or cared for somebody who has.",
                "eligibility": ["Have you used crisis care, or cared for somebody who has?"],
            ])
        try await call.post("profile/publish")
        Self.done("Published the call in plain English. Anybody can read it, without an account.")
        look("curl -s '\(scene.network.with(token: nil).address("open-calls/\(scene.call)"))'")
        let begun = try await scene.network.with(token: nil).post("open-calls/\(scene.call)/interests", ["words": "I want to help."]).json
        let own = scene.network.with(token: try begun.text("secret"))
        try await own.put("interest", ["words": "I want to help. I was in hospital twice."])
        try await own.post("interest/withdraw")
        Self.done("Somebody without an account began to answer it, and withdrew: one call, no reason, nothing of it is kept.")
    }

    /// Freezes the pool, commits to the draw, reveals it with a public value, and writes the record that anybody can check.
    func draw() async throws -> JSON {
        let own = panel(as: coordinator)
        let pool = try await own.post("pools", ["opportunity_id": .string(scene.call)]).json
        Self.done("Froze the pool: 200 volunteers and the targets, under one hash.")
        let waiting = try await scene.finish(
            own.post(
                "draws", ["pool_id": .string(pool.id), "public_value_source": "The national lottery's draw of the coming Saturday"]))
        Self.done("Committed to the draw before anybody could know its result: \(try waiting.text("commitment").prefix(16))…")
        let draw = try await scene.finish(own.post("draws/\(try waiting.id)/reveal", ["public_value": "3 9 14 27 41 58"]))
        Self.done("Mixed in the public value, and drew 20 people. Everyone's chance is as equal as the targets allow.")
        let record = try await panel(as: auditor).get("draws/\(draw.id)/record")
        let file = try write("draw.json", record.bytes)
        Self.done("Aled, the auditor, has the record of the draw. Change one byte of it, and it is refused:")
        look("kith verify draw \(file)")
        look("kith panel seats \(scene.panelID)")
        look("kith panel plot \(scene.panelID) > chances.svg")
        return draw
    }
}

import HTTPTypes
import Kith

extension Endpoint {
    static func secondFactors(_ signIn: SignIn) -> [Endpoint] {
        [
            .act(
                "begin_second_factor", "/account/second-factor", "Begin to set up an app that makes codes", .signIn,
                records: "second_factor.begun", returns: SecondFactors.begun, answersSecret: true, body: NoInput.self
            ) { try await SecondFactors.begin(by: $0.actor, holding: $0.token ?? []) },
            .act(
                "confirm_second_factor", "/account/second-factor/confirm", "Show that the app works, and get recovery codes", .signIn,
                records: "second_factor.confirmed", returns: SecondFactors.confirmed, answersSecret: true, body: SecondFactors.Code.self
            ) { try await SecondFactors.confirm(by: $0.actor, $0.input, holding: $0.token ?? [], signIn) },
            .end(
                "remove_second_factor", method: .post, "/account/second-factor/remove", "Remove the second factor, with one of its codes",
                .account, records: "second_factor.removed", body: SecondFactors.Code.self
            ) { try await SecondFactors.remove(by: $0.actor, $0.input, signIn) },
            .end(
                "give_second_factor", method: .post, "/session/second-factor", "Give the second factor to the session that you are in",
                .signIn, records: "session.second_factor", body: SecondFactors.Code.self
            ) { try await SecondFactors.stepUp(by: $0.actor, $0.input, holding: $0.token ?? [], signIn) },
        ]
    }
}

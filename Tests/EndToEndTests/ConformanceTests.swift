import ExpertPanels
import KithServer
import KithTesting
import PluginKit
import Testing

@Suite struct ConformanceTests {
    @Test func `Expert panels keep the promises of every plugin`() async throws {
        let findings = try await PluginConformance.check(
            ExpertPanels.self,
            filling: [
                // One policy begins on a day, and a payment comes to its claims.
                "pay_policies.effective_from": "(select date '2020-01-01' + count(*)::integer from expert_panels.pay_policies)",
                "pay_payments.pence": "0", "pay_payment_claims.pence": "0", "pay_payment_differences.pence": "0",
                // A question that nobody has answered.
                "doubles.answer": "null", "doubles.kept_id": "null", "doubles.answered_by": "null", "doubles.answered_at": "null",
            ])
        #expect(findings == [])
    }

    @Test(
        arguments: [
            (Careless.Unshielded.self, "careless.notes has no row-level security."),
            (Careless.Unforced.self, "careless.notes does not force row-level security."),
            (Careless.HalfPolicy.self, "careless.notes (half) is a policy that does not compare network_id"),
            (Careless.OpenPolicy.self, "careless.notes (open) is a policy that does not compare network_id"),
            (Careless.Homeless.self, "careless.notes has no column network_id uuid not null."),
            (Careless.WrongKey.self, "careless.notes (careless.notes_pkey) is unique without network_id"),
            (Careless.LeakyView.self, "careless.all_notes is a view that does not run with security_invoker"),
            (Careless.LeakyFunction.self, "has no fixed search_path."),
            (Careless.Undeclared.self, "notes.body can hold words and is in no holding"),
            (Careless.Unknown.self, "careless.notes.mood is in the privacy contract and not in the schema."),
            (Careless.KeepsWords.self, "«Notes» leaves careless.notes.body as it was."),
            (Careless.ErasesAll.self, "«Notes» exports 2 rows of a person who has one"),
            (Careless.ErasesNone.self, "«Notes» exports 0 rows of a person who has one"),
            (Careless.Forbidden.self, "«Notes» cannot be erased"),
            (Careless.Elsewhere.self, "makes the table public.notes outside its schema careless."),
            (Careless.Failing.self, "cannot be migrated on an empty database"),
            (Careless.OnlyEmpty.self, "cannot be migrated on a populated database"),
            (Careless.Permissionless.self, "without naming who may use it in the network."),
            (Careless.Doorless.self, "lets visitors in by kith.enter_account, which is no door of its schema."),
        ] as [(any Plugin.Type, String)])
    func `A plugin that breaks a promise is found out`(plugin: any Plugin.Type, finding: String) async throws {
        let findings = try await PluginConformance.check(plugin)
        #expect(findings.contains { $0.detail.contains(finding) }, "\(findings)")
    }

    @Test func `A function that touches no row needs its right all the same`() async throws {
        #expect(try await PluginConformance.check(Careless.Rowless.self) == [])
    }

    @Test func `A plugin that breaks none is found to break none`() async throws {
        #expect(try await PluginConformance.check(Careless.Careful.self) == [])
    }
}

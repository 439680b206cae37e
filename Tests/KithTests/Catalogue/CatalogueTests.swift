import ExpertPanels
import Kith
import KithServer
import KithTesting
import Postgres
import Testing

/// What holds of every table, read from PostgreSQL's own catalogue, so that a table that is added cannot be forgotten.
@Suite struct CatalogueTests {
    /// Tables of the whole server: reached only through the doors, or by what they say of an account.
    private static let global = [
        "kith.accounts", "kith.api_tokens", "kith.schema_migrations", "kith.policy_figures", "kith.sessions", "kith.passwords",
        "kith.known_browsers", "kith.sign_in_tries", "kith.sign_in_links", "kith.openid_subjects", "kith.second_factors",
        "kith.recovery_codes",
    ]
    /// Tables whose policies compare something beside the network: the ledger, which is the network or the server itself.
    private static let otherwise = [
        "kith.audit_entries (own_ledger)", "kith.idempotency_keys (own_keys)", "kith.data_keys (own_ledger)",
    ]
    /// Tables into which only functions with their owner's rights write.
    private static let readOnly: Set = [
        "expert_panels.anonymous_contributions", "expert_panels.contributors",
        "kith.audit_checkpoints", "kith.audit_leaves", "kith.audit_numbering", "kith.bounced_addresses", "kith.known_browsers",
        "kith.passwords", "kith.policy_figures", "kith.schema_migrations", "kith.sign_in_letters", "kith.sign_in_links",
    ]
    /// Tables whose rows come from doors and triggers, and are changed by the server.
    private static let changeOnly: Set = ["kith.accounts", "kith.meeting_needs"]
    /// Tables in which what stands does not change.
    private static let appendOnly: Set = [
        "expert_panels.answers", "expert_panels.closed_days", "expert_panels.interest_consents",
        "expert_panels.interest_monitoring", "expert_panels.pay_bands", "expert_panels.pay_offers",
        "expert_panels.pay_payment_claims", "expert_panels.pay_payment_differences", "expert_panels.pay_payments",
        "expert_panels.pay_policies",
        "expert_panels.pools", "expert_panels.quorums", "expert_panels.recommendation_authors", "expert_panels.register_publications",
        "expert_panels.targets", "expert_panels.terms",
        "expert_panels.terms_acceptances", "kith.access_enquiries", "kith.access_need_history", "kith.access_reasons",
        "kith.audit_entries", "kith.concern_entries", "kith.concern_leads", "kith.consents", "kith.data_keys", "kith.exports",
        "kith.note_versions", "kith.openid_subjects",
    ]
    /// Tables from which rows are deleted in the course of things.
    private static let deletable: Set = [
        "expert_panels.characteristics", "expert_panels.closed_days", "expert_panels.interest_answers",
        "expert_panels.interest_contacts", "expert_panels.interest_monitoring", "expert_panels.lived_experience",
        "expert_panels.pay_ceilings", "expert_panels.register_publications",
        "expert_panels.support", "expert_panels.targets", "kith.enabled_plugins", "kith.exports",
        "kith.idempotency_keys",
        "kith.monitoring_answers", "kith.note_versions", "kith.programme_organisations", "kith.recovery_codes",
        "kith.second_factors", "kith.settings", "kith.webhooks",
    ]
    /// Tables of which something is blanked by the right of a person only: their words in a ledger.
    private static let blankedByRight: Set = [
        "expert_panels.pay_claims", "expert_panels.pay_claim_entries", "expert_panels.pay_offer_entries", "kith.complaint_entries",
        "kith.events",
    ]
    /// Where a network refers to the whole server: the account that a person has.
    private static let outward = ["kith.people (people_account_id_fkey)"]

    @Test(arguments: ["kith", "expert_panels"])
    func `Every table belongs to a network and is shielded by policies`(schema: String) async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            let catalogue = try await Catalogue.read(schema: schema, server.superuser)
            #expect(catalogue.tables.count > 5)
            let findings = try await IsolationCheck(catalogue).findings(server.superuser).filter { finding in
                !(Self.global + Self.otherwise + Self.outward).contains { finding.detail.hasPrefix($0) }
            }
            #expect(findings == [])
        }
    }

    @Test func `The tables of the whole server are shielded too`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            for table in Self.global + ["kith.audit_entries", "kith.idempotency_keys"] {
                let shielded = try await server.superuser.query(
                    "select relrowsecurity and relforcerowsecurity from pg_class where oid = \(table)::text::regclass"
                ).decode(Bool.self)
                #expect(shielded == [true], "\(table)")
            }
        }
    }

    @Test func `The server's role owns nothing and cannot get around a policy`() async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            let roles = try await server.superuser.query(
                "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication from pg_roles where rolname = 'kith_app'"
            ).decode(Bool.self)
            #expect(roles == [false])
            let owned = try await server.superuser.query(
                """
                select relname::text from pg_class where relowner = 'kith_app'::regrole
                union all select proname::text from pg_proc where proowner = 'kith_app'::regrole
                union all select nspname::text from pg_namespace where nspowner = 'kith_app'::regrole
                """
            ).decode(String.self)
            #expect(owned == [])
            let members = try await server.superuser.query(
                "select count(*) from pg_auth_members where member = 'kith_app'::regrole"
            ).decode(Int.self)
            #expect(members == [0])
            let creates = try await server.superuser.query(
                "select nspname::text from pg_namespace where nspname not like 'pg_temp%' and has_schema_privilege('kith_app', oid, 'create')"
            ).decode(String.self)
            #expect(creates == [])
        }
    }

    /// The tables on which the exercise of a person's right is needed for a command, by a policy that no other one can get around.
    private func onlyByRight(_ command: String, _ server: TestServer) async throws -> Set<String> {
        let tables = try await server.superuser.query(
            """
            select p.polrelid::regclass::text from pg_policy p
            where p.polcmd::text = \(command) and p.polroles = array['kith_app'::regrole::oid]
              and pg_get_expr(p.polqual, p.polrelid) like '%kith.rights_of() IS NOT NULL%'
              and (not p.polpermissive or not exists (
                  select from pg_policy o where o.polrelid = p.polrelid and o.polpermissive and o.polname <> p.polname
                    and o.polcmd::text in ('*', \(command)) and o.polroles && array['kith_app'::regrole::oid, 0::oid]))
            """
        ).decode(String.self)
        return Set(tables)
    }

    @Test func `The server may change and delete only what has to be, and owns no other right on a table`() async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            func tables(_ privilege: String) async throws -> Set<String> {
                let names = try await server.superuser.query(
                    """
                    select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname in ('kith', 'expert_panels') and c.relkind = 'r' and has_any_column_privilege('kith_app', c.oid, \(privilege))
                    """
                ).decode(String.self)
                return Set(names)
            }
            let all = try await tables("select")
            let notInserted = all.subtracting(try await tables("insert"))
            #expect(notInserted.symmetricDifference(Self.readOnly.union(Self.changeOnly)) == [])
            let notUpdated = all.subtracting(try await tables("update"))
            #expect(notUpdated.symmetricDifference(Self.readOnly.union(Self.appendOnly)) == [])
            #expect(try await tables("references") == [])
            let others = try await server.superuser.query(
                """
                select c.oid::regclass::text || ' ' || privilege from pg_class c,
                    unnest(array['delete', 'truncate', 'trigger']) privilege
                where c.relnamespace in ('kith'::regnamespace, 'expert_panels'::regnamespace) and c.relkind = 'r'
                  and has_table_privilege('kith_app', c.oid, privilege)
                """
            ).decode(String.self)
            let deletedByRight = try await onlyByRight("d", server)
            #expect(deletedByRight.isDisjoint(with: Self.deletable))
            #expect(Set(others) == Set(Self.deletable.union(deletedByRight).map { "\($0) delete" }))
            #expect(try await onlyByRight("w", server) == Self.blankedByRight)
            let loose = try await server.superuser.query(
                """
                select c.oid::regclass::text || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
                where c.oid = 'kith.audit_entries'::regclass and a.attname in ('at', 'transaction_id')
                  and has_column_privilege('kith_app', c.oid, a.attname, 'insert')
                """
            ).decode(String.self)
            #expect(loose == [])
        }
    }

    @Test func `Before any door the server sees no row of any table`() async throws {
        try await withTestServer(Distribution([ExpertPanels.self]), worker: false) { server in
            let network = try await server.makeNetwork()
            try await network.enable("expert_panels")
            _ = try await network.person(.facilitator)
            let tables = try await server.superuser.query(
                """
                select schemaname || '.' || tablename from pg_tables where schemaname in ('kith', 'expert_panels')
                union all select schemaname || '.' || viewname from pg_views where schemaname in ('kith', 'expert_panels')
                """
            ).decode(String.self)
            #expect(tables.count > 20)
            for table in tables where table != "kith.schema_migrations" {
                let readable = try await server.superuser.query(
                    "select has_any_column_privilege('kith_app', \(table)::text::regclass, 'select')"
                ).decode(Bool.self)
                if readable == [false] { continue }
                let seen = try await server.app.query("select count(*) from \(raw: table)").decode(Int.self)
                #expect(seen == [0], "\(table)")
            }
        }
    }

    @Test func `A row of one network cannot be written while another is open`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let (here, there) = (try await server.makeNetwork(), try await server.makeNetwork())
            let error = await #expect(throws: PostgresError.self) {
                _ = try await server.app.batch([
                    "select set_config('kith.network', \(here.id), true)",
                    """
                    insert into kith.programmes (network_id, programme_id, name)
                    values (\(there.id)::text::uuid, gen_random_uuid(), 'Not ours')
                    """,
                ])
            }
            #expect(error?.sqlState?.rawValue == "42501")
        }
    }

    @Test func `What a transaction opened is closed with it`() async throws {
        try await withTestServer(Distribution([]), worker: false) { server in
            let network = try await server.makeNetwork()
            let door: Query = "select set_config('kith.network', \(network.id), true)"
            let inside = try await server.app.batch([door, "select count(*) from kith.people"])[1].decode(Int.self)
            #expect(inside == [1])
            for _ in 0..<5 {
                #expect(try await server.app.query("select count(*) from kith.people").decode(Int.self) == [0])
            }
        }
    }
}

import PluginKit

/// Small plugins, each with one thing wrong.
enum Careless {
    enum Careful: CarelessPlugin {}

    enum Unshielded: CarelessPlugin {
        static var shield: String { "" }
    }
    enum Unforced: CarelessPlugin {
        static var shield: String { "call kith.isolate('careless.notes'); alter table careless.notes no force row level security;" }
    }
    enum HalfPolicy: CarelessPlugin {
        static var shield: String { policy("half", "using (network_id = kith.current_network()) with check (true)") }
    }
    enum OpenPolicy: CarelessPlugin {
        static var shield: String { policy("open", "using (true) with check (network_id = kith.current_network())") }
    }
    enum Homeless: CarelessPlugin {
        static var columns: String { "note_id uuid primary key, person_id uuid, body text" }
        static var shield: String { policy("none", "using (true)") }
    }
    enum WrongKey: CarelessPlugin {
        static var columns: String { "network_id uuid not null, note_id uuid primary key, person_id uuid, body text" }
    }
    enum LeakyView: CarelessPlugin {
        static var more: String { "create view careless.all_notes as select * from careless.notes;" }
    }
    enum LeakyFunction: CarelessPlugin {
        static var more: String {
            "create function careless.count() returns bigint language sql security definer return (select 1::bigint);"
        }
    }
    enum Undeclared: CarelessPlugin {
        static var privacy: PrivacyContract { PrivacyContract(holdings: [], impersonal: ["notes.note_id": "an identifier"]) }
    }
    enum Unknown: CarelessPlugin {
        static var privacy: PrivacyContract { contract(columns: ["body", "mood"]) }
    }
    enum KeepsWords: CarelessPlugin {
        static var privacy: PrivacyContract { contract(erasure: .replace(["created_at": "created_at - interval '1 day'"])) }
    }
    enum ErasesAll: CarelessPlugin {
        static var privacy: PrivacyContract { contract(ofPerson: "person_id = $person or true") }
    }
    enum ErasesNone: CarelessPlugin {
        static var privacy: PrivacyContract { contract(ofPerson: "note_id = $person") }
    }
    enum Forbidden: CarelessPlugin {
        static var rights: String { "select, insert" }
    }
    enum Elsewhere: CarelessPlugin {
        static var more: String { "create table public.notes (network_id uuid);" }
    }
    enum Failing: CarelessPlugin {
        static var more: String { "select 1/0;" }
    }
    enum OnlyEmpty: CarelessPlugin {
        static var more: String {
            "do $$ begin set local row_security = on; if exists (select from kith.networks) then raise 'not empty'; end if; end $$;"
        }
    }
    /// Its answer comes from no table, so nothing but the server asks whether the network uses it.
    enum Rowless: CarelessPlugin {
        static var endpoints: [Endpoint] {
            [.value("get_weather", "/networks/{network}/weather", "Read", .member, returns: .inline([:])) { _ in "fair" }]
        }
    }
    /// Lets anybody in by a door that is not its own.
    enum Doorless: CarelessPlugin {
        static var endpoints: [Endpoint] {
            [
                .value(
                    "get_weather", "/networks/{network}/weather", "Read", .visitor(door: "kith.enter_account"), returns: .inline([:])
                ) { _ in "fair" }
            ]
        }
    }

    enum Permissionless: CarelessPlugin {
        static var endpoints: [Endpoint] {
            [.value("get_weather", "/networks/{network}/weather", "Read", .anyone, returns: .inline([:])) { _ in "fair" }]
        }
    }
}

/// A plugin with one table, of which a test spoils one part.
protocol CarelessPlugin: Plugin {
    static var columns: String { get }
    static var shield: String { get }
    static var rights: String { get }
    static var more: String { get }
}

extension CarelessPlugin {
    static var id: String { "careless" }
    static var title: String { "Notes" }
    static var summary: String { "Keeps notes" }
    static var version: String { "1.0.0" }
    static var columns: String {
        """
        network_id uuid not null, note_id uuid not null, person_id uuid, body text not null,
        created_at timestamptz not null default now(), primary key (network_id, note_id)
        """
    }
    static var shield: String { "call kith.isolate('careless.notes');" }
    static var rights: String { "select, insert, update, delete" }
    static var more: String { "" }
    static var migrations: [Migration] {
        let sql = """
            create schema careless; grant usage on schema careless to kith_app;
            create table careless.notes (\(columns)); \(shield)
            grant \(rights) on careless.notes to kith_app; \(more)
            """
        return [Migration(module: id, number: 1, name: "notes", sql: Array(sql.utf8))]
    }
    static var endpoints: [Endpoint] { [] }
    static var privacy: PrivacyContract { contract() }

    static func contract(
        columns: [String] = ["body"], ofPerson: String = "person_id = $person", erasure: PrivacyContract.Erasure = .delete
    ) -> PrivacyContract {
        PrivacyContract(holdings: [
            .init(
                "Notes", table: "careless.notes", columns: columns, ofPerson: ofPerson, confidentiality: .ordinary, erasure: erasure,
                retention: "A year.")
        ])
    }

    static func policy(_ name: String, _ rule: String) -> String {
        """
        alter table careless.notes enable row level security; alter table careless.notes force row level security;
        create policy \(name) on careless.notes to kith_app \(rule);
        """
    }
}

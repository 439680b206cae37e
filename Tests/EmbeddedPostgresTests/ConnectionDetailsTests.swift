import Testing

@testable import EmbeddedPostgres

@Suite("Connection details")
struct ConnectionDetailsTests {
    let details = ConnectionDetails(socketFolder: "/var/lib/it's", port: 5432, passwords: ["kith_app": #"a\b'c d"#])

    @Test("Values are quoted as libpq reads them")
    func quoting() {
        #expect(
            details.connectionString(user: "kith_app")
                == #"host='/var/lib/it\'s' port='5432' user='kith_app' password='a\\b\'c d' dbname='kith'"#)
        #expect(details.connectionString(user: "me", database: "") == #"host='/var/lib/it\'s' port='5432' user='me' dbname=''"#)
    }

    @Test("Printing them shows no password")
    func printing() {
        for text in ["\(details)", String(reflecting: details)] { #expect(!text.contains("c d")) }
    }

    @Test("The socket is in the data folder exactly as long as its path fits", arguments: 60...90)
    func socketFolder(length: Int) {
        let folder = "/" + String(repeating: "x", count: length - 1)
        let socket = EmbeddedCluster.socketFolder(for: folder)
        #expect(socket.hasPrefix(folder) == (length + "/cluster/socket/.s.PGSQL.5432".count <= 107))
        #expect("\(socket)/.s.PGSQL.5432".utf8.count <= 107)
    }

    @Test(
        "The version is read from what postgres prints",
        arguments: [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15), ("postgres (PostgreSQL) 18beta2", 18), ("nonsense", nil),
        ])
    func version(output: String, expected: Int?) {
        #expect(Installation.majorVersion(in: output) == expected)
    }

    @Test(
        "A process that has ended or runs another program is not taken for PostgreSQL",
        arguments: [
            ("4711 (postgres) S 1 4711", false), ("4711 (postgres) Z 1 4711", true), ("4711 (a) (postgres) S) S 1", true), ("", false),
        ])
    func stateOfProcess(line: String, expected: Bool) {
        #expect(ServerProcesses.isOther(line) == expected)
    }

    @Test("Values survive the shell that pg_ctl starts the server with")
    func shellQuoting() {
        #expect(Postmaster.quotedForShell("it's") == #"'it'\''s'"#)
        #expect(Postmaster.quotedForShell("") == "''")
    }
}

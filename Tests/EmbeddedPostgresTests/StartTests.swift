import EmbeddedPostgres
import Glibc
import Testing

@Suite("Starting a private cluster", .serialized)
struct StartTests {
    @Test("The first start makes the cluster, its roles and its database; the second finds the data again")
    func firstAndSecondStart() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster()
            let details = try await cluster.start()
            #expect(await psql(details, "select current_user, current_database()") == "kith_app|kith")
            #expect(await psql(details, "create table note (text text)", user: ConnectionDetails.owner) == "CREATE TABLE")
            #expect(await psql(details, "insert into note values ('kept')", user: ConnectionDetails.owner) == "INSERT 0 1")
            #expect(try await cluster.start() == details)
            await cluster.stop()
            #expect(await psql(details, "select 1").contains("No such file or directory"))

            let again = try await cluster.start()
            #expect(again == details)
            #expect(await psql(again, "select text from note", user: ConnectionDetails.owner) == "kept")
            await cluster.stop()
            #expect(await processes(of: scratch.folder + "/data").isEmpty)
        }
    }

    @Test("The cluster is UTF-8, checks its pages, listens on no address, and its roles have no more rights than they need")
    func properties() async throws {
        try await withScratch { scratch in
            try await scratch.cluster(connections: 33).withRunning { details in
                let settings = ["server_encoding", "data_checksums", "listen_addresses", "max_connections", "fsync", "timezone"]
                let shown = settings.map { "current_setting('\($0)')" }.joined(separator: ",")
                #expect(await psql(details, "select \(shown)") == "UTF8|on||33|off|UTC")
                let database = "select datcollate, pg_get_userbyid(datdba) from pg_database where datname = 'kith'"
                #expect(await psql(details, database) == "C.UTF-8|kith_owner")
                let rights = "select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolcanlogin"
                let roles = await psql(details, "\(rights) from pg_roles where rolname like 'kith%' order by 1")
                #expect(roles == "kith_app|f|f|f|f|t\nkith_owner|f|f|f|f|t")
                #expect(await psql(details, "select count(*) from pg_class where pg_get_userbyid(relowner) = 'kith_app'") == "0")
                #expect(await psql(details, "create table mine ()").contains("permission denied"))
            }
        }
    }

    @Test("Nobody gets in without a password, and no other user gets to the socket or the passwords")
    func access() async throws {
        try await withScratch { scratch in
            try await scratch.cluster().withRunning { details in
                for user in [ConnectionDetails.superuser, ConnectionDetails.owner, ConnectionDetails.app] {
                    let bare = "host='\(details.socketFolder)' port='\(details.port)' user='\(user)' dbname='kith'"
                    #expect(await psql(bare, "select 1").contains("no password supplied"))
                    #expect(await psql(bare + " password='wrong'", "select 1").contains("password authentication failed"))
                }
                let folder = scratch.folder + "/data"
                #expect(await shell("stat -c %a '\(folder)/database-passwords' '\(folder)/cluster'").output == "600\n700")
                if geteuid() == 0 {
                    let owner = await shell("stat -c %U '\(folder)/database-passwords' '\(folder)/cluster'").output
                    #expect(owner == "root\npostgres")
                    let other = await shell("setpriv --reuid=65534 --regid=65534 --clear-groups ls '\(details.socketFolder)'")
                    #expect(other.output.contains("Permission denied"))
                }
            }
        }
    }

    @Test("A command beside the server finds out how to connect, and is told when there is nothing to connect to")
    func commandBesideServer() async throws {
        try await withScratch { scratch in
            let error = #expect(throws: EmbeddedClusterError.self) { try EmbeddedCluster.connectionDetails(in: scratch.folder + "/data") }
            #expect(error?.problem.contains("no database in the data folder \(scratch.folder)/data") == true)
            try await scratch.cluster().withRunning { details in
                let found = try EmbeddedCluster.connectionDetails(in: scratch.folder + "/./data")
                #expect(found == details)
                #expect(await psql(found, "select 1") == "1")
            }
        }
    }

    @Test("Passwords that were lost are made anew, and the data stays")
    func lostPasswords() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster()
            let before = try await cluster.start()
            _ = await psql(before, "create table kept ()", user: ConnectionDetails.owner)
            await cluster.stop()
            unlink(scratch.folder + "/data/database-passwords")
            let after = try await cluster.start()
            #expect(after != before)
            #expect(await psql(after, "select count(*) from kept", user: ConnectionDetails.owner) == "0")
            #expect(await psql(before, "select 1").contains("No such file") == false)
            await cluster.stop()
        }
    }

    @Test(
        "A data folder with a path too long or too strange for a socket has its socket elsewhere",
        arguments: ["/a-long-name-for-a-folder-of-data" + String(repeating: "/and-another-one-below-it", count: 5), "/it's, 100% ünusual"])
    func longPath(name: String) async throws {
        try await withScratch { scratch in
            let folder = scratch.folder + name
            let details = try await scratch.cluster(folder).withRunning { details in
                #expect(await psql(details, "select 1") == "1")
                return details
            }
            #expect(!details.socketFolder.hasPrefix(folder))
            #expect("\(details.socketFolder)/.s.PGSQL.\(details.port)".utf8.count <= 107)
            #expect(details.socketFolder == EmbeddedCluster.socketFolder(for: folder))
            rmdir(details.socketFolder)
        }
    }

    @Test("A path through a symbolic link means the folder that it leads to")
    func linkedPath() async throws {
        try await withScratch { scratch in
            #expect(symlink(scratch.folder, scratch.folder + "/link") == 0)
            let details = try await scratch.cluster(scratch.folder + "/./link/data").withRunning { $0 }
            #expect(details.socketFolder == scratch.folder + "/data/cluster/socket")
        }
    }

    @Test("A first start that was cut short is done again from the beginning")
    func interruptedFirstStart() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster()
            _ = try await cluster.start()
            await cluster.stop()
            let folder = scratch.folder + "/data/cluster"
            #expect(await shell("mv '\(folder)/data' '\(folder)/data.new' && rm '\(folder)/data.new/PG_VERSION'").succeeded)
            let details = try await cluster.start()
            #expect(await psql(details, "select 1") == "1")
            #expect(await shell("ls '\(folder)'").output == "data\nlog\nsocket")
            await cluster.stop()
        }
    }

    @Test("Calls of start and stop from many tasks at once end in one running cluster, then in none")
    func concurrentCalls() async throws {
        try await withScratch { scratch in
            let cluster = scratch.cluster()
            let all = try await withThrowingTaskGroup(of: ConnectionDetails.self) { group in
                for _ in 0..<8 { group.addTask { try await cluster.start() } }
                return try await group.reduce(into: Set<ConnectionDetails>()) { $0.insert($1) }
            }
            #expect(all.count == 1)
            #expect(await processes(of: scratch.folder + "/data").count == 1)
            await withTaskGroup { group in
                for _ in 0..<8 { group.addTask { await cluster.stop() } }
            }
            #expect(await processes(of: scratch.folder + "/data").isEmpty)
        }
    }
}

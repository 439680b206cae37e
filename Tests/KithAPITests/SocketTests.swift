import Kith
import KithAPI
import KithServer
import KithTesting
import Testing

@Suite struct SocketTests {
    @Test func `A request over a socket is answered as one through the router`() async throws {
        try await withNetwork(socket: true) { network in
            try await network.server.withConnection { connection in
                try await connection.write("GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                #expect(try await connection.nextLine() == "HTTP/1.1 200 OK")
            }
        }
    }

    @Test func `Headers that are too large are refused with a problem`() async throws {
        try await withNetwork(socket: true) { network in
            try await network.server.withConnection { connection in
                let much = String(repeating: "x", count: 100_000)
                try await connection.write("GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX-Much: \(much)\r\n\r\n")
                #expect(try await connection.nextLine() == "HTTP/1.1 431 Request Header Fields Too Large")
                var rest = ""
                while let line = try await connection.nextLine() { rest += line }
                #expect(rest.contains("urn:kith:problem:headers-too-large"))
            }
        }
    }

    @Test func `What is no HTTP is refused`() async throws {
        try await withNetwork(socket: true) { network in
            try await network.server.withConnection { connection in
                try await connection.write("\u{16}\u{3}\u{1} hello\r\n\r\n")
                #expect(try await connection.nextLine()?.hasPrefix("HTTP/1.1 400") == true)
            }
        }
    }

    @Test(arguments: [
        "Content-Length: 4\r\nTransfer-Encoding: chunked", "Content-Length: 0\r\nContent-Length: 31", "Content-Length: +31",
        "Content-Length : 31", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked\r\n identity",
    ])
    func `A request that two readers may end at different places is refused, and what follows it is not read`(framing: String) async throws
    {
        try await withNetwork(socket: true) { network in
            try await network.server.withConnection { connection in
                try await connection.write(
                    "POST /v1/invitations/accept HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\(framing)\r\n\r\n"
                        + "0\r\n\r\nGET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await connection.nextLine() == "HTTP/1.1 400 Bad Request")
                while let line = try await connection.nextLine() { #expect(!line.hasPrefix("HTTP/1.1 ")) }
            }
        }
    }

    @Test func `A body that announces too much is refused before it is sent`() async throws {
        try await withNetwork(socket: true) { network in
            try await network.server.withConnection { connection in
                try await connection.write(head(network) + "Content-Length: 999999999999\r\n\r\n")
                #expect(try await connection.nextLine()?.hasPrefix("HTTP/1.1 413") == true)
            }
        }
    }

    @Test(arguments: ["Content-Length: 60\r\n\r\n{\"name\":\"Half\"}", "Transfer-Encoding: chunked\r\n\r\nF\r\n{\"name\":\"Half\"}\r\n"])
    func `A body that ends too early is not taken for the whole`(body: String) async throws {
        try await withNetwork(socket: true) { network in
            try await network.server.withConnection { connection in
                try await connection.write(head(network) + body)
                connection.end()
                while try await connection.nextLine() != nil {}
            }
            // Whoever would take it for the whole would have written it by then.
            try await Task.sleep(for: .milliseconds(300))
            #expect(try await network.get("/people").items.count == 1)
        }
    }

    @Test func `A body that does not arrive in time is given up, and others are served meanwhile`() async throws {
        try await withNetwork(socket: true, configure: { $0.api.bodyDeadline = .milliseconds(300) }) { network in
            try await network.server.withConnection { slow in
                try await slow.write(head(network) + "Content-Length: 20\r\n\r\n{\"name\"")
                #expect(try await network.get("/people").status == 200)
                #expect(try await slow.nextLine()?.hasPrefix("HTTP/1.1 408") == true)
            }
            #expect(try await network.get("/people").items.count == 1)
        }
    }

    // A request that adds a person, up to what says how long its body is.
    private func head(_ network: TestNetwork) -> String {
        """
        POST \(network.path("/people")) HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer \(network.administrator.token)\r
        Content-Type: application/json\r

        """
    }
}

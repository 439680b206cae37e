import CLibpq

/// Makes connections and sends cancel requests on threads of their own: in libpq 15 both block.
enum Connector {
    /// Connects and sends the outcome to the inbox.
    static func connect(_ id: Int, configuration: PostgresConfiguration, inbox: Inbox) {
        let isStarted = startThread {
            let pg = open(configuration)
            guard let pg, PQstatus(pg) == CONNECTION_OK else {
                // libpq's message may name hosts and roles; it holds no password and no row's value.
                let reason = pg.map { message($0) } ?? "out of memory"
                if let pg { PQfinish(pg) }
                inbox.send(.connectFailed(id, PostgresError(.connectionFailed, reason: reason)))
                return
            }
            if !inbox.send(.connected(id, Handover(pointer: pg))) { PQfinish(pg) }
        }
        if !isStarted { inbox.send(.connectFailed(id, PostgresError(.connectionFailed, reason: "the system has no thread left"))) }
    }

    /// Opens a connection and blocks until it is there or has failed.
    static func open(_ configuration: PostgresConfiguration) -> OpaquePointer? {
        var keywords: [(String, String)] = [
            ("fallback_application_name", "swift"),
            ("connect_timeout", String(max(2, Int(configuration.connectTimeout.components.seconds)))),
            // A peer that has vanished is noticed within a minute or so, not after hours.
            ("keepalives_idle", "20"), ("keepalives_interval", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "60000"),
            // Last but for what must hold, so that the string can overrule what stands above.
            ("dbname", configuration.connectionString),
            ("client_encoding", "UTF8"),
        ]
        if let name = configuration.applicationName { keywords.append(("application_name", name)) }
        return withCStrings(keywords.map(\.0)) { names in
            withCStrings(keywords.map(\.1)) { values in
                PQconnectdbParams(names, values, 1)
            }
        }
    }

    /// The first line of libpq's message, without the hints that follow.
    static func message(_ pg: OpaquePointer) -> String {
        let message = String(cString: PQerrorMessage(pg))
        return String(message.prefix { !$0.isNewline })
    }

    /// Asks the server to cancel what runs on a connection.
    static func cancel(_ id: Int, _ cancel: Handover, inbox: Inbox) {
        let isStarted = startThread {
            var message = [CChar](repeating: 0, count: 256)
            PQcancel(cancel.pointer, &message, Int32(message.count))
            PQfreeCancel(cancel.pointer)
            inbox.send(.cancelEnded(id))
        }
        // The statement runs on; if it does not end soon, the engine closes the connection.
        if !isStarted {
            PQfreeCancel(cancel.pointer)
            inbox.send(.cancelEnded(id))
        }
    }

    private static func withCStrings<Value>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value) -> Value {
        var bytes: [CChar] = []
        let offsets = strings.map { string in
            defer { bytes += string.utf8CString }
            return bytes.count
        }
        return bytes.withUnsafeBufferPointer { buffer in
            let pointers = offsets.map { buffer.baseAddress?.advanced(by: $0) } + [nil]
            return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
        }
    }
}

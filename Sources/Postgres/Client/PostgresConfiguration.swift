/// How to reach PostgreSQL, and how many connections to keep.
public struct PostgresConfiguration: Sendable {
    /// A libpq connection string or URI, passed through as it is: several hosts, `target_session_attrs`, `sslmode`, `service`, …
    ///
    /// For a cluster with failover: `host=a,b,c target_session_attrs=read-write dbname=kith`.
    public var connectionString: String
    /// Connections kept open even when unused.
    public var minimumConnections = 1
    /// Connections open at most.
    public var maximumConnections = 16
    /// How long a statement may wait for a connection before it fails with ``PostgresError/Code/acquireTimeout``.
    public var acquireTimeout: Duration = .seconds(5)
    /// How long an attempt to connect may take, for each host of the connection string. libpq counts whole seconds, two at least.
    public var connectTimeout: Duration = .seconds(5)
    /// How long a connection above the minimum may stay unused before it is closed.
    public var idleTimeout: Duration = .seconds(60)
    /// How long a connection may live; shortened by up to a fifth, so that connections do not all end together.
    public var lifetime: Duration = .seconds(3600)
    /// How long a statement or batch may take from the call to the answer, unless the call says otherwise; nil for no limit.
    public var statementDeadline: Duration? = .seconds(30)
    /// Prepared statements kept on each connection; 0 behind PgBouncer in transaction mode.
    public var preparedStatementCapacity = 100
    /// The name shown in `pg_stat_activity`; nil leaves it to the connection string.
    public var applicationName: String?
    /// Settings of every session, such as `search_path` or `lock_timeout`.
    public var sessionSettings: [String: String] = [:]

    /// A configuration with the defaults.
    public init(connectionString: String) { self.connectionString = connectionString }

    /// What the client relies on, and the user's settings, in one statement.
    var setUp: Query {
        var query: Query = "select set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, YMD', false)"
        query += ", set_config('bytea_output', 'hex', false), set_config('extra_float_digits', '1', false)"
        for (name, value) in sessionSettings.sorted(by: { $0.key < $1.key }) { query += ", set_config(\(name), \(value), false)" }
        return query
    }

    /// How long an attempt may take over all hosts before it is given up, whatever libpq does.
    var connectBound: Duration {
        let hosts = connectionString.count { $0 == "," } + 1
        return max(connectTimeout, .seconds(2)) * hosts + .seconds(1)
    }
}

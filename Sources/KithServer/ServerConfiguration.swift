public import Configuration
import OpenID
public import Kith
public import KithAPI

/// How a server is set up. Read once, from the environment (`KITH_PORT`, `KITH_DATABASE_URL`, …); nothing else reads the environment.
public struct ServerConfiguration: Sendable {
    /// Where the server keeps its own database, where none is named. `KITH_DATA`, by default `.kith` in the working folder.
    public var dataFolder: String
    /// The database as the server uses it (role `kith_app`), a libpq connection string or URI. `KITH_DATABASE_URL`; nil for an own one.
    public var databaseURL: String?
    /// The database as its owner migrates it (role `kith_owner`). `KITH_DATABASE_OWNER_URL`.
    public var ownerURL: String?
    /// The file with the server's keys, outside the database. `KITH_KEYRING`, by default `keyring` in the data folder.
    public var keyringPath: String
    /// The database as a superuser, who may read everything, for `kith backup` and `kith restore` only. `KITH_DATABASE_ADMIN_URL`.
    public var administratorURL: String?
    /// The file in which it is written who was erased, outside the database. `KITH_ERASURES`, by default `erasures` in the data folder.
    /// Servers that share a database share this file.
    public var erasures: String
    /// The most connections to the database. `KITH_DATABASE_CONNECTIONS`, 16.
    public var connections: Int
    /// How many statements are kept prepared on a connection. `KITH_DATABASE_PREPARED`, 100; 0 behind PgBouncer in transaction mode.
    public var preparedStatements: Int
    /// The address to listen on. `KITH_HOST`, 127.0.0.1.
    public var host: String
    /// The port to listen on. `KITH_PORT`, 8080.
    public var port: Int
    /// How many jobs run at the same time. `KITH_JOBS`, 2.
    public var jobs: Int
    /// Where signed checkpoints of the audit log are kept. `KITH_CHECKPOINTS`, by default `checkpoints` in the data folder.
    public var checkpointFolder: String
    /// How often they are signed, in seconds; 0 for never. `KITH_CHECKPOINT_SECONDS`, 300.
    public var checkpointSeconds: Int
    /// Where people find this server, as it stands in messages. `KITH_PUBLIC_URL`, by default its address on this machine.
    public var site: String
    /// How mail is sent, as the environment says it.
    public var mailSettings: MailSettings
    /// How mail is sent, where it is set up otherwise than by the environment.
    public var mail: Mail?
    /// Private addresses that may be called in the name of a network, by webhooks or for the public value of a draw, as in `10.1.0.0/16,fd00::/8`. `KITH_WEBHOOK_ALLOW`; none.
    public var webhookAllow: String
    /// The addresses that webhooks may call, where they are set up otherwise than by the environment.
    public var webhookPolicy: AddressPolicy?
    /// How the API behaves. `KITH_RATE_PER_MINUTE` and `KITH_RATE_BURST` set its rate limit; `KITH_TRUST_PROXY=true` takes the
    /// caller's address from the proxy in front.
    public var api = APIConfiguration()
    /// What the site wants of those who sign in. `KITH_SESSION_IDLE_MINUTES`, `KITH_SESSION_HOURS` and `KITH_SECOND_FACTOR_DAYS` set times; `KITH_OPENID_ISSUER`, `KITH_OPENID_CLIENT_ID` and
    /// `KITH_OPENID_CLIENT_SECRET` name the OpenID provider, `KITH_OPENID_TRUST_EMAIL=true` trusts it with addresses.
    public var signIn = SignInPolicy()

    /// Reads the configuration.
    public init(_ reader: ConfigReader) {
        let kith = reader.scoped(to: "kith")
        dataFolder = kith.string(forKey: "data", default: ".kith")
        keyringPath = kith.string(forKey: "keyring", default: "\(dataFolder)/keyring")
        databaseURL = kith.string(forKey: "database.url", isSecret: true)
        ownerURL = kith.string(forKey: "database.owner.url", isSecret: true)
        administratorURL = kith.string(forKey: "database.admin.url", isSecret: true)
        erasures = kith.string(forKey: "erasures", default: "\(dataFolder)/erasures")
        connections = kith.int(forKey: "database.connections", default: 16)
        preparedStatements = kith.int(forKey: "database.prepared", default: 100)
        host = kith.string(forKey: "host", default: "127.0.0.1")
        port = kith.int(forKey: "port", default: 8080)
        jobs = kith.int(forKey: "jobs", default: 2)
        checkpointFolder = kith.string(forKey: "checkpoints", default: "\(dataFolder)/checkpoints")
        checkpointSeconds = kith.int(forKey: "checkpoint.seconds", default: 300)
        site = kith.string(forKey: "public.url", default: "http://\(host):\(port)")
        mailSettings = MailSettings(kith)
        webhookAllow = kith.string(forKey: "webhook.allow", default: "")
        api.rateLimit.perMinute = kith.int(forKey: "rate.per.minute", default: api.rateLimit.perMinute)
        api.trustsProxy = kith.bool(forKey: "trust.proxy", default: api.trustsProxy)
        signIn.publicURL = site
        signIn.idleMinutes = kith.int(forKey: "session.idle.minutes", default: signIn.idleMinutes)
        signIn.sessionHours = kith.int(forKey: "session.hours", default: signIn.sessionHours)
        signIn.secondFactorDays = kith.int(forKey: "second.factor.days", default: signIn.secondFactorDays)
        signIn.trustsOpenIDEmail = kith.bool(forKey: "openid.trust.email", default: false)
        if let issuer = kith.string(forKey: "openid.issuer"), let client = kith.string(forKey: "openid.client.id") {
            signIn.openID = OpenIDConfiguration(
                issuer: issuer, clientID: client, clientSecret: kith.string(forKey: "openid.client.secret", isSecret: true),
                redirectURI: "\(signIn.publicURL)/sign-in")
        }
        api.rateLimit.burst = kith.int(forKey: "rate.burst", default: api.rateLimit.burst)
    }

    /// The addresses that webhooks may call. A range that cannot be read is never passed over: it may be the one that somebody relies on.
    /// - Throws: ``Server/Failure`` with the part that is wrong
    func checkedWebhookPolicy() throws(Server.Failure) -> AddressPolicy {
        if let webhookPolicy { return webhookPolicy }
        var ranges: [AddressRange] = []
        if webhookAllow.allSatisfy(\.isWhitespace) { return AddressPolicy() }
        for part in webhookAllow.split(separator: ",", omittingEmptySubsequences: false) {
            let text = String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            guard let range = AddressRange(text) else {
                throw Server.Failure(
                    description:
                        "KITH_WEBHOOK_ALLOW has a part that is no range of addresses: \"\(text)\". Write ranges like 10.1.0.0/16 or "
                        + "fd00::/8, with a comma between two of them.")
            }
            ranges.append(range)
        }
        return AddressPolicy(allowing: ranges)
    }

    /// The configuration of this process's environment.
    public static func fromEnvironment() -> ServerConfiguration {
        ServerConfiguration(ConfigReader(provider: EnvironmentVariablesProvider()))
    }
}

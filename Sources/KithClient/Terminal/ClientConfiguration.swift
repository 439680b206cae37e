public import Configuration

/// Where a command finds the server and who gives it, from the environment.
public struct ClientConfiguration: Sendable {
    /// The server. `KITH_URL`; without it, the one on this machine at `KITH_PORT`.
    public var url: String
    /// Who asks. `KITH_TOKEN`.
    public var token: String?
    /// In which network. `KITH_NETWORK`.
    public var network: String?
    /// The tokens of this user, in `XDG_CONFIG_HOME` or `~/.config`.
    public var credentials: Credentials

    /// Reads the configuration.
    public init(_ reader: ConfigReader) {
        let kith = reader.scoped(to: "kith")
        url = kith.string(forKey: "url").flatMap(\.nonEmpty) ?? "http://127.0.0.1:\(kith.int(forKey: "port", default: 8080))"
        token = kith.string(forKey: "token", isSecret: true).flatMap(\.nonEmpty)
        network = kith.string(forKey: "network").flatMap(\.nonEmpty)
        let folder =
            reader.string(forKey: "xdg.config.home").flatMap(\.nonEmpty) ?? "\(reader.string(forKey: "home", default: "."))/.config"
        credentials = Credentials(path: "\(folder)/kith/credentials.json")
    }

    /// Whether what is sent to an address can be read on its way there: without TLS, to another machine.
    static func isReadableOnTheWay(_ url: String) -> Bool {
        url.lowercased().hasPrefix("http://")
            && url.lowercased().wholeMatch(of: /http:\/\/(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?(\/.*)?/) == nil
    }

    /// The configuration of this process's environment.
    public static func fromEnvironment() -> ClientConfiguration {
        ClientConfiguration(ConfigReader(provider: EnvironmentVariablesProvider()))
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

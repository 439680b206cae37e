import KithAPI
import KithServer
import Postgres

/// Whether what goes to the database, and what people send, can be read on its way. Seen in the configuration alone.
struct EncryptionChecks {
    let configuration: ServerConfiguration

    func findings() -> [Finding] { databases() + [https()] }

    private func databases() -> [Finding] {
        let urls = [
            ("KITH_DATABASE_URL", configuration.databaseURL), ("KITH_DATABASE_OWNER_URL", configuration.ownerURL),
            ("KITH_DATABASE_ADMIN_URL", configuration.administratorURL),
        ]
        return urls.compactMap { name, url in
            // What cannot be read, the findings on the database say.
            guard let url, case .success(let parameters) = Result(catching: { try ConnectionParameters(url) }) else { return nil }
            let far = parameters.hosts.filter { !Self.isHere($0) }
            if far.isEmpty { return .ok("Encryption", "\(name) stays on this machine") }
            let place = far.joined(separator: ", ")
            if parameters.encryption == "verify-full" {
                return .ok("Encryption", "\(name) leads to \(place), encrypted, with the certificate checked")
            }
            return .warning(
                "Encryption",
                "\(name) leads to \(place) with sslmode=\(parameters.encryption): whoever is on the way can pose as the database",
                mend: "add sslmode=verify-full to \(name), and sslrootcert=FILE where the certificate is the site's own")
        }
    }

    private func https() -> Finding {
        let site = configuration.site
        if site.hasPrefix("https://") {
            if configuration.api.trustsProxy { return .ok("HTTPS", "people reach Kith at \(site)") }
            return .warning(
                "HTTPS", "people reach Kith at \(site), through a proxy whose word on where they come from is not taken: all count as one",
                mend: "set KITH_TRUST_PROXY=true where nobody but the proxy reaches port \(configuration.port)")
        }
        if Self.isHere(configuration.host), Self.isHere(Self.host(of: site)) {
            return .ok("HTTPS", "none, and only this machine reaches Kith; put a proxy with a certificate in front before others do")
        }
        return .warning(
            "HTTPS",
            "people reach Kith at \(site): whoever is on the way reads what they send, passwords too, and browsers stay signed out",
            mend: "put a proxy with a certificate in front, then set KITH_PUBLIC_URL=https://… and KITH_TRUST_PROXY=true")
    }

    static func host(of url: String) -> String {
        let rest = url.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
        if rest.hasPrefix("[") { return String(rest.dropFirst().prefix { $0 != "]" }) }
        return String(rest.prefix { $0 != ":" })
    }

    static func isHere(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.wholeMatch(of: /127\.[0-9]+\.[0-9]+\.[0-9]+/) != nil
    }
}

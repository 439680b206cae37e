import Kith
import KithServer
import Postgres

/// What can be seen of the keyring, and whether it opens what the database holds.
struct KeyringChecks {
    let configuration: ServerConfiguration

    func findings(_ client: PostgresClient) async throws -> [Finding] {
        let file = KeyringFile(path: configuration.keyringPath)
        let usage = try await DataKeys.usage(client)
        let sealed = usage.values.reduce(0, +)
        if !file.exists, sealed == 0 {
            return [.warning("Keyring", "there is none at \(file.path), so nothing can be sealed", mend: "kith keys create")]
        }
        do {
            let keyring = try file.read()
            guard let current = keyring.current(.sealing) else {
                return [.problem("Keyring", "\(file.path) has no key for sealing", mend: "kith keys rotate")]
            }
            let missing = usage.filter { keyring.key(named: $0.key) == nil }.sorted { $0.key < $1.key }
            if !missing.isEmpty {
                let names = missing.map { "\($0.key) (\($0.value) data keys)" }.joined(separator: ", ")
                return [.problem("Keyring", "these keys are lost: \(names)", mend: "put back the copy of the keyring that has them")]
            }
            let old = sealed - (usage[current.name] ?? 0)
            if old > 0 {
                return [.warning("Keyring", "\(old) of \(sealed) data keys are wrapped by an old key", mend: "kith keys rotate")]
            }
            return [.ok("Keyring", "closed to other users; its current key wraps all \(sealed) data keys")]
        } catch let failure as Keyring.Failure {
            return [.problem("Keyring", failure.description, mend: "put back its copy, or close the file: chmod 600 '\(file.path)'")]
        }
    }
}

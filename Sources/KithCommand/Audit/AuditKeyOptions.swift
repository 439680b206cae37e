import ArgumentParser
import Kith
import KithClient
import KithServer

/// Whose signature on checkpoints counts.
struct AuditKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The public key, as kith audit key prints it. By default the key of the server on this machine, in KITH_AUDIT_KEY; whoever does "
                + "not trust the machine gives the key that they noted."))
    var key: String?

    func publicKey() throws -> SignedNote.PublicKey {
        if let key {
            guard let known = SignedNote.PublicKey(key) else {
                throw CommandFailure("--key is not a public key. It looks like this: kith+0a1b2c3d+AWk…", .usage)
            }
            return known
        }
        let file = ServerConfiguration.fromEnvironment().auditKeyFile
        guard let known = try AuditKeyFile(file).key() else {
            throw CommandFailure("There is no audit key in \(file). Give the public key with --key, or set KITH_AUDIT_KEY.", .usage)
        }
        return known.publicKey
    }
}

/// `kith audit key`
struct AuditKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Print the public key that checkpoints are checked with.",
        discussion: "The key itself is in the file of KITH_AUDIT_KEY, which is made where it is not there. It is never printed.")

    func run() throws {
        Terminal.print(try AuditKeyFile(ServerConfiguration.fromEnvironment().auditKeyFile).keyMakingOne().publicKey.text)
    }
}

import ArgumentParser
import Kith
import KithClient

/// Whose signature on checkpoints counts.
struct AuditKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The public key, as kith audit key prints it. By default those of the keyring on this machine; whoever does not trust the "
                + "machine gives the key that they noted."))
    var key: String?

    func publicKeys() throws -> [SignedNote.PublicKey] {
        guard let key else { return try KeysCommand.file.checkingKeys() }
        guard let known = SignedNote.PublicKey(key) else {
            throw CommandFailure("--key is not a public key. It looks like this: signing-2026-11-21-0a1b+0a1b2c3d+AWk…", .usage)
        }
        return [known]
    }
}

/// `kith audit key`
struct AuditKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Print the public key that checkpoints are checked with.",
        discussion: "The key itself is in the keyring (kith keys), where it is made when it is first needed. It is never printed.")

    func run() throws {
        Terminal.print(try KeysCommand.file.signingKey().publicKey.text)
    }
}

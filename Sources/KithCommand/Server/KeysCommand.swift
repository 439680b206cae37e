import ArgumentParser
import Kith
import KithClient
import KithServer
import struct FoundationEssentials.Date

/// `kith keys`
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The server's keyring: the keys outside the database without which nothing sealed opens.",
        discussion: """
            The keyring is the file that KITH_KEYRING names, by default “keyring” in the data folder. Keep a copy of it apart from the copies \
            of the database: together they open everything, and without the keyring nothing sealed can ever be read again. Run these \
            commands as the user that runs the server.
            """, subcommands: [Create.self, List.self, Rotate.self, Remove.self])

    static var file: KeyringFile { KeyringFile(path: ServerConfiguration.fromEnvironment().keyringPath) }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a keyring with a first key.",
            discussion: """
                A server with its own database makes one at its first start. Where the database holds keys of a keyring that is lost, put that \
                one back instead: a new one opens nothing of what is there. With --after-loss a new one is made all the same.
                """)

        @Flag(help: "Make it although what is sealed already can never be read again.") var afterLoss = false

        func run() async throws {
            let file = KeysCommand.file
            if !afterLoss, !file.exists, try await KeysCommand.usage().isEmpty == false {
                throw CommandFailure(
                    "The database holds content that was sealed with another keyring. Put that one back at \(file.path) from its copy. "
                        + "If it is lost for good, what was sealed is lost too; then use --after-loss.")
            }
            try file.create()
            Terminal.print("Made the keyring \(file.path). Keep a copy of it in a safe place, apart from the copies of the database.")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the keys and what they wrap. Never shows a key itself.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let keyring = try KeysCommand.file.read()
            let usage = try await KeysCommand.usage()
            var items = keyring.keys.map { key -> JSON in
                [
                    "name": .string(key.name), "kind": .string(key.kind.rawValue), "is_current": .bool(key.replacedAt == nil),
                    "created_at": .string(key.createdAt.ISO8601Format()),
                    "replaced_at": key.replacedAt.map { .string($0.ISO8601Format()) } ?? .null,
                    "wraps": .integer(Int64(usage[key.name] ?? 0)), "is_missing": false,
                ]
            }
            for (name, count) in usage.sorted(by: { $0.key < $1.key }) where keyring.key(named: name) == nil {
                items.append([
                    "name": .string(name), "kind": "sealing", "is_current": false, "created_at": .null, "replaced_at": .null,
                    "wraps": .integer(Int64(count)), "is_missing": true,
                ])
            }
            output.show(
                list: ["items": .array(items), "next": .null],
                [
                    Column("NAME", "name"), Column("KIND", "kind"), Column("CURRENT", "is_current"), Column("MADE", "created_at"),
                    Column("REPLACED", "replaced_at"), Column("WRAPS", "wraps"), Column("MISSING", "is_missing"),
                ])
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Make a new key and wrap everything with it.",
            discussion: """
                Servers may go on running: they read the keyring again when it changes. Where several machines serve one database, they must \
                share the file. Interrupted, it is simply run again, and goes on. The old key stays in the keyring; take it away with \
                kith keys remove once no backup that you may need is older than the rotation. Needs the owner's connection.
                """)

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let bar = ProgressBar()
            let result = try await Database().withOwner { owner in
                try await KeyRotation(KeysCommand.file, owner: owner).run { bar.show(0, "\($0) data keys wrapped anew") }
            }
            bar.clear()
            if output.isJSON {
                let document: JSON = [
                    "current": .string(result.current), "was_resumed": .bool(result.wasResumed),
                    "rewrapped": .integer(Int64(result.rewrapped)),
                    "lost": .integer(Int64(result.lost)),
                ]
                Terminal.print(document.description)
            } else if result.wasResumed {
                output.say(
                    "Finished a rotation that was interrupted: \(result.rewrapped) data keys are now wrapped by \(result.current). "
                        + "No new key was made; for one, run this again.")
            } else {
                let keys = result.rewrapped == 1 ? "one data key" : "\(result.rewrapped) data keys"
                output.say("The current key is \(result.current). It wraps \(keys) that another wrapped before.")
            }
            if result.lost > 0 {
                throw CommandFailure("\(result.lost) data keys could not be opened, and were left as they are. See: kith keys list")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Take an old key away, for good.",
            discussion: "Backups of the database from before the rotation can then no longer be read. Refused while anything uses the key.")

        @Argument(help: "The key's name, from: kith keys list") var name: String

        func run() async throws {
            let usage = try await KeysCommand.usage()
            try KeysCommand.file.change { keyring in
                guard let key = keyring.key(named: name) else { throw CommandFailure("There is no key \(name). See: kith keys list") }
                guard let replacedAt = key.replacedAt else { throw CommandFailure("This key is the current one. Rotate first.") }
                if let count = usage[name] { throw CommandFailure("This key still wraps \(count) data keys. Run: kith keys rotate") }
                // A rotation under way, or a server that has not read the file again, may still use it.
                if Date().timeIntervalSince(replacedAt) < 3600 {
                    throw CommandFailure("This key was replaced less than an hour ago and may still be in use. Try again later.")
                }
                keyring.remove(named: name)
            }
            Terminal.print("Removed \(name).")
        }
    }

    private static func usage() async throws -> [String: Int] {
        let database = Database()
        return try await database.withAccess { access in
            try await DatabaseAccess.withClient(access.server, database.logger) { try await DataKeys.usage($0) }
        }
    }
}

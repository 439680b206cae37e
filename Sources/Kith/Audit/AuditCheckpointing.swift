public import Logging
public import Postgres
public import ServiceLifecycle
import struct FoundationEssentials.UUID

/// Writes signed checkpoints of the audit log on a schedule.
public struct AuditCheckpointing: Service {
    private let client: PostgresClient
    private let folder: CheckpointFolder
    private let keyring: KeyringFile
    private let interval: Duration
    private let logger: Logger

    /// Makes the service.
    /// - Parameters:
    ///   - client: the database
    ///   - folder: where checkpoints are kept
    ///   - keyring: holds the key that signs them
    ///   - interval: how often
    ///   - logger: where failures are told
    public init(client: PostgresClient, folder: CheckpointFolder, keyring: KeyringFile, interval: Duration, logger: Logger) {
        self.client = client
        self.folder = folder
        self.keyring = keyring
        self.interval = interval
        self.logger = logger
    }

    /// Writes until the server stops.
    public func run() async throws {
        let writer = CheckpointWriter(client: client, folder: folder, keyring: keyring)
        await cancelWhenGracefulShutdown {
            var trees: [UUID: HashTree.Frontier] = [:]
            while !Task.isCancelled {
                do {
                    _ = try await writer.write(&trees)
                } catch let failure as AuditFailure where failure.isTampering {
                    logger.critical("The audit log is not what was signed", metadata: ["failure": "\(failure)"])
                } catch  where !Task.isCancelled {
                    logger.error("Checkpoints of the audit log could not be written", metadata: ["error": "\(error)"])
                } catch {
                    // The server is stopping.
                }
                try? await Task.sleep(for: interval)
            }
        }
    }
}

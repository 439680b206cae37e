import Kith
import Logging
import Postgres
import struct FoundationEssentials.UUID

/// Told how much of some work is done, from 0 to 1, and what it is at, in plain English.
public typealias Progress = @Sendable (_ share: Double, _ stage: String) -> Void

/// Work of one request that tells how far it is while it goes on, as server-sent events: `progress`, and at the end `result` with the answer or
/// `problem` with what an error answer holds. Whoever goes away before the end stops it.
struct ProgressStream: Sendable {
    let requestID: UUID
    let logger: Logger
    let work: @Sendable (_ progress: @escaping Progress) async throws -> JSON

    func write(to send: (_ chunk: [UInt8]) async throws -> Void) async throws {
        // Of what a slow reader has not taken yet, the newest is enough; the end is the newest of all.
        let (events, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                continuation.yield(
                    await end { continuation.yield(Self.event("progress", ["progress": .number($0), "stage": .string($1)])) })
                continuation.finish()
            }
            for await event in events { try await send(event) }
        }
    }

    private func end(_ progress: @escaping Progress) async -> [UInt8] {
        do {
            return Self.event("result", try await work(progress))
        } catch let refusal as Refusal {
            return Self.event("problem", Problem(refusal).json(requestID: requestID.text))
        } catch {
            logger.error("A request failed", metadata: ["request": "\(requestID.text)", "error": "\(error)"])
            return Self.event("problem", Problem.internal.json(requestID: requestID.text))
        }
    }

    private static func event(_ kind: String, _ data: JSON) -> [UInt8] { Array("event: \(kind)\ndata: \(data.description)\n\n".utf8) }
}

import HTTPTypes
import Hummingbird
import Kith
import Logging
import Postgres
import struct FoundationEssentials.UUID

/// A line for each refusal that whoever keeps watch over a server looks for (OWASP ASVS 5.0, 16.3): who is not known, who may not, who tries
/// too often. Which operation, why, in which network and by whose account; no name, address, token or text.
struct RefusalLog: Sendable {
    let client: PostgresClient

    func record(_ problem: Problem, _ context: APIContext) async {
        let known = context.trace.known
        // Whoever comes to the door of a network that they are not in is told that there is none.
        let isAtDoor = problem.status == .notFound && known.operation != nil && !known.isInside
        guard isAtDoor || [.unauthorized, .forbidden, .tooManyRequests].contains(problem.status) else { return }
        var metadata: Logger.Metadata = [
            "request": .string(context.requestID.text), "operation": "\(known.operation ?? "none")", "reason": "\(problem.type)",
        ]
        if let network = known.network { metadata["network"] = .string(network.text) }
        if let account = problem.account {
            metadata["account"] = .string(account.text)
        } else if let token = known.token, problem.type != Problem.tooManyRequestsType {
            metadata["account"] = await account(of: token)
        }
        context.logger.notice("A request was refused", metadata: metadata)
    }

    // What it presents may be known and not good enough.
    private func account(of token: [UInt8]) async -> Logger.MetadataValue? {
        do {
            let accounts = try await client.query("select account_id from kith.credential(\(token))").decode(UUID.self)
            return accounts.first.map { .string($0.text) }
        } catch {
            return .string("not found out: \(error)")
        }
    }
}

public import Hummingbird
import Kith
import NIOCore
import struct FoundationEssentials.UUID

/// What the server knows of a request beside its text.
public struct APIContext: RequestContext {
    /// What Hummingbird keeps.
    public var coreContext: CoreRequestContextStorage
    /// Where it came from.
    var address: String
    /// What becomes known of it.
    let trace = RequestTrace()
    /// How logs, the audit and problem documents name it.
    let requestID: UUID

    /// Takes what the connection knows.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        requestID = .version7()
        address = source.channel.remoteAddress?.ipAddress ?? "local"
    }
}

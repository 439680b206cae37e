import HTTPTypes
import Kith
public import NIOCore
import NIOHTTP1
import struct FoundationEssentials.UUID
public import NIOHTTPTypes

/// Answers requests that cannot be parsed with a problem document instead of an empty 400.
public final class OversizeHeaderHandler: ChannelDuplexHandler, RemovableChannelHandler {
    public typealias InboundIn = HTTPRequestPart
    public typealias InboundOut = HTTPRequestPart
    public typealias OutboundIn = HTTPResponsePart
    public typealias OutboundOut = HTTPResponsePart

    /// Makes a handler for one connection.
    public init() {}

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        let problem = error == .headerOverflow ? Problem.headersTooLarge : Problem.notHTTP
        guard case .bytes(let bytes, let mediaType) = problem.reply(requestID: UUID.version7().uuidString.lowercased()).body else { return }
        let head = HTTPResponse(
            status: problem.status, headerFields: [.contentType: mediaType, .contentLength: "\(bytes.count)", .connection: "close"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}

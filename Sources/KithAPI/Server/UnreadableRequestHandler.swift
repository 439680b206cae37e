import HTTPTypes
import Kith
public import NIOCore
import NIOHTTP1
import struct FoundationEssentials.UUID
public import NIOHTTPTypes
import Postgres

/// Answers requests that cannot be read, with a problem document and not with an empty 400: what is no HTTP, headers that are too large,
/// and a body that ends too early or does not arrive in time.
public final class UnreadableRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
    public typealias InboundIn = HTTPRequestPart
    public typealias InboundOut = HTTPRequestPart
    public typealias OutboundIn = HTTPResponsePart
    public typealias OutboundOut = HTTPResponsePart

    private let bodyDeadline: TimeAmount
    private var isInBody = false
    private var isAnswered = false
    private var timer: Scheduled<Void>?

    /// Makes a handler for one connection.
    /// - Parameter bodyDeadline: how long a body may take to arrive
    public init(bodyDeadline: Duration) {
        self.bodyDeadline = TimeAmount(bodyDeadline)
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: (isInBody, isAnswered) = (true, false)
        case .body: break
        case .end:
            isInBody = false
            timer?.cancel()
            timer = nil
        }
        context.fireChannelRead(data)
    }

    public func channelReadComplete(context: ChannelHandlerContext) {
        // Most bodies arrive with their head, and need no timer.
        if isInBody, timer == nil {
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: bodyDeadline) { self.giveUp(.tooSlow, context) }
        }
        context.fireChannelReadComplete()
    }

    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .head = unwrapOutboundIn(data) { isAnswered = true }
        context.write(data, promise: promise)
    }

    public func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error as? HTTPParserError {
        case .headerOverflow: giveUp(.headersTooLarge, context)
        case .invalidEOFState: giveUp(.cutShort, context)
        case .some: giveUp(.notHTTP, context)
        case nil: context.fireErrorCaught(error)
        }
    }

    private func giveUp(_ problem: Problem, _ context: ChannelHandlerContext) {
        if isInBody, isAnswered { context.close(promise: nil) } else { answer(problem, context) }
        // Or whoever reads the body would take what has arrived for the whole.
        context.fireErrorCaught(ProblemError(problem: problem))
    }

    private func answer(_ problem: Problem, _ context: ChannelHandlerContext) {
        guard case .bytes(let bytes, let mediaType) = problem.reply(requestID: UUID.version7().text).body else { return }
        let head = HTTPResponse(
            status: problem.status, headerFields: [.contentType: mediaType, .contentLength: "\(bytes.count)", .connection: "close"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}

import NIOCore

/// A command and where its reply goes; without bytes for a reply that comes by itself.
struct Exchange: Sendable {
    let bytes: ByteBuffer
    let reply: EventLoopPromise<Reply>
}

/// Pairs each command with its reply.
///
/// A reply that nobody waits for ends the connection: a man in the middle could have put it there before the encryption began, to be
/// taken for an answer afterwards (as in CVE-2011-0411, seen from the client).
final class ReplyHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Exchange
    typealias OutboundOut = ByteBuffer

    private var parser = ReplyParser()
    private var waiting: EventLoopPromise<Reply>?

    init(greeting: EventLoopPromise<Reply>) {
        waiting = greeting
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        guard waiting == nil, parser.isEmpty else {
            exchange.reply.fail(ReplyParser.Failure.notSMTP)
            return context.close(promise: nil)
        }
        waiting = exchange.reply
        context.write(wrapOutboundOut(exchange.bytes), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data).readableBytesView)
        do {
            guard let reply = try parser.next() else { return }
            guard let waiting, parser.isEmpty else { throw ReplyParser.Failure.notSMTP }
            self.waiting = nil
            waiting.succeed(reply)
        } catch {
            fail(error)
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ChannelError.inputClosed)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(ChannelError.inputClosed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
        context.close(promise: nil)
    }

    private func fail(_ error: any Error) {
        waiting?.fail(error)
        waiting = nil
    }
}

import NIOCore
import NIOPosix
import NIOSSL

/// A connection to the server: sends a command, waits for its reply, no longer than the configuration allows.
struct Wire: Sendable {
    private let channel: any Channel
    private let greeting: EventLoopFuture<Reply>
    private let configuration: SMTPConfiguration

    static func open(_ configuration: SMTPConfiguration) async throws(SMTPError) -> Wire {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let greeting = loop.makePromise(of: Reply.self)
        let security = configuration.security == .implicit ? try tls(configuration) : nil
        let connecting = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: security, serverHostname: configuration.nameToCheck))
                    }
                    try channel.pipeline.syncOperations.addHandler(ReplyHandler(greeting: greeting))
                }
            }
            .connect(host: configuration.host, port: configuration.port)
        // Without a channel there is no handler that fails the greeting.
        connecting.whenFailure { greeting.fail($0) }
        let connected = loop.makePromise(of: (any Channel).self)
        connecting.cascade(to: connected)
        do {
            let channel = try await withTaskCancellationHandler {
                try await connected.futureResult.get()
            } onCancel: {
                connected.fail(CancellationError())
                connecting.whenSuccess { $0.close(promise: nil) }
            }
            return Wire(channel: channel, greeting: greeting.futureResult, configuration: configuration)
        } catch {
            throw SMTPError(stage: .connecting, reason: error is CancellationError ? .cancelled : .unreachable)
        }
    }

    private init(channel: any Channel, greeting: EventLoopFuture<Reply>, configuration: SMTPConfiguration) {
        self.channel = channel
        self.greeting = greeting
        self.configuration = configuration
    }

    /// The address of this end, as EHLO names a client without a name of its own (RFC 5321, section 4.1.4).
    var literal: String {
        guard let address = channel.localAddress, let text = address.ipAddress else { return "[127.0.0.1]" }
        return address.protocol == .inet6 ? "[IPv6:\(text)]" : "[\(text)]"
    }

    /// The greeting of the server.
    func welcome() async throws(SMTPError) -> Reply {
        try await wait(for: greeting, at: .greeting)
    }

    /// Sends a command, which must be free of line breaks, and answers the reply.
    func send(_ command: String, at stage: SMTPError.Stage) async throws(SMTPError) -> Reply {
        try await send(ByteBuffer(string: command + "\r\n"), at: stage)
    }

    /// Sends bytes as they are and answers the reply.
    func send(_ bytes: ByteBuffer, at stage: SMTPError.Stage) async throws(SMTPError) -> Reply {
        let reply = channel.eventLoop.makePromise(of: Reply.self)
        channel.writeAndFlush(Exchange(bytes: bytes, reply: reply)).whenFailure { reply.fail($0) }
        return try await wait(for: reply.futureResult, at: stage)
    }

    /// Encrypts what follows.
    func secure() async throws(SMTPError) {
        let (context, name, channel) = (try Self.tls(configuration), configuration.nameToCheck, channel)
        let outcome = channel.eventLoop.makePromise(of: Void.self)
        channel.eventLoop.submit {
            let security = try NIOSSLClientHandler(context: context, serverHostname: name)
            try channel.pipeline.syncOperations.addHandler(HandshakeHandler(outcome), position: .first)
            try channel.pipeline.syncOperations.addHandler(security, position: .first)
        }.whenFailure { outcome.fail($0) }
        try await wait(for: outcome.futureResult, at: .securing)
    }

    /// Ends the connection.
    func close() async {
        let closed = channel.closeFuture
        channel.close(promise: nil)
        // Never fails: a channel that is closed is closed, whatever became of its last bytes.
        try? await closed.get()
    }

    private func wait<Value: Sendable>(for value: EventLoopFuture<Value>, at stage: SMTPError.Stage) async throws(SMTPError) -> Value {
        let timeout = channel.eventLoop.scheduleTask(in: TimeAmount(configuration.replyTimeout)) { [channel] in
            channel.pipeline.fireErrorCaught(SMTPError(stage: stage, reason: .timedOut))
        }
        defer { timeout.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await value.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            if Task.isCancelled { throw SMTPError(stage: stage, reason: .cancelled) }
            switch error {
            case let error as SMTPError: throw error
            case is ReplyParser.Failure: throw SMTPError(stage: stage, reason: .protocolViolation)
            case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: throw SMTPError(stage: .securing, reason: .notSecure)
            default: throw SMTPError(stage: stage, reason: .closed)
            }
        }
    }

    private static func tls(_ configuration: SMTPConfiguration) throws(SMTPError) -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let file = configuration.trustedCertificates { tls.trustRoots = .file(file) }
        do {
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw SMTPError(stage: .securing, reason: .notSecure)
        }
    }
}

extension SMTPConfiguration {
    // An address has no name to ask for; it is checked against the certificate's addresses.
    var nameToCheck: String? { (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil }
}

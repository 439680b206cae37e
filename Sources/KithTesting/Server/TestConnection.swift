import NIOCore
import NIOPosix

/// A TCP connection to a test server, for what the router alone cannot show: streams, slow clients, requests that are no HTTP.
public struct TestConnection: ~Copyable {
    private var input: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let output: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffered: [UInt8] = []

    init(_ input: NIOAsyncChannelInboundStream<ByteBuffer>, _ output: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.input = input.makeAsyncIterator()
        self.output = output
    }

    /// Sends text as it is.
    public func write(_ text: String) async throws {
        try await output.write(ByteBuffer(string: text))
    }

    /// Ends what is sent, as a client does that goes away.
    public func end() {
        output.finish()
    }

    /// The next line without its end, the last one also where it has none; nil when the server has closed the connection.
    public mutating func nextLine() async throws -> String? {
        while true {
            if let end = buffered.firstIndex(of: UInt8(ascii: "\n")) {
                var line = buffered[..<end]
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                let text = String(decoding: line, as: UTF8.self)
                buffered.removeSubrange(...end)
                return text
            }
            guard let more = try await input.next() else {
                defer { buffered = [] }
                return buffered.isEmpty ? nil : String(decoding: buffered, as: UTF8.self)
            }
            buffered.append(contentsOf: more.readableBytesView)
        }
    }
}

extension TestServer {
    /// Opens a connection for the time of `body`.
    /// - Parameter body: what to say and hear
    /// - Returns: what `body` returns
    /// - Throws: what `body` throws, or why there is no connection
    public func withConnection<Value: Sendable>(_ body: @escaping @Sendable (inout TestConnection) async throws -> Value) async throws
        -> Value
    {
        guard let port else { throw Unexpected(description: "the server has no socket; start it with socket: true") }
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
        return try await channel.executeThenClose { input, output in
            var connection = TestConnection(input, output)
            return try await body(&connection)
        }
    }
}

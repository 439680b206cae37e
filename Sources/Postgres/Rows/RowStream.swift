/// Rows as they arrive, for results too large to hold. At most some hundred are in memory; the server waits for the reader.
///
/// Can be read once, inside the closure of `withRows`.
public struct RowStream: AsyncSequence, Sendable {
    /// A row.
    public typealias Element = Row
    /// The statement's error.
    public typealias Failure = PostgresError

    let request: Request
    let buffer: RowBuffer
    let inbox: Inbox

    /// Begins to read; only one iterator may.
    public func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    /// Reads the rows in order.
    public struct Iterator: AsyncIteratorProtocol {
        let stream: RowStream

        /// The next row; nil after the last.
        public mutating func next() async throws(PostgresError) -> Row? { try await next(isolation: #isolation) }

        /// The next row; nil after the last.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Row? {
            while true {
                let stream = stream
                switch stream.buffer.take() {
                case .row(let row, let isLow):
                    if isLow { stream.inbox.send(.resume(stream.request)) }
                    return row
                case .end: return nil
                case .failure(let error): throw error
                case nil:
                    await withTaskCancellationHandler {
                        await stream.buffer.wait(isolation: actor)
                    } onCancel: {
                        stream.inbox.cancel(stream.request)
                    }
                }
            }
        }
    }
}

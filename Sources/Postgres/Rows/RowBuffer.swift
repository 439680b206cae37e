import DequeModule
import Synchronization

/// Rows on their way from the engine to the task that reads a stream.
final class RowBuffer: Sendable {
    enum Item: Sendable {
        case row(Row, isLow: Bool)
        case end
        case failure(PostgresError)
    }

    private struct State {
        var rows: Deque<Row> = []
        var reply: Request.Reply?
        var reader: CheckedContinuation<Void, Never>?
        var isPaused = false
    }

    private let state = Mutex(State())
    private static let highWater = 512
    private static let lowWater = 128

    /// Adds rows. Returns whether reading from the server should rest.
    func append(_ rows: Rows) -> Bool {
        let (reader, isPaused) = state.withLock { state in
            state.rows.append(contentsOf: rows)
            state.isPaused = state.rows.count >= RowBuffer.highWater
            defer { state.reader = nil }
            return (state.reader, state.isPaused)
        }
        reader?.resume()
        return isPaused
    }

    /// No more rows will come.
    func finish(_ reply: Request.Reply) {
        let reader = state.withLock { state in
            state.reply = reply
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// The next row or the end; nil if neither is there yet.
    func take() -> Item? {
        state.withLock { state in
            if let row = state.rows.popFirst() {
                let isLow = state.isPaused && state.rows.count <= RowBuffer.lowWater
                if isLow { state.isPaused = false }
                return .row(row, isLow: isLow)
            }
            switch state.reply {
            case .success: return .end
            case .failure(let error): return .failure(error)
            case nil: return nil
            }
        }
    }

    /// Waits until `take` will return something.
    func wait(isolation: isolated (any Actor)?) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.rows.isEmpty, state.reply == nil else { return true }
                state.reader = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    var count: Int { state.withLock { $0.rows.count } }
    var hasEnded: Bool { state.withLock { $0.reply != nil } }
}

import Kith
import NIOCore
import NIOHTTP1

extension KithClient {
    /// Sends a file, with a bar that shows how far the server is with it.
    /// - Throws: ``ClientError``
    public func uploadShowingProgress(
        _ path: String, _ query: [String: String?] = [:], _ bytes: [UInt8], contentType: String = "text/csv"
    ) async throws -> Answer {
        let bar = ProgressBar()
        defer { bar.clear() }
        bar.show(0, "Sending the file")
        return try await upload(path, query, bytes, contentType: contentType, report: bar.show)
    }

    func upload(
        _ path: String, _ query: [String: String?], _ bytes: [UInt8], contentType: String, report: (Double, String) -> Void
    ) async throws -> Answer {
        let request = request(.POST, path, query, body: (bytes, contentType), headers: ["Accept": "text/event-stream"])
        let answer = try await events(of: request, timeout: .minutes(10)) { event in
            switch event.kind {
            case "progress": report(event.data["progress"]?.number ?? 0, event.data["stage"]?.string ?? "")
            case "result": return Answer(json: event.data, bytes: event.data.bytes, version: nil)
            case "problem": throw refused(Int(event.data["status"]?.integer ?? 500), event.data)
            default: break
            }
            return nil
        }
        guard let answer else { throw ClientError.unreachable(url, "it ended before the answer") }
        return answer
    }
}

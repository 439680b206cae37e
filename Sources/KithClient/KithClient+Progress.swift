import AsyncHTTPClient
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
        return try await reaching {
            let response = try await Self.http.execute(request, timeout: .minutes(10))
            func refused(_ status: Int, _ problem: JSON) -> ClientError {
                .refused(status: status, problem: problem, isSignedIn: token != nil)
            }
            guard response.status == .ok else {
                let bytes = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
                throw refused(Int(response.status.code), (try? JSON(reading: bytes)) ?? .null)
            }
            var parser = ServerEventParser()
            for try await chunk in response.body {
                for event in parser.read(chunk.readableBytesView) {
                    switch event.kind {
                    case "progress": report(event.data["progress"]?.number ?? 0, event.data["stage"]?.string ?? "")
                    case "result": return Answer(json: event.data, bytes: event.data.bytes, version: nil)
                    case "problem": throw refused(Int(event.data["status"]?.integer ?? 500), event.data)
                    default: break
                    }
                }
            }
            throw ClientError.unreachable(url, "it ended before the answer")
        }
    }
}

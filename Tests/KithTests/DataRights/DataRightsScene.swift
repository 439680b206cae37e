import Foundation
import HTTPTypes
import Kith
import KithTesting
import Postgres

extension TestNetwork {
    func state(ofRequest id: String, as person: TestPerson? = nil) async throws -> String {
        try await get("/data-requests/\(id)", as: person).expecting(200).json["state"]?.string ?? ""
    }

    func done(_ id: String, as person: TestPerson? = nil) async throws {
        try await eventually("the request being done") { try await state(ofRequest: id, as: person) == "done" ? true : nil }
    }

    /// Makes an erasure due, as if the seven days were over.
    func makeDue(_ request: String) async throws {
        _ = try await server.superuser.batch([
            "update kith.data_requests set due_at = now() where request_id = \(request)::text::uuid",
            "update kith.jobs set run_at = now() where subject_id = \(request)::text::uuid",
        ])
    }

    /// A second administrator, who was one before anything was asked for.
    func secondAdministrator() async throws -> TestPerson { try await person(.administrator) }
}

/// Reads a ZIP file with Python: the names in it, and the texts.
func unzipped(_ file: [UInt8]) throws -> [String: String] {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data(file).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    python.arguments = [
        "-c",
        "import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))",
        path.path,
    ]
    let output = Pipe()
    python.standardOutput = output
    try python.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    python.waitUntilExit()
    return try JSONDecoder().decode([String: String].self, from: bytes)
}

extension HTTPField.Name {
    /// By which a request can be sent again.
    static let repeating = HTTPField.Name("Idempotency-Key")!
}

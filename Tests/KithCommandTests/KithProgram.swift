import FoundationEssentials
import Glibc
import Kith
import Subprocess
import SystemPackage
import Testing

/// The built `kith`, run as a user runs it, in a folder of its own that is gone when `body` is done.
struct KithProgram {
    struct Result {
        let status: Int
        let output: String
        let errors: String

        var json: JSON {
            get throws { try JSON(reading: Array(output.utf8)) }
        }
    }

    let folder: String

    static func inScratch(_ body: (KithProgram) async throws -> Void) async throws {
        var template = Array("/tmp/kith-test-XXXXXX".utf8CString)
        mkdtemp(&template)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do {
            try await body(KithProgram(folder: folder))
        } catch {
            await remove(folder)
            throw error
        }
        await remove(folder)
    }

    func write(_ text: String, to name: String) {
        let descriptor = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        _ = Glibc.write(descriptor, text, text.utf8.count)
        close(descriptor)
    }

    func read(_ name: String) -> String {
        (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
    }

    func run(_ arguments: [String], environment: [String: String] = [:], input: String = "") async throws -> Result {
        // The program lies beside the tests.
        let tests = try FilePath(#require(realpath("/proc/self/exe", nil).map { String(cString: $0) }))
        let program = tests.removingLastComponent().appending("kith")
        var variables: [Environment.Key: String?] = ["HOME": folder, "XDG_CONFIG_HOME": nil, "KITH_TOKEN": nil, "KITH_URL": nil]
        for (name, value) in environment { variables[Environment.Key(rawValue: name) ?? ""] = value }
        let result = try await Subprocess.run(
            .path(program), arguments: Arguments(arguments), environment: .inherit.updating(variables),
            workingDirectory: FilePath(folder), input: .string(input), output: .string(limit: 1 << 22), error: .string(limit: 1 << 20))
        let status =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            default: -1
            }
        return Result(status: status, output: result.standardOutput, errors: result.standardError)
    }

    private static func remove(_ folder: String) async {
        _ = try? await Subprocess.run(.path("/bin/rm"), arguments: ["-rf", "--", folder], output: .discarded)
    }
}

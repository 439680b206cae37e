/// What the server answers to one command (RFC 5321, section 4.2).
struct Reply: Sendable {
    let code: Int
    let lines: [String]

    /// The status of RFC 3463 at the beginning of the text, as in `5.1.1`.
    var status: String? {
        lines.first?.firstMatch(of: /^([245]\.\d{1,3}\.\d{1,3})(\s|$)/).map { String($0.1) }
    }

    /// Whether a word follows a keyword that the server says it knows, in answer to EHLO.
    func offers(_ keyword: String, _ word: String? = nil) -> Bool {
        lines.dropFirst().contains { line in
            let words = line.uppercased().split(separator: " ")
            return words.first == keyword[...] && (word.map { words.dropFirst().contains($0[...]) } ?? true)
        }
    }
}

/// Gathers the lines of a reply from bytes as they arrive.
struct ReplyParser {
    enum Failure: Error { case notSMTP }

    private var bytes: [UInt8] = []
    private var lines: [String] = []
    private var code: Int?

    /// Whether something arrived that belongs to no whole reply.
    var isEmpty: Bool { bytes.isEmpty && lines.isEmpty }

    mutating func append(_ more: some Sequence<UInt8>) { bytes += more }

    /// The next whole reply; nil while it is not complete.
    mutating func next() throws(Failure) -> Reply? {
        while let end = bytes.firstIndex(of: 0x0a) {
            var line = bytes[..<end]
            bytes.removeFirst(end + 1)
            if line.last == 0x0d { line.removeLast() }
            guard line.count >= 3, let code = Int(String(decoding: line.prefix(3), as: UTF8.self)), (200...599).contains(code),
                self.code == nil || self.code == code, lines.count < 100
            else { throw .notSMTP }
            self.code = code
            let separator = line.dropFirst(3).first
            lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
            switch separator {
            case nil, UInt8(ascii: " "):
                defer {
                    lines = []
                    self.code = nil
                }
                return Reply(code: code, lines: lines)
            case UInt8(ascii: "-"): continue
            default: throw .notSMTP
            }
        }
        // RFC 5321 allows 512 bytes a line; some servers send more.
        if bytes.count > 8192 { throw .notSMTP }
        return nil
    }
}

import Glibc

/// What a command prints to and reads from.
public enum Terminal {
    /// Whether a person watches the error output, where progress is shown.
    public static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Prints a line of the result.
    public static func print(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// Prints a line beside the result.
    public static func note(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    // Unbuffered, so that a line is there when somebody waits for it through a pipe.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            bytes.removeFirst(written)
        }
    }

    /// Reads a secret: from a terminal without showing it, otherwise the first line of the standard input.
    /// - Parameters:
    ///   - question: what is asked on a terminal
    ///   - spaces: whether spaces belong to it, as to a password
    /// - Returns: the secret, without spaces where they do not belong to it
    /// - Throws: ``CommandFailure`` where nothing was given
    public static func secret(_ question: String, spaces: Bool = false) throws -> String {
        var text: String?
        if isatty(STDIN_FILENO) == 1 {
            var shown = termios()
            tcgetattr(STDIN_FILENO, &shown)
            var hidden = shown
            hidden.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
            defer {
                tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
                note("")
            }
            write(question + ": ", to: STDERR_FILENO)
            text = readLine()
        } else {
            text = readLine()
        }
        let secret = (spaces ? text : text?.split(whereSeparator: \.isWhitespace).joined()) ?? ""
        guard !secret.isEmpty else {
            throw CommandFailure("Nothing was given. Give it on the standard input, not as an argument, where others could see it.", .usage)
        }
        return secret
    }

    /// Reads a file, or the standard input for `-`.
    /// - Throws: ``CommandFailure`` that names the file
    public static func read(file path: String) throws -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure("The file \(path) cannot be opened: \(String(cString: strerror(errno))).", .badData)
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure("The file \(path) cannot be read: \(String(cString: strerror(errno))).", .badData)
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// The words in a file, or on the standard input for `-`, without the line breaks around them.
    /// - Throws: ``CommandFailure`` where it cannot be read or is no text
    public static func text(file path: String) throws -> String {
        if path == "-", isatty(STDIN_FILENO) == 1 { note("Write what you want to say. End with Enter, then Ctrl-D.") }
        guard let text = String(validating: try read(file: path), as: UTF8.self) else {
            throw CommandFailure("The file \(path) is not text in UTF-8.", .badData)
        }
        return String(text.drop(while: \.isNewline).reversed().drop(while: \.isNewline).reversed())
    }
}

import ArgumentParser
import KithClient

/// Where a confidential text comes from: a file or the standard input, never an argument, which other users of the machine can see.
struct TextOptions: ParsableArguments {
    @Option(help: "A file with the text. By default the standard input, up to Ctrl-D.") var file = "-"

    /// The text, without the line breaks at its end.
    /// - Parameter question: what is asked where somebody sits at a terminal
    /// - Returns: the text
    /// - Throws: ``CommandFailure`` that names the file
    func read(_ question: String) throws -> String {
        if file == "-", Terminal.isWatched { Terminal.note("\(question)? End with Ctrl-D on a line of its own.") }
        let text = String(decoding: try Terminal.read(file: file), as: UTF8.self)
        return String(text.reversed().drop(while: \.isNewline).reversed())
    }
}

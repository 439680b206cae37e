import Glibc

/// A line on a terminal that shows how far long work is. Without a terminal it shows nothing.
public struct ProgressBar: Sendable {
    private static let width = 30
    private let isShown: Bool

    /// Makes a bar.
    /// - Parameter isShown: by default whether a terminal is attached to the error output
    public init(isShown: Bool = Terminal.isWatched) {
        self.isShown = isShown
    }

    /// Shows how far the work is, from 0 to 1, and at what.
    public func show(_ progress: Double, _ stage: String) {
        guard isShown else { return }
        Terminal.write("\r\(Self.line(progress, stage))\u{1B}[K", to: STDERR_FILENO)
    }

    /// Takes the line away.
    public func clear() {
        guard isShown else { return }
        Terminal.write("\r\u{1B}[K", to: STDERR_FILENO)
    }

    static func line(_ progress: Double, _ stage: String) -> String {
        let share = min(max(progress, 0), 1)
        let full = Int(share * Double(width))
        let percent = String(Int(share * 100))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
        return "\(bar) \(String(repeating: " ", count: 3 - percent.count))\(percent) %  \(stage.prefix(40))"
    }
}

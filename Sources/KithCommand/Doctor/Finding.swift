import Kith
import KithClient

/// What the doctor found of one thing, and how to mend it.
struct Finding: Sendable {
    enum Level: String {
        case ok, warning, problem
    }

    let level: Level
    let subject: String
    let detail: String
    let remedy: String?

    private init(_ level: Level, _ subject: String, _ detail: String, remedy: String?) {
        self.level = level
        self.subject = subject
        self.detail = detail
        self.remedy = remedy
    }

    static func ok(_ subject: String, _ detail: String) -> Finding { Finding(.ok, subject, detail, remedy: nil) }

    static func warning(_ subject: String, _ detail: String, mend remedy: String) -> Finding {
        Finding(.warning, subject, detail, remedy: remedy)
    }

    static func problem(_ subject: String, _ detail: String, mend remedy: String) -> Finding {
        Finding(.problem, subject, detail, remedy: remedy)
    }

    var document: JSON {
        .members([
            "level": .string(level.rawValue), "subject": .string(subject), "detail": .string(detail), "remedy": remedy.map(JSON.string),
        ])
    }
}

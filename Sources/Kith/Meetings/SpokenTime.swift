import Postgres

/// A moment as people say it, in their own time: Tuesday 24 November 2026, 14:00.
struct SpokenTime: Equatable {
    /// What ``init(_:)`` reads, for a column of local time.
    static func column(_ column: Query) -> Query { "to_char(\(query: column), 'FMID FMDD FMMM YYYY HH24:MI')" }

    private let weekday: Int, day: Int, month: Int, year: Int
    private let time: Substring

    /// Reads `2 24 11 2026 14:00`, where Monday is 1; nil where it is something else.
    init?(_ text: String) {
        let parts = text.split(separator: " ")
        let numbers = parts.prefix(4).compactMap { Int($0) }
        guard parts.count == 5, numbers.count == 4, (1...7).contains(numbers[0]), (1...12).contains(numbers[2]) else { return nil }
        (weekday, day, month, year, time) = (numbers[0], numbers[1], numbers[2], numbers[3], parts[4])
    }

    /// The day, in Welsh or otherwise in English.
    func date(in locale: String) -> String {
        let names = locale == "cy" ? Self.welsh : Self.english
        return "\(names.days[weekday - 1]) \(day) \(names.months[month - 1]) \(year)"
    }

    /// From this moment to another.
    func until(_ end: SpokenTime, in locale: String) -> String {
        let last = (end.day, end.month, end.year) == (day, month, year) ? String(end.time) : "\(end.date(in: locale)), \(end.time)"
        return "\(date(in: locale)), \(time) \(locale == "cy" ? "tan" : "to") \(last)"
    }

    private static let english = (
        days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        months: [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
        ]
    )
    private static let welsh = (
        days: ["dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn", "dydd Sul"],
        months: [
            "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
        ]
    )
}

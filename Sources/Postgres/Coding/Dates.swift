public import FoundationEssentials

/// A day of the proleptic Gregorian calendar, without time or zone: PostgreSQL's `date`.
public struct CalendarDay: Sendable, Hashable, Comparable, Strideable, Codable {
    /// Days since 1970-01-01.
    public var daysSince1970: Int

    /// A day by its distance from 1970-01-01.
    public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

    /// A day by year, month (1 to 12) and day of the month; nil if there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.init(daysSince1970: CalendarDay.days(year: year, month: month, day: day))
        guard components == (year, month, day) else { return nil }
    }

    /// The day on which an instant falls in UTC.
    public init(utc date: Date) {
        self.init(daysSince1970: Int((date.timeIntervalSince1970 / 86_400).rounded(.down)))
    }

    /// Year, month (1 to 12) and day of the month.
    ///
    /// Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    public var components: (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    static func days(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// By date.
    public static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.daysSince1970 < right.daysSince1970 }
    /// Days from this day to the other.
    public func distance(to other: CalendarDay) -> Int { other.daysSince1970 - daysSince1970 }
    /// The day so many days later.
    public func advanced(by days: Int) -> CalendarDay { CalendarDay(daysSince1970: daysSince1970 + days) }
}

extension CalendarDay: PostgresEncodable, PostgresDecodable {
    /// `date`
    public static var postgresType: PostgresType { .date }
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { text.appendEra(text.appendDay(self)) }

    /// Reads the value's text.
    public static func decode(_ text: Span<UInt8>) -> CalendarDay? {
        text.withUnsafeBufferPointer { text in
            var parser = DateParser(text)
            guard let day = parser.day(), parser.isAtEnd else { return nil }
            return day
        }
    }
}

extension Date: PostgresEncodable, PostgresDecodable {
    /// `timestamptz`
    public static var postgresType: PostgresType { .timestamptz }

    /// Appends the instant to the microsecond, which is what PostgreSQL keeps.
    public func encode(into text: inout PostgresText) {
        let seconds = timeIntervalSince1970
        guard abs(seconds) < 9_000_000_000_000 else { return text.append(seconds > 0 ? "infinity" : "-infinity") }
        let whole = seconds.rounded(.down)
        var second = Int(whole)
        var microsecond = Int(((seconds - whole) * 1_000_000).rounded())
        if microsecond == 1_000_000 { (second, microsecond) = (second + 1, 0) }
        let days = (second >= 0 ? second : second - 86_399) / 86_400
        let secondOfDay = UInt64(second - days * 86_400)
        let isBeforeChrist = text.appendDay(CalendarDay(daysSince1970: days))
        text.append(" " as Unicode.Scalar)
        text.appendDigits(secondOfDay / 3600, width: 2)
        text.append(":" as Unicode.Scalar)
        text.appendDigits(secondOfDay / 60 % 60, width: 2)
        text.append(":" as Unicode.Scalar)
        text.appendDigits(secondOfDay % 60, width: 2)
        text.append("." as Unicode.Scalar)
        text.appendDigits(UInt64(microsecond), width: 6)
        text.append("+00")
        text.appendEra(isBeforeChrist)
    }

    /// Reads `timestamptz`; also `timestamp` and `date`, taken as UTC. Infinity is `distantFuture` or `distantPast`.
    public static func decode(_ text: Span<UInt8>) -> Date? {
        text.withUnsafeBufferPointer { text in
            var parser = DateParser(text)
            return parser.instant()
        }
    }
}

extension PostgresText {
    /// Appends year, month and day; true if the year is before Christ, which a suffix must then say.
    fileprivate mutating func appendDay(_ day: CalendarDay) -> Bool {
        let (year, month, dayOfMonth) = day.components
        appendDigits(UInt64(year > 0 ? year : 1 - year), width: 4)
        append("-" as Unicode.Scalar)
        appendDigits(UInt64(month), width: 2)
        append("-" as Unicode.Scalar)
        appendDigits(UInt64(dayOfMonth), width: 2)
        return year <= 0
    }

    fileprivate mutating func appendEra(_ isBeforeChrist: Bool) {
        if isBeforeChrist { append(" BC") }
    }
}

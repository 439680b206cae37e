public import Postgres
import struct FoundationEssentials.Date

/// A day in the Gregorian calendar, without a time or a zone.
public struct CalendarDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The year, the month from 1 and the day from 1.
    public let year: Int, month: Int, day: Int

    /// Makes a date, or nil where the calendar has none (30 February).
    public init?(year: Int, month: Int, day: Int) {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        guard (1900...2199).contains(year), (1...12).contains(month) else { return nil }
        guard (1...[31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]).contains(day) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Reads `2026-03-01`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        self.init(year: Int(parts[0])!, month: Int(parts[1])!, day: Int(parts[2])!)
    }

    /// As in `2026-03-01`.
    public var description: String {
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    /// Earlier days are less.
    public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms", 2013: days_from_civil).
    var daysSince1970: Int {
        let year = month <= 2 ? self.year - 1 : self.year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension CalendarDate: PostgresEncodable {
    public static var postgresType: PostgresType { .date }

    public func encode(into text: inout PostgresText) { text.append(description) }
}

/// Reading of moments.
enum Moment {
    /// Reads a date and time of RFC 3339; a leap second is refused.
    static func parse(_ text: String) -> Date? {
        let match = text.wholeMatch(of: /(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:[Zz]|([+\-])(\d\d):(\d\d))/)
        guard let parts = match?.output, let day = CalendarDate(parts.1), let hour = Int(parts.2), let minute = Int(parts.3),
            let second = Int(parts.4), hour < 24, minute < 60, second < 60
        else { return nil }
        var offset = 0
        if let sign = parts.6, let hours = parts.7.flatMap({ Int($0) }), let minutes = parts.8.flatMap({ Int($0) }) {
            guard hours < 24, minutes < 60 else { return nil }
            offset = (hours * 60 + minutes) * (sign == "-" ? -60 : 60)
        }
        let seconds = day.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + (parts.5.flatMap { Double("0\($0)") } ?? 0))
    }
}

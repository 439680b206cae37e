import FoundationEssentials

/// Reads PostgreSQL's ISO date style: `2026-11-21`, `2026-11-21 10:00:00.123456+00`, `0044-03-15 BC`, `infinity`.
struct DateParser {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// - Parameter text: must outlive the parser.
    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    mutating func day() -> CalendarDay? {
        guard let year = digits(), skip("-"), let month = digits(), skip("-"), let day = digits() else { return nil }
        if text.count >= 3, text[text.count - 2] == UInt8(ascii: "B") {
            if position == text.count - 3 { position = text.count }
            return CalendarDay(daysSince1970: CalendarDay.days(year: 1 - year, month: month, day: day))
        }
        return CalendarDay(daysSince1970: CalendarDay.days(year: year, month: month, day: day))
    }

    mutating func instant() -> Date? {
        if let infinite = infinity() { return infinite }
        guard let day = day() else { return nil }
        var seconds = day.daysSince1970 * 86_400
        var microseconds = 0
        if skip(" ") {
            guard let hour = digits(), skip(":"), let minute = digits(), skip(":"), let second = digits() else { return nil }
            seconds += hour * 3600 + minute * 60 + second
            if skip(".") {
                let start = position
                guard let fraction = digits(), position - start <= 6 else { return nil }
                microseconds = fraction
                for _ in (position - start)..<6 { microseconds *= 10 }
            }
            guard let offset = zone() else { return nil }
            seconds -= offset
        }
        // The fraction is added last, and to the small reference-date number, to lose as little as Double allows.
        return Date(timeIntervalSinceReferenceDate: Double(seconds - 978_307_200) + Double(microseconds) / 1_000_000)
    }

    private mutating func zone() -> Int? {
        guard position < text.count, text[position] != UInt8(ascii: " ") else { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = digits() else { return nil }
        var offset = hours * 3600
        if skip(":") { offset += (digits() ?? 0) * 60 }
        if skip(":") { offset += digits() ?? 0 }
        return sign * offset
    }

    private func infinity() -> Date? {
        switch (text.count, text.count > 0 ? text[0] : 0) {
        case (8, UInt8(ascii: "i")): .distantFuture
        case (9, UInt8(ascii: "-")): .distantPast
        default: nil
        }
    }

    private mutating func digits() -> Int? {
        var number = 0
        let start = position
        while position < text.count, position - start < 12 {
            let digit = text[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            number = number * 10 + Int(digit)
            position += 1
        }
        return position > start ? number : nil
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(truncatingIfNeeded: character.value) else { return false }
        position += 1
        return true
    }
}

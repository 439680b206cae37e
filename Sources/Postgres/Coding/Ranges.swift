public import FoundationEssentials

/// A value that can bound a range: `int4range`, `int8range`, `numrange`, `tstzrange`, `daterange`.
public protocol PostgresRangeBound: Comparable, PostgresEncodable, PostgresDecodable {
    /// The type of a range of such values.
    static var postgresRangeType: PostgresType { get }
    /// A bound for the empty range, which keeps no bounds in PostgreSQL.
    static var emptyRangeBound: Self { get }
    /// The greatest value below, for discrete types; nil for continuous ones.
    var predecessor: Self? { get }
}

extension Int32: PostgresRangeBound {
    /// `int4range`
    public static var postgresRangeType: PostgresType { .int4range }
    /// The bound that stands for nothing.
    public static var emptyRangeBound: Int32 { 0 }
    /// The value before.
    public var predecessor: Int32? { self - 1 }
}

extension Int64: PostgresRangeBound {
    /// `int8range`
    public static var postgresRangeType: PostgresType { .int8range }
    /// The bound that stands for nothing.
    public static var emptyRangeBound: Int64 { 0 }
    /// The value before.
    public var predecessor: Int64? { self - 1 }
}

extension Int: PostgresRangeBound {
    /// `int8range`
    public static var postgresRangeType: PostgresType { .int8range }
    /// The bound that stands for nothing.
    public static var emptyRangeBound: Int { 0 }
    /// The value before.
    public var predecessor: Int? { self - 1 }
}

extension Decimal: PostgresRangeBound {
    /// `numrange`
    public static var postgresRangeType: PostgresType { .numrange }
    /// The bound that stands for nothing.
    public static var emptyRangeBound: Decimal { 0 }
    /// Continuous: there is none.
    public var predecessor: Decimal? { nil }
}

extension Date: PostgresRangeBound {
    /// `tstzrange`
    public static var postgresRangeType: PostgresType { .tstzrange }
    /// The bound that stands for nothing.
    public static var emptyRangeBound: Date { Date(timeIntervalSince1970: 0) }
    /// Continuous: there is none.
    public var predecessor: Date? { nil }
}

extension CalendarDay: PostgresRangeBound {
    /// `daterange`
    public static var postgresRangeType: PostgresType { .daterange }
    /// The bound that stands for nothing.
    public static var emptyRangeBound: CalendarDay { CalendarDay(daysSince1970: 0) }
    /// The value before.
    public var predecessor: CalendarDay? { advanced(by: -1) }
}

extension Range: PostgresArrayEncodable where Bound: PostgresRangeBound {}
extension Range: PostgresArrayDecodable where Bound: PostgresRangeBound {}

extension Range: PostgresEncodable where Bound: PostgresRangeBound {
    /// The bounds' range type.
    public static var postgresType: PostgresType { Bound.postgresRangeType }
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { text.appendRange(lowerBound, upperBound, end: ")") }
}

extension Range: PostgresDecodable where Bound: PostgresRangeBound {
    /// Reads a range with a lower bound that is in it and an upper bound that is not, and the empty range.
    public static func decode(_ text: Span<UInt8>) -> Range<Bound>? {
        text.withUnsafeBufferPointer { text in
            guard let range = RangeLiteral<Bound>(text) else { return nil }
            if range.isEmpty { return Bound.emptyRangeBound..<Bound.emptyRangeBound }
            guard let lower = range.lower, let upper = range.upper, range.includesLower, !range.includesUpper, lower <= upper else {
                return nil
            }
            return lower..<upper
        }
    }
}

extension ClosedRange: PostgresArrayEncodable where Bound: PostgresRangeBound {}
extension ClosedRange: PostgresArrayDecodable where Bound: PostgresRangeBound {}

extension ClosedRange: PostgresEncodable where Bound: PostgresRangeBound {
    /// The bounds' range type.
    public static var postgresType: PostgresType { Bound.postgresRangeType }
    /// Appends the value's text.
    public func encode(into text: inout PostgresText) { text.appendRange(lowerBound, upperBound, end: "]") }
}

extension ClosedRange: PostgresDecodable where Bound: PostgresRangeBound {
    /// Reads a range whose bounds are both in it. PostgreSQL keeps discrete ranges half open; they are closed again here.
    public static func decode(_ text: Span<UInt8>) -> ClosedRange<Bound>? {
        text.withUnsafeBufferPointer { text in
            guard let range = RangeLiteral<Bound>(text), !range.isEmpty, range.includesLower, let lower = range.lower,
                let bound = range.upper, let upper = range.includesUpper ? bound : bound.predecessor, lower <= upper
            else { return nil }
            return lower...upper
        }
    }
}

extension PostgresText {
    fileprivate mutating func appendRange(_ lower: some PostgresEncodable, _ upper: some PostgresEncodable, end: Unicode.Scalar) {
        append("[" as Unicode.Scalar)
        appendQuoted(lower)
        append("," as Unicode.Scalar)
        appendQuoted(upper)
        append(end)
    }
}

/// A range in PostgreSQL's text format: `[1,5)`, `("2026-11-21 10:00:00+00",]`, `empty`.
private struct RangeLiteral<Bound: PostgresRangeBound> {
    var isEmpty = false
    var lower: Bound?
    var upper: Bound?
    var includesLower = false
    var includesUpper = false

    init?(_ text: UnsafeBufferPointer<UInt8>) {
        if text.elementsEqual("empty".utf8) {
            isEmpty = true
            return
        }
        guard let first = text.first, let last = text.last, let comma = text.firstIndex(of: UInt8(ascii: ",")) else { return nil }
        includesLower = first == UInt8(ascii: "[")
        includesUpper = last == UInt8(ascii: "]")
        lower = RangeLiteral.bound(text[1..<comma])
        upper = RangeLiteral.bound(text[(comma + 1)..<(text.count - 1)])
    }

    private static func bound(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bound? {
        let isQuoted = text.first == UInt8(ascii: "\"")
        return Bound.decode(UnsafeBufferPointer(rebasing: isQuoted ? text.dropFirst().dropLast() : text).span)
    }
}

// The only way to one Unicode form without all of Foundation.
@_spi(_Unicode) import Swift

/// A name and a year of birth, by which it is noticed that one person may stand in a pool twice.
public struct NameAndBirthYear: Sendable, Hashable {
    /// The years that can be a year of birth.
    public static let years = 1900...2100

    /// The name in one case, with single spaces and in one Unicode form (NFC), and the year.
    public let text: String

    /// Reads a name and a year of four digits.
    ///
    /// - Returns: `nil` where either is missing or the year is none: then nobody can be told by them.
    public init?(name: String, birthYear: String) {
        // By way of the upper case, so that ß and ss, or final and other sigmas, are one.
        var form = String.UnicodeScalarView()
        for scalar in name.uppercased().lowercased()._nfc { form.append(scalar) }
        let words = String(form).split(whereSeparator: \.isWhitespace)
        guard !words.isEmpty, let year = Self.year(birthYear) else { return nil }
        text = "\(words.joined(separator: " "))\n\(year)"
    }

    /// A year of birth in four digits; `nil` where it is none.
    public static func year(_ text: String) -> Int? {
        let digits = text.split(whereSeparator: \.isWhitespace)
        guard digits.count == 1, digits[0].utf8.count == 4, let year = Int(digits[0]), years.contains(year) else { return nil }
        return year
    }
}

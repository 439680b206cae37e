import Foundation
@testable import Kith
import Testing

@Suite struct IdentifierTests {
    @Test func `Identifiers are of version 7 and variant 2, never repeat, and follow the clock`() {
        let before = UInt64(Date().timeIntervalSince1970 * 1000)
        let ids = (0..<1000).map { _ in UUID.version7() }
        let after = UInt64(Date().timeIntervalSince1970 * 1000)
        #expect(Set(ids).count == 1000)
        for id in ids {
            let digits = id.uuidString.replacing("-", with: "")
            #expect(digits.dropFirst(12).first == "7")
            #expect("89AB".contains(digits.dropFirst(16).first ?? "0"))
            let milliseconds = UInt64(digits.prefix(12), radix: 16) ?? 0
            #expect((before...after).contains(milliseconds))
        }
        let many = UUID.version7(count: 1000)
        #expect(Set(many).count == 1000 && many == many.sorted())
        // The digits after the version are the fraction of the millisecond.
        #expect(UUID.version7(milliseconds: 1.5, random: .max).uuidString == "00000000-0001-7800-BFFF-FFFFFFFFFFFF")
        #expect(UUID.version7(milliseconds: 2, random: 0).uuidString == "00000000-0002-7000-8000-000000000000")
    }

    @Test(arguments: [
        ("2024-02-29", true), ("2026-02-29", false), ("2026-13-01", false), ("2026-00-10", false), ("1899-12-31", false),
        ("2026-12-31", true),
    ])
    func `A date is one of the calendar`(text: String, isDate: Bool) {
        #expect((CalendarDate(text) != nil) == isDate)
        if isDate { #expect(CalendarDate(text)?.description == text) }
    }
}

import Testing
@testable import Kith

@Suite struct SpokenTimeTests {
    @Test(arguments: [
        ("2 24 11 2026 14:00", "2 24 11 2026 16:30", "en", "Tuesday 24 November 2026, 14:00 to 16:30"),
        ("2 24 11 2026 14:00", "2 24 11 2026 16:30", "cy", "dydd Mawrth 24 Tachwedd 2026, 14:00 tan 16:30"),
        ("7 1 2 2026 22:00", "1 2 2 2026 01:00", "en", "Sunday 1 February 2026, 22:00 to Monday 2 February 2026, 01:00"),
        ("1 5 1 2026 09:05", "1 5 1 2026 10:00", "pl", "Monday 5 January 2026, 09:05 to 10:00"),
    ])
    func `A time is said in whole words`(start: String, end: String, locale: String, expected: String) throws {
        #expect(try #require(SpokenTime(start)).until(#require(SpokenTime(end)), in: locale) == expected)
    }

    @Test(arguments: ["", "2 24 11 2026", "8 24 11 2026 14:00", "0 24 11 2026 14:00", "2 24 13 2026 14:00", "a b c d e"])
    func `What is no time is none`(text: String) {
        #expect(SpokenTime(text) == nil)
    }
}

import Foundation
import Testing

@testable import Postgres

private enum Standing: String, CaseIterable { case invited, active, ended }
extension Standing: PostgresCodable {}

/// Text that breaks what is carelessly quoted.
let nastyText = [
    "", " ", "NULL", "null", "\\", "\\N", "\\.", "\"", "'", "{}", "{\"a\",b}", ",", "tab\tand\nnewline\r\n", "\u{1}\u{1f}\u{7f}",
    "\u{2028}",
    "naïve – 日本語 – 🧑🏽‍🤝‍🧑🏻", "[1,2)", "$1", "%s", "</script>", "a\u{0301}",
]

@Suite struct CodingTests {
    /// Sends values there and back, alone, as nil, in arrays with nil, and in arrays of arrays.
    private func expectRoundTrip<Value: PostgresCodable & Equatable>(_ values: [Value]) async throws {
        try await withClient { client in
            for value in values {
                let rows = try await client.query(
                    "select \(value), \(Value?.none), \([value, nil, value]), \([[value], [value]]), \([Value]())")
                for (single, null, list, nested, empty) in try rows.decode((Value, Value?, [Value?], [[Value]], [Value]).self) {
                    #expect(single == value)
                    #expect(null == nil)
                    #expect(list == [value, nil, value])
                    #expect(nested == [[value], [value]])
                    #expect(empty == [])
                }
            }
        }
    }

    @Test func `booleans and integers come back`() async throws {
        try await expectRoundTrip([true, false])
        try await expectRoundTrip([Int16.min, -1, 0, 1, .max])
        try await expectRoundTrip([Int32.min, -1, 0, 1, .max])
        try await expectRoundTrip([Int64.min, -1, 0, 1, .max])
        try await expectRoundTrip([Int.min, -1, 0, 1, .max])
    }

    @Test func `floating-point numbers come back to the last bit`() async throws {
        var random = SplitMix64(seed: 1)
        let doubles = (0..<50).map { _ in Double(bitPattern: random.next()) }.filter { !$0.isNaN }
        try await expectRoundTrip(doubles + [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1])
        try await expectRoundTrip([Float(0.1), .greatestFiniteMagnitude, .leastNonzeroMagnitude, -.infinity])
    }

    @Test func `decimals come back digit by digit`() async throws {
        var random = SplitMix64(seed: 2)
        let decimals = (0..<50).map { _ in
            Decimal(
                sign: Bool.random(using: &random) ? .minus : .plus, exponent: Int.random(in: -20...20, using: &random),
                significand: Decimal(random.next()))
        }
        try await expectRoundTrip(
            decimals + [
                0, -1, Decimal(string: "12345678901234567890123456789012345678")!,
                Decimal(string: "0.00000000000000000000000000000000000001")!,
            ])
    }

    @Test func `text comes back whatever it holds`() async throws {
        try await expectRoundTrip(nastyText)
        try await expectRoundTrip(Standing.allCases)
        try await expectRoundTrip([UUID(), UUID()])
    }

    @Test func `bytes come back`() async throws {
        let all = (0...255).map { UInt8($0) }
        try await expectRoundTrip([Data(), Data([0]), Data(all)])
        try await withClient { client in
            for bytes in [[], [0], all] {
                let back = try await client.query("select \(bytes)").decode([UInt8].self)
                #expect(back == [bytes])
            }
        }
    }

    @Test func `instants come back to the microsecond`() async throws {
        var random = SplitMix64(seed: 3)
        let instants = (0..<100).map { _ in
            Date(
                timeIntervalSince1970: Double(Int.random(in: -30_000_000_000_000_000...30_000_000_000_000_000, using: &random)) / 1_000_000)
        }
        try await withClient { client in
            for instant in instants + [Date(timeIntervalSince1970: -0.000001), .init(timeIntervalSince1970: 951_782_400)] {
                let rows = try await client.query("select \(instant), extract(epoch from \(instant))::float8, \([instant])")
                for (back, epoch, list) in try rows.decode((Date, Double, [Date]).self) {
                    #expect(abs(back.timeIntervalSince(instant)) < 0.000002)
                    #expect(abs(epoch - instant.timeIntervalSince1970) < 0.000002)
                    #expect(list == [back])
                }
            }
            let rows = try await client.query(
                """
                select 'infinity'::timestamptz, '-infinity'::timestamptz, ides, extract(epoch from ides)::float8
                from cast('0044-03-15 12:00:00 BC' as timestamptz) as ides
                """)
            for (future, past, ides, epoch) in try rows.decode((Date, Date, Date, Double).self) {
                #expect(future == .distantFuture)
                #expect(past == .distantPast)
                #expect(ides.timeIntervalSince1970 == epoch)
            }
        }
    }

    @Test func `days agree with PostgreSQL's calendar`() async throws {
        try await withClient { client in
            let rows = try await client.query(
                "select day::date, (day::date - '1970-01-01'::date), to_char(day, 'YYYYMMDD')::int from generate_series('0001-01-01'::timestamp, '2400-12-31', '97 days') as day"
            )
            for (day, distance, digits) in try rows.decode((CalendarDay, Int, Int).self) {
                #expect(day.daysSince1970 == distance)
                let (year, month, dayOfMonth) = day.components
                #expect(year * 10_000 + month * 100 + dayOfMonth == digits)
                #expect(CalendarDay(year: year, month: month, day: dayOfMonth) == day)
            }
            #expect(CalendarDay(year: 2026, month: 2, day: 29) == nil)
        }
        try await expectRoundTrip([CalendarDay(year: 2026, month: 11, day: 21)!, CalendarDay(year: -43, month: 3, day: 15)!])
    }

    @Test func `ranges come back`() async throws {
        let now = Date(timeIntervalSince1970: 1_795_000_000.123456)
        let day = CalendarDay(year: 2026, month: 11, day: 21)!
        try await expectRoundTrip([1..<5, -3..<4, 0..<0])
        try await expectRoundTrip([1...5, 7...7])
        try await expectRoundTrip([Int32(1)..<5])
        try await expectRoundTrip([now..<now.addingTimeInterval(60)])
        try await expectRoundTrip([now...now])
        try await expectRoundTrip([day..<day.advanced(by: 7)])
        try await expectRoundTrip([day...day.advanced(by: 7)])
        try await expectRoundTrip([Decimal(string: "1.5")!..<Decimal(string: "2.25")!])
        try await withClient { client in
            await #expect(throws: PostgresError.self) { try await client.query("select '[1,)'::int8range").decode(Range<Int>.self) }
        }
    }

    @Test func `JSON comes back, parsed or as text`() async throws {
        struct Answer: Codable, Sendable, Equatable {
            var question: String
            var scores: [Int]
            var at: Date
        }
        let answer = Answer(question: nastyText.joined(), scores: [1, 2], at: Date(timeIntervalSince1970: 1_795_000_000))
        try await expectRoundTrip([Jsonb(answer)])
        try await withClient { client in
            try await client.query("create table t (a json, b jsonb)")
            let text = JSONText(#"{"b": 1,  "a": [null]}"#)
            try await client.query("insert into t values (\(text), \(text))")
            for (json, jsonb) in try await client.query("select * from t").decode((JSONText, JSONText).self) {
                #expect(json == text)
                #expect(jsonb.text == #"{"a": [null], "b": 1}"#)
            }
        }
    }

    @Test func `arrays with other lower bounds are read`() async throws {
        try await withClient { client in
            let array = try await client.query("select '[2:3]={7,8}'::int[]").decode([Int].self)
            #expect(array == [[7, 8]])
        }
    }

    @Test func `a NUL character is refused before anything is sent`() async throws {
        try await withClient { client in
            for query: Query in ["select \("a\0b")", "select \(["ok", "a\0b"])", "select 1, \(query: "\("\0")")", Query(raw: "select 1\0")]
            {
                let error = await #expect(throws: PostgresError.self) { try await client.query(query) }
                #expect(error?.code == .invalidParameter)
            }
        }
    }

    @Test func `an error names column and type, and never the value`() async throws {
        try await withClient { client in
            let secret = "hunter2"
            let rows = try await client.query("select \(secret) as password, null::int as age")
            for attempt in [
                { try rows[0].decode((Int, Int?).self) as Any }, { try rows[0]["password", as: UUID.self] },
                { try rows[0]["age", as: Int.self] },
                { try rows.decode(Int.self) }, { try rows[0]["nope", as: Int.self] },
            ] as [() throws -> Any] {
                let error = #expect(throws: PostgresError.self) { _ = try attempt() }
                #expect(error?.code == .decoding)
                #expect(error?.description.contains(secret) == false)
            }
            let error = #expect(throws: PostgresError.self) { try rows[0]["password", as: UUID.self] }
            #expect(error?.description.contains("\"password\"") == true && error?.description.contains("UUID") == true)
        }
    }
}

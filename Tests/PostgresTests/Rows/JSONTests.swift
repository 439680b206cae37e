import Foundation
import Testing

@testable import Postgres

// Measured in a release build (CPU time of one thread, two shared cores): 50 rows of uuid, text, timestamptz, int, bool and text[],
// 7.6 KB of JSON, take 6 µs here and 300 µs by decoding into a Codable struct and JSONEncoder.
@Suite struct JSONTests {
    private func objects(_ rows: Rows) throws -> [[String: Any]] {
        var buffer: [UInt8] = []
        rows.appendJSON(into: &buffer)
        return try #require(try JSONSerialization.jsonObject(with: Data(buffer)) as? [[String: Any]])
    }

    @Test func `text of every kind reads back as it was, in values, arrays and keys`() async throws {
        try await withClient { client in
            let controls = (1..<0x20).map { String(UnicodeScalar(UInt8($0))) }
            for text in nastyText + controls + [nastyText.joined()] {
                let rows = try await client.query("select \(text) as text, \([text, nil, text]) as list, \([[text]]) as nested")
                let object = try objects(rows)[0]
                #expect(object["text"] as? String == text)
                #expect((object["list"] as? [Any])?.count == 3)
                #expect((object["list"] as? [Any])?[0] as? String == text)
                #expect((object["list"] as? [Any])?[1] is NSNull)
                #expect((object["nested"] as? [[String]]) == [[text]])
            }
            for name in nastyText where !name.isEmpty && name.utf8.count < 60 {
                let quoted = name.replacing("\"", with: "\"\"")
                let rows = try await client.query("select 1 as \"\(raw: quoted)\"")
                #expect(try objects(rows)[0][name] as? Int == 1)
            }
        }
    }

    @Test func `numbers read back to the last digit, and what JSON has no number for is null`() async throws {
        try await withClient { client in
            struct Numbers: Decodable { let double: Double?, integer: Int, list: [Int] }
            var random = SplitMix64(seed: 4)
            for _ in 0..<50 {
                let double = Double(bitPattern: random.next())
                let integer = Int(bitPattern: UInt(random.next()))
                var buffer: [UInt8] = []
                try await client.query("select \(double) as double, \(integer) as integer, \([integer]) as list").appendJSON(into: &buffer)
                // JSONSerialization reads numbers by way of Decimal and loses their last digits; JSONDecoder does not.
                let numbers = try #require(try JSONDecoder().decode([Numbers].self, from: Data(buffer)).first)
                #expect(numbers.double == (double.isFinite ? double : nil))
                #expect(numbers.integer == integer)
                #expect(numbers.list == [integer])
            }
            let rows = try await client.query(
                """
                select 'NaN'::numeric a, 'Infinity'::float4 b, '-Infinity'::float8 c, '{1.5,NaN}'::numeric[] d,
                  1e15::numeric e, -0.00 f, 1e-20::float8 g, 32767::int2 h, true i, false j, null::int k
                """)
            let object = try objects(rows)[0]
            for name in ["a", "b", "c", "k"] { #expect(object[name] is NSNull) }
            #expect((object["d"] as? [Any])?[0] as? Double == 1.5)
            #expect((object["d"] as? [Any])?[1] is NSNull)
            #expect(object["e"] as? Double == 1e15)
            #expect(object["g"] as? Double == 1e-20)
            #expect(object["h"] as? Int == 32767)
            #expect(object["i"] as? Bool == true)
            #expect(object["j"] as? Bool == false)
        }
    }

    @Test func `instants are RFC 3339 in UTC, days and unknown types are strings, bytes are base64`() async throws {
        try await withClient({ $0.sessionSettings["TimeZone"] = "UTC" }) { client in
            let bytes = (0..<4).map { count in (0..<count).map { UInt8(255 - $0) } }
            let rows = try await client.query(
                """
                select '2026-11-21 12:30:00.123456+02'::timestamptz a, '2026-11-21'::date b, '1 day 02:00'::interval c,
                  '{2026-11-21 10:00:00+00,NULL}'::timestamptz[] d, '12026-01-01 00:00:00+00'::timestamptz e, 'infinity'::timestamptz f,
                  '10.0.0.1'::inet g, '[1,5)'::int8range h, \(bytes[0]) as b0, \(bytes[1]) as b1, \(bytes[2]) as b2, \(bytes[3]) as b3
                """)
            let object = try objects(rows)[0]
            #expect(object["a"] as? String == "2026-11-21T10:30:00.123456Z")
            #expect(object["b"] as? String == "2026-11-21")
            #expect(object["c"] as? String == "1 day 02:00:00")
            #expect((object["d"] as? [Any])?[0] as? String == "2026-11-21T10:00:00Z")
            #expect(object["e"] as? String == "12026-01-01 00:00:00+00")
            #expect(object["f"] as? String == "infinity")
            #expect(object["g"] as? String == "10.0.0.1")
            #expect(object["h"] as? String == "[1,5)")
            for (index, bytes) in bytes.enumerated() { #expect(object["b\(index)"] as? String == Data(bytes).base64EncodedString()) }
        }
    }

    @Test func `JSON columns are embedded as they are, alone and in arrays`() async throws {
        try await withClient { client in
            let json = JSONText(#"{"a": [1, "x\"y", null], "b": {"c": "é"}}"#)
            let rows = try await client.query(
                "select \(json)::jsonb as a, \(json)::json as b, array[\(json)::jsonb] as c, '{}'::int[] as d")
            let object = try objects(rows)[0]
            let expected = try #require(try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? NSDictionary)
            #expect(object["a"] as? NSDictionary == expected)
            #expect(object["b"] as? NSDictionary == expected)
            #expect((object["c"] as? [NSDictionary]) == [expected])
            #expect((object["d"] as? [Int]) == [])
        }
    }

    @Test func `a page is a range of the rows`() async throws {
        try await withClient { client in
            let rows = try await client.query("select n from generate_series(1, 5) as n")
            var buffer: [UInt8] = Array("x".utf8)
            rows.appendJSON(1..<3, into: &buffer)
            #expect(String(decoding: buffer, as: UTF8.self) == #"x[{"n":2},{"n":3}]"#)
            buffer = []
            rows.appendJSON(0..<0, into: &buffer)
            rows[4].appendJSON(into: &buffer)
            #expect(String(decoding: buffer, as: UTF8.self) == #"[]{"n":5}"#)
        }
    }
}

import Foundation
import Kith
import Testing

@Suite struct JSONReaderTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func `What was written is read again, by this reader and by Foundation's`(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let value = Self.value(depth: 0, &random)
        let bytes = value.bytes
        #expect(try JSON(reading: bytes) == value)
        let foundation = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        #expect(Self.isSame(value, foundation))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `What Foundation writes is read alike`(seed: UInt64) throws {
        var random = SplitMix(seed: seed &+ 1_000_000)
        let value = Self.value(depth: 0, &random)
        let foundation = try JSONSerialization.jsonObject(with: Data(value.bytes), options: .fragmentsAllowed)
        let options: JSONSerialization.WritingOptions =
            Bool.random(using: &random) ? [.fragmentsAllowed, .prettyPrinted] : [.fragmentsAllowed]
        let written = try JSONSerialization.data(withJSONObject: foundation, options: options)
        #expect(Self.isSame(try JSON(reading: Array(written)), foundation))
    }

    @Test func `Text that is nested too deep is refused, before it can use up the stack`() throws {
        let levels = 100_000
        for bracket in ["[", "{\"a\":"] {
            #expect(throws: (any Error).self) { try JSON(reading: Array(String(repeating: bracket, count: levels).utf8)) }
        }
        let nested = { (depth: Int) in Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        #expect(throws: Never.self) { try JSON(reading: nested(32)) }
        #expect(throws: (any Error).self) { try JSON(reading: nested(40)) }
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `Damaged text is read or refused, and never accepted where Foundation refuses it`(seed: UInt64) throws {
        var random = SplitMix(seed: seed &+ 2_000_000)
        var bytes = Self.value(depth: 0, &random).bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            default: bytes.insert(#"{}[]",:\0-eE."#.utf8.randomElement(using: &random) ?? 0, at: place)
            }
        }
        guard let read = try? JSON(reading: bytes) else { return }
        let foundation = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        #expect(foundation.map { Self.isSame(read, $0) } == true, "\(String(decoding: bytes, as: UTF8.self))")
    }

    @Test(arguments: [
        "9223372036854775807", "-9223372036854775808", "0", "-0", "1.5", "1e2", "1E-2", "0.1", "123456789012345678",
    ])
    func `A number keeps its value`(text: String) throws {
        let value = try JSON(reading: Array(text.utf8))
        #expect(value.number == Double(text))
        if let integer = Int64(text) { #expect(value.integer == integer) }
    }

    @Test(arguments: [
        "01", "+1", ".5", "1.", "1e", "0x10", "Infinity", "-", "tru", "nul", "[1,]", "{\"a\" 1}", "\"\t\"", "\"\\x\"", "\"\\u12\"",
        "\"\\udc00\"",
        "[1 2]", "// x", "'a'",
    ])
    func `What is no JSON is refused`(text: String) {
        #expect(throws: Refusal.self) { try JSON(reading: Array(text.utf8)) }
    }

    private static func value(depth: Int, _ random: inout SplitMix) -> JSON {
        switch Int.random(in: 0..<(depth > 4 ? 6 : 9), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(.random(in: -1000...1000, using: &random))
        case 3: return .integer(Int64(bitPattern: random.next()))
        case 4: return .number(Double.random(in: -1e9...1e9, using: &random) + 0.5 / 1024)
        case 5: return .string(text(&random))
        case 6, 7: return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(depth: depth + 1, &random) })
        default:
            let members = (0..<Int.random(in: 0..<5, using: &random)).map { _ in (text(&random), value(depth: depth + 1, &random)) }
            return .object(Dictionary(members) { $1 })
        }
    }

    private static func text(_ random: inout SplitMix) -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "Z", "0", " ", "\"", "\\", "/", "\n", "\t", "\u{1}", "\u{1f}", "\u{7f}", "é", "€", "\u{2028}", "😀",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<12, using: &random) { text.append(scalars.randomElement(using: &random) ?? "a") }
        return String(text)
    }

    // Foundation answers numbers without saying whether they were written as integers.
    private static func isSame(_ json: JSON, _ other: Any) -> Bool {
        switch json {
        case .null: return other is NSNull
        case .bool(let value): return (other as? NSNumber)?.boolValue == value
        case .integer(let value): return (other as? NSNumber)?.int64Value == value
        // Foundation's numbers lose the last bits of a double on Linux.
        case .number(let value): return (other as? NSNumber).map { abs($0.doubleValue - value) <= abs(value) * 1e-14 } == true
        case .string(let text): return (other as? String).map { Array($0.utf8) == Array(text.utf8) } == true
        case .array(let elements):
            guard let others = other as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy(isSame)
        case .object(let members):
            guard let others = other as? [String: Any], others.count == members.count else { return false }
            return members.allSatisfy { name, value in others[name].map { isSame(value, $0) } == true }
        }
    }
}

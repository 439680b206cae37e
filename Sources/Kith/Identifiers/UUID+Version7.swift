public import struct FoundationEssentials.UUID
public import struct FoundationEssentials.Date

extension UUID {
    /// A new identifier of version 7 (RFC 9562, sections 5.7 and 6.2): milliseconds since 1970, 12 bits of the next one's fraction, then
    /// 62 random bits, so that rows cluster by age.
    public static func version7() -> UUID { version7(milliseconds: Date().timeIntervalSince1970 * 1000, random: .random(in: 0 ... .max)) }

    /// New identifiers in ascending order, for rows whose order is to be kept in a list by identifier.
    public static func version7(count: Int) -> [UUID] { (0..<count).map { _ in version7() }.sorted() }

    static func version7(milliseconds: Double, random: UInt64) -> UUID {
        let high = UInt64(milliseconds) << 16 | 0x7000 | UInt64(milliseconds.truncatingRemainder(dividingBy: 1) * 4096)
        let low = 0x8000_0000_0000_0000 | random >> 2
        func byte(_ value: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: value >> (56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5), byte(high, 6), byte(high, 7),
                byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}

import Crypto

/// Codes by time (RFC 6238, with HMAC-SHA-1, six digits and steps of 30 seconds, which every app knows).
package enum TOTP {
    /// The step of a moment.
    package static func step(at secondsSince1970: Double) -> Int64 { Int64(secondsSince1970) / 30 }

    /// The code of a step (RFC 4226, 5.3).
    package static func code(_ secret: [UInt8], step: Int64) -> String {
        let hash = withUnsafeBytes(of: step.bigEndian) { counter in
            Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        }
        let offset = Int(hash[19] & 15)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The secret as apps read it (RFC 4648, base 32).
    package static func base32(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var (value, count) = (0, 0)
        for byte in bytes {
            value = value << 8 | Int(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(digits[value >> count & 31])
            }
            value &= (1 << count) - 1
        }
        if count > 0 { text.append(digits[value << (5 - count) & 31]) }
        return text
    }
}

/// Writes a ZIP file in memory (PKWARE APPNOTE 6.3.10, without ZIP64): for exports of some megabytes.
///
/// ```swift
/// var zip = ZIPWriter(at: .init(year: 2026, month: 3, day: 1, hour: 9, minute: 30, second: 0))
/// zip.add("index.html", page)
/// let file = zip.finish()
/// ```
public struct ZIPWriter: Sendable {
    /// When its files were made, in the local time that ZIP files have, to two seconds.
    public struct Time: Sendable {
        let date: UInt16, time: UInt16

        /// Makes a time from 1980 to 2107.
        public init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
            date = UInt16(min(max(year - 1980, 0), 127) << 9 | month << 5 | day)
            time = UInt16(hour << 11 | minute << 5 | second / 2)
        }
    }

    /// How much a file in it, and all of it, may have at most: what fits in 32 bits.
    public static let mostBytes = Int(UInt32.max) - 1

    private let time: Time
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    /// Starts a ZIP file.
    public init(at time: Time) {
        self.time = time
    }

    /// Adds a file.
    /// - Parameters:
    ///   - name: its name, with `/` between folders
    ///   - content: what is in it
    public mutating func add(_ name: String, _ content: [UInt8]) {
        let compressed = Deflate.compress(content)
        let stored = compressed ?? content
        precondition(bytes.count + stored.count + name.utf8.count < Self.mostBytes && count < .max, "too large for a ZIP file")
        let offset = UInt32(bytes.count)
        var header: [UInt8] = []
        // What both headers have: version 2.0, names in UTF-8 (bit 11), the method, the time, the checksum and the sizes.
        header.append(20 as UInt16)
        header.append(1 << 11 as UInt16)
        header.append(compressed == nil ? 0 : 8 as UInt16)
        header.append(time.time)
        header.append(time.date)
        header.append(Deflate.checksum(content))
        header.append(UInt32(stored.count))
        header.append(UInt32(content.count))
        header.append(UInt16(name.utf8.count))
        header.append(0 as UInt16)

        bytes.append(0x0403_4b50 as UInt32)
        bytes += header
        bytes += name.utf8
        bytes += stored

        directory.append(0x0201_4b50 as UInt32)
        // Made by: Unix, so that the rights below count.
        directory.append(3 << 8 | 20 as UInt16)
        directory += header
        directory.append(0 as UInt16)
        directory.append(0 as UInt16)
        directory.append(0 as UInt16)
        directory.append(0o100600 << 16 as UInt32)
        directory.append(offset)
        directory += name.utf8
        count += 1
    }

    /// The file as a whole.
    public consuming func finish() -> [UInt8] {
        let offset = UInt32(bytes.count)
        bytes += directory
        bytes.append(0x0605_4b50 as UInt32)
        bytes.append(0 as UInt32)
        bytes.append(count)
        bytes.append(count)
        bytes.append(UInt32(directory.count))
        bytes.append(offset)
        bytes.append(0 as UInt16)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

import Crypto

extension PanelPool {
    /// The SHA-256 of the pool in lower-case hexadecimal, to publish before a draw.
    ///
    /// The bytes hashed are a run of netstrings (`length ":" bytes ","`, the length in decimal, the bytes UTF-8; D. J. Bernstein, 1997), numbers in
    /// decimal: `kith-panel-pool-1`; seats; `1` if at most one a household, else `0`; the number of features, then each; the number of targets,
    /// then feature, value, minimum and maximum of each; the number of candidates, then of each the id, its values, and `=` followed by the
    /// household or `-` where there is none. Features, targets and candidates stand in the pool's sorted order. Where anybody is seated or
    /// excluded before the draw, the first is `kith-panel-pool-2`, and each candidate's standing follows their household.
    public var canonicalHash: String {
        var hash = SHA256()
        func add(_ text: String) {
            hash.update(data: Array("\(text.utf8.count):".utf8) + Array(text.utf8) + [UInt8(ascii: ",")])
        }
        let isSettled = candidates.contains { $0.standing != .open }
        add(isSettled ? "kith-panel-pool-2" : "kith-panel-pool-1")
        add(String(seats))
        add(onePerHousehold ? "1" : "0")
        add(String(features.count))
        for feature in features { add(feature) }
        add(String(targets.count))
        for target in targets {
            add(target.feature)
            add(target.value)
            add(String(target.minimum))
            add(String(target.maximum))
        }
        add(String(candidates.count))
        for candidate in candidates {
            add(candidate.id)
            for value in candidate.values { add(value) }
            add(candidate.household.map { "=" + $0 } ?? "-")
            if isSettled { add(candidate.standing.rawValue) }
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

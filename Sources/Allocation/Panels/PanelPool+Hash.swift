extension PanelPool {
    /// The SHA-256 of the pool in lower-case hexadecimal, to publish before a draw.
    ///
    /// The bytes hashed are a run of netstrings (`length ":" bytes ","`, the length in decimal, the bytes UTF-8; D. J. Bernstein, 1997), numbers in
    /// decimal: `kith-panel-pool-1`; seats; `1` if at most one a household, else `0`; the number of features, then each; the number of targets,
    /// then feature, value, minimum and maximum of each; the number of candidates, then of each the id, its values, and `=` followed by the
    /// household or `-` where there is none. Features, targets and candidates stand in the pool's sorted order. Where anybody is seated or
    /// excluded before the draw, the first is `kith-panel-pool-2`, and each candidate's standing follows their household.
    public var canonicalHash: String {
        let isSettled = candidates.contains { $0.standing != .open }
        var digest = NetstringDigest(isSettled ? "kith-panel-pool-2" : "kith-panel-pool-1")
        digest.add(seats)
        digest.add(onePerHousehold ? 1 : 0)
        digest.add(features.count)
        for feature in features { digest.add(feature) }
        digest.add(targets.count)
        for target in targets {
            digest.add(target.feature)
            digest.add(target.value)
            digest.add(target.minimum)
            digest.add(target.maximum)
        }
        digest.add(candidates.count)
        for candidate in candidates {
            digest.add(candidate.id)
            for value in candidate.values { digest.add(value) }
            digest.add(candidate.household.map { "=" + $0 } ?? "-")
            if isSettled { digest.add(candidate.standing.rawValue) }
        }
        return digest.hexadecimal
    }
}

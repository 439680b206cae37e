/// A frozen pool of candidates with the targets that a panel drawn from it must meet.
///
/// The order in which things are given does not matter: features are sorted by name, values with them, candidates by id, targets by feature
/// and value, all by their UTF-8 bytes. Two pools with the same content are equal, have the same ``canonicalHash`` and give the same panel for
/// the same seed.
public struct PanelPool: Sendable, Hashable {
    /// The features, sorted.
    public let features: [String]

    /// The candidates, sorted by id, their values in the order of ``features``.
    public let candidates: [PanelCandidate]

    /// The targets, sorted by feature and value.
    public let targets: [PanelTarget]

    /// How many people make a panel.
    public let seats: Int

    /// Whether at most one person of a household may sit on a panel.
    public let onePerHousehold: Bool

    /// Checks and freezes a pool.
    ///
    /// - Parameters:
    ///   - features: What candidates differ in. A feature that no target names is kept but has no part in the draw.
    ///   - candidates: The people, each with one value a feature.
    ///   - targets: How many seats each value may have. If one value of a feature has a target, every value that a candidate has must have one:
    ///     a value without a target is more often a misspelling than a wish.
    ///   - seats: How many people make a panel.
    ///   - onePerHousehold: Whether at most one person of a household may sit on a panel, as is usual in the field. Candidates without
    ///     a household are not affected.
    /// - Throws: ``PanelPoolError`` with every problem found. A pool whose targets clash with each other in less plain ways is accepted here
    ///   and refused by ``requireFeasible(isCancelled:)`` and the draw, with the smallest change that would make it possible.
    public init(
        features: [String],
        candidates: [PanelCandidate],
        targets: [PanelTarget],
        seats: Int,
        onePerHousehold: Bool = true
    ) throws(PanelPoolError) {
        let problems = PanelPoolCheck(
            features: features, candidates: candidates, targets: targets, seats: seats, onePerHousehold: onePerHousehold
        ).problems()
        guard problems.isEmpty else { throw PanelPoolError(problems: problems) }

        let order = features.indices.sorted { features[$0].precedes(features[$1]) }
        self.features = order.map { features[$0] }
        self.candidates =
            candidates
            .map { candidate in
                PanelCandidate(
                    id: candidate.id, values: order.map { candidate.values[$0] }, household: candidate.household,
                    standing: candidate.standing)
            }
            .sorted { $0.id.precedes($1.id) }
        self.targets = targets.sorted {
            $0.feature == $1.feature ? $0.value.precedes($1.value) : $0.feature.precedes($1.feature)
        }
        self.seats = seats
        self.onePerHousehold = onePerHousehold
    }
}

extension String {
    /// Whether the UTF-8 bytes sort before another's: an order that no locale and no Unicode version changes.
    func precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

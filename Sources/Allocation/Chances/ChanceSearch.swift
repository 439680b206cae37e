/// Finds the lottery that gives the fairest chances.
///
/// First the fairest average of seats over the relaxation, then whole panels that have this average: by peeling, or, where that ends early, by
/// column generation. If they exist the lottery is the fairest there is, because the relaxation allows all that whole panels can do. If none do, that
/// proof is a cut, and the fairest average is sought again without what it takes away.
struct ChanceSearch {
    let kinds: PanelKinds
    let monitor: DrawMonitor

    /// The weight that a peel may leave over: no chance is then further from the fairest than this.
    private static let negligibleRest = 1e-7
    /// How far a chance may end below what was sought.
    private static let tolerance = 1e-7
    private static let roundLimit = 5_000

    /// A lottery and what it took.
    struct Finding {
        let lottery: PanelLottery
        /// How many averages that whole panels cannot have were cut away.
        var cuts = 0
        /// How many panels were sought to add to the lottery after the peel.
        var pricings = 0
    }

    /// - Returns: The lottery and what it took.
    /// - Throws: ``PanelDrawError``, `CancellationError`.
    func find(_ algorithm: PanelAlgorithm) throws -> Finding {
        var relaxation = PanelRelaxation(kinds)
        var wanted = try marginal(algorithm, relaxation)
        monitor.report(0.1)
        let peel = try PanelPeel(kinds: kinds, monitor: monitor).peel(wanted.average)
        if peel.rest <= Self.negligibleRest {
            let lottery = try PanelLottery(kinds: kinds, panels: peel.panels, weights: peel.weights)
            return Finding(lottery: try proved(lottery, gives: wanted))
        }
        monitor.report(0.3)
        let cover = try PanelCover(kinds: kinds, monitor: monitor)
        try cover.add(peel.panels)
        for cuts in 0..<Self.roundLimit {
            switch try cover.cover(wanted.floor) {
            case .lottery(let weights):
                let lottery = try PanelLottery(kinds: kinds, panels: cover.panels, weights: weights)
                return Finding(lottery: try proved(lottery, gives: wanted), cuts: cuts, pricings: cover.pricings)
            case .cut(let prices, let limit):
                relaxation.cut(prices, atMost: limit)
                wanted = try marginal(algorithm, relaxation)
            }
        }
        throw PanelDrawError.tooHard
    }

    private func marginal(_ algorithm: PanelAlgorithm, _ relaxation: PanelRelaxation) throws -> WantedSeats {
        let leximin = LeximinMarginal(relaxation: relaxation, monitor: monitor)
        switch algorithm {
        case .leximin: return try leximin.find()
        case .maximin: return try leximin.find(onlyFirst: true)
        case .nash: return try NashMarginal(relaxation: relaxation, monitor: monitor).find(from: leximin.find().average)
        case .goldilocks: return try GoldilocksMarginal(relaxation: relaxation, monitor: monitor).find(from: leximin.find().average)
        case .uniform: throw PanelDrawError.numericalTrouble("the uniform draw has no lottery")
        }
    }

    /// The lottery, once its tickets are seen to give every kind what the proof asks for.
    private func proved(_ lottery: PanelLottery, gives wanted: WantedSeats) throws -> PanelLottery {
        for kind in kinds.kinds.indices {
            var seats = 0.0
            for makeUp in lottery.makeUps { seats += Double(makeUp.tickets) * Double(makeUp.seats[kind]) }
            let chance = seats / Double(PanelLottery.ticketCount) / Double(kinds.kinds[kind].people.count)
            guard chance >= wanted.floor[kind] / Double(kinds.kinds[kind].people.count) - Self.tolerance else {
                throw PanelDrawError.numericalTrouble("the lottery gives someone less than the fairest chance")
            }
        }
        return lottery
    }
}

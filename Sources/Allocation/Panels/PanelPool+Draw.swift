extension PanelPool {
    /// Draws a panel.
    ///
    /// The same pool, algorithm and seed give the same draw on every machine. Every panel is checked in whole numbers against every rule before it
    /// is returned. Runs on the calling thread for as long as it takes, from milliseconds to a minute: call it away from event loops.
    ///
    /// - Parameters:
    ///   - algorithm: How to choose among the panels that meet the targets.
    ///   - seed: Any text; publish how it comes about before the draw.
    ///   - progress: Told the share done, from 0 to 1, rising; a guess, since nobody knows how long a search will last.
    ///   - isCancelled: Asked often whether to give up; by default whether the current task is cancelled.
    /// - Returns: The panel, its reserves and, where the algorithm knows them, everyone's chances.
    /// - Throws: ``PanelInfeasibility`` if no panel meets the targets, ``PanelDrawError`` if the search could not be brought to a sound end,
    ///   `CancellationError` if asked to give up.
    public func draw(
        _ algorithm: PanelAlgorithm,
        seed: String,
        progress: @escaping (Double) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { Task.isCancelled }
    ) throws -> PanelDraw {
        let lottery = try lottery(algorithm, progress: progress, isCancelled: isCancelled)
        let draw = try draw(algorithm, from: lottery, seed: seed, isCancelled: isCancelled)
        progress(1)
        return draw
    }

    /// Computes the lottery from which a panel is drawn, so that it can be committed to before the draw.
    ///
    /// - Returns: The lottery, `nil` for ``PanelAlgorithm/uniform``, which has none.
    /// - Throws: As ``draw(_:seed:progress:isCancelled:)-(_,String,_,_)``.
    public func lottery(
        _ algorithm: PanelAlgorithm,
        progress: @escaping (Double) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { Task.isCancelled }
    ) throws -> PanelLottery? {
        let monitor = DrawMonitor(progress: progress, isCancelled: isCancelled)
        monitor.report(0)
        try requireFeasible(isCancelled: isCancelled)
        if algorithm == .uniform { return nil }
        return try ChanceSearch(kinds: PanelKinds(self), monitor: monitor).find(algorithm).lottery
    }

    /// Draws a panel from a lottery that was computed before.
    ///
    /// - Parameters:
    ///   - algorithm: How the lottery was computed.
    ///   - lottery: The lottery; `nil` for ``PanelAlgorithm/uniform``.
    ///   - seed: Any text.
    ///   - isCancelled: Asked now and then whether to give up.
    /// - Returns: The panel, its reserves and everyone's chances.
    /// - Throws: As ``draw(_:seed:progress:isCancelled:)-(_,String,_,_)``.
    public func draw(
        _ algorithm: PanelAlgorithm,
        from lottery: PanelLottery?,
        seed: String,
        isCancelled: @escaping () -> Bool = { Task.isCancelled }
    ) throws -> PanelDraw {
        let members: [Int]
        if let lottery {
            var random = SeededGenerator(seed: seed, purpose: "lottery")
            let ticket = random.number(below: PanelLottery.ticketCount)
            members = PanelKinds(self).people(for: lottery.seats(ofTicket: ticket), using: &random)
        } else {
            members = try UniformDraw(pool: self, monitor: DrawMonitor(isCancelled: isCancelled)).draw(seed: seed)
        }
        let table = SeatTable(self)
        guard table.isPanel(members) else { throw PanelDrawError.numericalTrouble("the panel drawn breaks a rule") }
        let reserves = ReserveList(table: table, members: members).ordered(seed: seed)
        return PanelDraw(
            panel: members.map { candidates[$0].id },
            reserves: reserves.map { candidates[$0].id },
            probabilities: lottery?.probabilities,
            lottery: lottery,
            algorithm: algorithm,
            seed: seed,
            poolHash: canonicalHash
        )
    }

    /// Draws a panel from a number as seed: the same as the seed written in decimal.
    ///
    /// - Throws: As ``draw(_:seed:progress:isCancelled:)-(_,String,_,_)``.
    public func draw(
        _ algorithm: PanelAlgorithm,
        seed: UInt64,
        progress: @escaping (Double) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { Task.isCancelled }
    ) throws -> PanelDraw {
        try draw(algorithm, seed: String(seed), progress: progress, isCancelled: isCancelled)
    }

    /// Finds out whether any panel meets the targets.
    ///
    /// - Parameter isCancelled: Asked often whether to give up.
    /// - Throws: ``PanelInfeasibility`` with the smallest change if none does, ``PanelDrawError`` or `CancellationError`.
    public func requireFeasible(isCancelled: @escaping () -> Bool = { Task.isCancelled }) throws {
        let monitor = DrawMonitor(isCancelled: isCancelled)
        let kinds = PanelKinds(self)
        let shape = PanelProgram(kinds)
        let search = IntegerProgram(try shape.linearProgram(), bounds: shape.bounds, monitor: monitor)
        guard try search.maximise(stopsAtFirst: true, accepts: kinds.isPanel) == nil else { return }
        let infeasibility = try SmallestRelaxation(kinds: kinds, monitor: monitor).find()
        guard !infeasibility.changes.isEmpty else {
            throw PanelDrawError.numericalTrouble("the search found no panel and yet nothing to change")
        }
        throw infeasibility
    }

    /// The same pool with some people settled before the draw; who is not named keeps their standing.
    ///
    /// For people who must be on the panel or must not, and for a replacement draw: seat those who have said yes, exclude those who have
    /// declined, and draw again. The panel keeps the targets with those who stay.
    ///
    /// - Parameters:
    ///   - seated: The ids of people who are on the panel.
    ///   - excluded: The ids of people who are not.
    /// - Returns: The pool to draw from.
    /// - Throws: ``PanelPoolError`` if an id is unknown or named twice, or the pool is then not sound.
    public func settling(seated: [String] = [], excluded: [String] = []) throws(PanelPoolError) -> PanelPool {
        var standings: [String: PanelCandidate.Standing] = [:]
        var problems: [String] = []
        let known = Set(candidates.map(\.id))
        for (ids, standing) in [(seated, PanelCandidate.Standing.seated), (excluded, .excluded)] {
            for id in ids {
                if !known.contains(id) { problems.append("There is no candidate with the id \"\(id)\". Correct it.") }
                if let other = standings.updateValue(standing, forKey: id), other != standing {
                    problems.append("The candidate \"\(id)\" cannot be both included and excluded. Decide on one.")
                }
            }
        }
        guard problems.isEmpty else { throw PanelPoolError(problems: problems) }
        return try PanelPool(
            features: features,
            candidates: candidates.map {
                PanelCandidate(id: $0.id, values: $0.values, household: $0.household, standing: standings[$0.id] ?? $0.standing)
            },
            targets: targets, seats: seats, onePerHousehold: onePerHousehold)
    }

    /// The same pool without some people, as if they had never volunteered.
    ///
    /// - Parameter ids: Their ids.
    /// - Returns: The pool of those who are left.
    /// - Throws: ``PanelPoolError`` if the pool is then not sound.
    public func removing(_ ids: Set<String>) throws(PanelPoolError) -> PanelPool {
        try PanelPool(
            features: features, candidates: candidates.filter { !ids.contains($0.id) }, targets: targets, seats: seats,
            onePerHousehold: onePerHousehold)
    }

    /// The same pool with some targets as they might be.
    ///
    /// - Parameter new: Targets, each in the place of the one of the same feature and value.
    /// - Returns: The pool under them.
    /// - Throws: ``PanelPoolError`` if there is no such target or the pool is then not sound.
    public func replacing(_ new: [PanelTarget]) throws(PanelPoolError) -> PanelPool {
        var problems: [String] = []
        var targets = targets
        for target in new {
            if let index = targets.firstIndex(where: { $0.feature == target.feature && $0.value == target.value }) {
                targets[index] = target
            } else {
                problems.append("There is no target for \(target.feature) \(target.value). Correct the feature or the value.")
            }
        }
        guard problems.isEmpty else { throw PanelPoolError(problems: problems) }
        return try PanelPool(
            features: features, candidates: candidates, targets: targets, seats: seats, onePerHousehold: onePerHousehold)
    }

    /// Who takes the seat of a member who left: the first reserve with whom the panel still meets every rule.
    ///
    /// - Parameters:
    ///   - member: The id of the member who left.
    ///   - panel: The ids of the panel, the member's among them.
    ///   - reserves: The ids of the reserves, in their order; those on the panel are passed over.
    /// - Returns: The reserve's id, `nil` if no reserve can take the seat without breaking a rule.
    public func replacement(for member: String, on panel: [String], from reserves: [String]) -> String? {
        let positions = Dictionary(uniqueKeysWithValues: candidates.enumerated().map { ($1.id, $0) })
        let rest = panel.filter { $0 != member }
        let table = SeatTable(self)
        return reserves.first { reserve in
            guard reserve != member, !rest.contains(reserve) else { return false }
            let people = (rest + [reserve]).compactMap { positions[$0] }
            return people.count == panel.count && people.allSatisfy { table.standing[$0] != .excluded } && table.keepsRules(people)
        }
    }
}

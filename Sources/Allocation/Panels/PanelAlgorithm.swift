/// How a panel is drawn among those that meet the targets.
public enum PanelAlgorithm: String, CaseIterable, Sendable, Hashable, Codable {
    /// A panel at random among those that meet the targets, without known chances for each person.
    ///
    /// Each person gets a random number, and the panel with the greatest sum that meets the targets is found; so every possible panel can be drawn, and
    /// people whom every rule treats alike have equal chances. From there random exchanges of one to three members, accepted whenever the targets
    /// still hold, move the panel on: left to run for ever they would make each panel that exchanges can reach equally likely (Metropolis).
    /// They run for a settled number of steps, so the result is near to uniform where the targets leave room, and not where they are tight.
    case uniform

    /// A lottery in which the least chance of a seat is as great as can be among people who can be on a panel at all. Above that least chance,
    /// chances are as they come.
    case maximin

    /// A lottery in which the least chance of a seat is as great as can be, then the second least, and so on: no one's chance could be raised without
    /// lowering that of someone with no greater chance (Flanigan, Gölz, Gupta, Hennig, Procaccia, "Fair algorithms for selecting citizens' assemblies",
    /// Nature 596, 2021). Exact to within 1e-6 of each chance.
    case leximin

    /// A lottery in which the product of the chances of all people who can be on a panel at all is as great as can be (Nash welfare). Between leximin,
    /// which looks at the least first, and the greatest sum: a small chance counts for much, but not for everything.
    case nash

    /// A lottery in which the greatest chance is not too great and the least not too small: counted in multiples of the equal chance, the greatest
    /// plus one divided by the least is as small as can be (Baharav, Flanigan, EC 2024, with γ = 1); below the greatest, leximin. Nobody gains as much
    /// as under leximin from saying of themselves what few others say.
    case goldilocks
}

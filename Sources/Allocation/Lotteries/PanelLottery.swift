/// A lottery over panels that can be published and checked without a solver: so many tickets for each make-up of a panel, the people of a kind
/// by lot among their like.
///
/// To draw: take a ticket, each equally likely; its make-up tells how many seats each kind gets; the people of each kind are drawn by lot, so that all of a
/// kind have the same chance.
public struct PanelLottery: Sendable, Hashable {
    /// So many seats for each kind, and how many tickets this has.
    public struct MakeUp: Sendable, Hashable {
        /// How many of the ``PanelLottery/ticketCount`` tickets; greater than 0.
        public let tickets: Int

        /// The seats of each kind, in the order of ``PanelLottery/kinds``.
        public let seats: [Int]

        /// A make-up with its tickets.
        public init(tickets: Int, seats: [Int]) {
            self.tickets = tickets
            self.seats = seats
        }
    }

    /// How many tickets there are in all: 10¹².
    public static let ticketCount = 1_000_000_000_000

    /// The ids of the people of each kind: people whom every rule treats alike.
    public let kinds: [[String]]

    /// The make-ups, in the lexicographic order of their seats, each once. Each makes panels that meet every rule.
    public let makeUps: [MakeUp]

    /// A lottery as it was published; ``problem(in:)`` tells whether it is one of a pool.
    public init(kinds: [[String]], makeUps: [MakeUp]) {
        self.kinds = kinds
        self.makeUps = makeUps
    }

    /// The lottery of a pool whose make-ups were kept.
    public init(pool: PanelPool, makeUps: [MakeUp]) {
        self.init(kinds: PanelKinds(pool).ids, makeUps: makeUps)
    }

    /// Everyone's chance of a seat, by id, between 0 and 1: the tickets of each make-up times the share of the kind that it seats.
    public var probabilities: [String: Double] {
        var chances: [String: Double] = [:]
        for (kind, ids) in kinds.enumerated() {
            var seats = 0.0
            for makeUp in makeUps { seats += Double(makeUp.tickets) * Double(makeUp.seats[kind]) }
            for id in ids { chances[id] = seats / Double(Self.ticketCount) / Double(ids.count) }
        }
        return chances
    }

    /// Turns weights that add up to about 1 into tickets by largest remainder.
    ///
    /// - Throws: ``PanelDrawError/numericalTrouble(_:)`` if a panel breaks a rule or the weights are not what they should be.
    init(kinds: PanelKinds, panels: [[Int]], weights: [Double]) throws {
        let total = weights.reduce(0, +)
        guard abs(total - 1) < 1e-6 else { throw PanelDrawError.numericalTrouble("the weights of the panels do not add up") }
        var shares: [[Int]: Double] = [:]
        for (panel, weight) in zip(panels, weights) where weight > 0 { shares[panel, default: 0] += weight / total }
        let order = shares.keys.sorted { $0.lexicographicallyPrecedes($1) }
        guard order.allSatisfy(kinds.isPanel) else { throw PanelDrawError.numericalTrouble("a panel of the lottery breaks a rule") }
        let exact = order.map { (shares[$0] ?? 0) * Double(Self.ticketCount) }
        var tickets = exact.map { Int($0.rounded(.down)) }
        let missing = Self.ticketCount - tickets.reduce(0, +)
        guard 0 <= missing, missing <= 1_000_000 else { throw PanelDrawError.numericalTrouble("the tickets of the lottery do not add up") }
        let byRemainder = exact.indices.sorted { one, other in
            let (left, right) = (exact[one] - exact[one].rounded(.down), exact[other] - exact[other].rounded(.down))
            return left == right ? one < other : left > right
        }
        for extra in 0..<missing { tickets[byRemainder[extra % byRemainder.count]] += 1 }
        self.kinds = kinds.ids
        makeUps = zip(order, tickets).filter { $1 > 0 }.map { MakeUp(tickets: $1, seats: $0) }
    }

    /// What keeps this from being a lottery of a pool, checked in whole numbers; `nil` if nothing does.
    public func problem(in pool: PanelPool) -> String? {
        let own = PanelKinds(pool)
        guard kinds == own.ids else { return "People who differ are put together, or people who are alike are not." }
        guard makeUps.allSatisfy({ 1...Self.ticketCount ~= $0.tickets }) else { return "A make-up has an impossible number of tickets." }
        guard makeUps.reduce(0, { $0.addingReportingOverflow($1.tickets).partialValue }) == Self.ticketCount else {
            return "The tickets do not add up to \(Self.ticketCount)."
        }
        guard makeUps.allSatisfy({ own.isPanel($0.seats) }) else { return "A make-up breaks a rule or a target." }
        let sorted = zip(makeUps, makeUps.dropFirst()).allSatisfy { $0.seats.lexicographicallyPrecedes($1.seats) }
        return sorted ? nil : "The make-ups are not in their order, each once."
    }

    /// SHA-256, as netstrings: `kith-panel-lottery-1`; the number of kinds, then of each the number of people and their ids; the number of make-ups, then
    /// of each its tickets and the seats of each kind.
    public var hash: String {
        var digest = NetstringDigest("kith-panel-lottery-1")
        digest.add(kinds.count)
        for ids in kinds {
            digest.add(ids.count)
            for id in ids { digest.add(id) }
        }
        digest.add(makeUps.count)
        for makeUp in makeUps {
            digest.add(makeUp.tickets)
            for seats in makeUp.seats { digest.add(seats) }
        }
        return digest.hexadecimal
    }

    /// The seats of the make-up that a ticket stands for, counted from 0.
    func seats(ofTicket ticket: Int) -> [Int] {
        var last = 0
        for makeUp in makeUps {
            last += makeUp.tickets
            if ticket < last { return makeUp.seats }
        }
        return makeUps.last?.seats ?? []
    }
}

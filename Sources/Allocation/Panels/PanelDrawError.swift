/// Why a draw gave no panel although its targets may well be possible. A draw never returns a panel it cannot vouch for.
public enum PanelDrawError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The solver's arithmetic did not hold against the check in whole numbers; the text says where.
    case numericalTrouble(String)

    /// The search exceeded its limit.
    case tooHard

    /// What happened and what to do, in plain English.
    public var description: String {
        switch self {
        case .numericalTrouble(let place):
            "The panel was not drawn, because the calculation could not be trusted: \(place). Widen one of the targets by a seat and draw again."
        case .tooHard:
            "The panel was not drawn, because the targets are so tight that the search did not end. Widen one of the targets by a seat and draw again."
        }
    }
}

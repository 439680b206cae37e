public import Kith
public import struct FoundationEssentials.UUID

/// A request that has been read completely and found correct.
public struct Call<Fields: Input>: Sendable {
    /// Who asks.
    public let actor: Actor
    /// The fields of its body, or its query parameters.
    public let input: Fields
    /// The page, for a list.
    public let page: Page
    /// The hash of the token that was presented.
    public let token: [UInt8]?
    let presented: Presented
    let identifiers: [String: UUID]
    let words: [String: String]

    /// The browser, or the program, that the request came from.
    public var browser: Browser { Browser(secret: presented.browser, address: presented.address, session: presented.session) }

    /// The identifier that a path parameter holds.
    public func id(_ parameter: String) -> UUID {
        guard let id = identifiers[parameter] else { preconditionFailure("the path has no identifier \(parameter)") }
        return id
    }

    /// The word that a path parameter holds.
    public func word(_ parameter: String) -> String {
        guard let word = words[parameter] else { preconditionFailure("the path has no word \(parameter)") }
        return word
    }

    func with<Other: Input>(_ input: Other, page: Page) -> Call<Other> {
        Call<Other>(
            actor: actor.reading(page), input: input, page: page, token: token, presented: presented, identifiers: identifiers, words: words
        )
    }
}

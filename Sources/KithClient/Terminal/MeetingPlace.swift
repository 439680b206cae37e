public import ArgumentParser
public import Kith

/// Where people meet, or how they join from elsewhere.
public struct MeetingPlace: ParsableArguments {
    @Option(help: "Where it is.") var at: String?
    @Option(help: "The link for those who join from elsewhere.") var link: String?
    @Option(help: "The number for those who join by phone.") var phone: String?

    public init() {}

    /// What of it was said, by the names of the API.
    public var members: [String: JSON?] {
        ["place": at.map(JSON.string), "remote_link": link.map(JSON.string), "phone": phone.map(JSON.string)]
    }
}

/// A break in a meeting, as in `60+15`: after 60 minutes, 15 minutes long.
public struct MeetingBreak: ExpressibleByArgument, Sendable {
    /// As the API takes it.
    public let json: JSON

    public init?(argument: String) {
        let parts = argument.split(separator: "+").compactMap { Int64($0) }
        guard parts.count == 2 else { return nil }
        json = ["after_minutes": .integer(parts[0]), "minutes": .integer(parts[1])]
    }
}

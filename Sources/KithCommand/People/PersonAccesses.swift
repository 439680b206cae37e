import ArgumentParser
import KithClient

/// `kith person accesses`
struct PersonAccesses: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accesses", abstract: "Show who has looked at your record, when, and why.",
        discussion: "Reads of your record by anybody else are here, and of the pages of lists on which you stand.")

    @OptionGroup var place: NetworkOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        output.show(
            list: try await place.client().list("people/me/accesses", most: list.most),
            [
                Column("AT", "at"), Column("WHO", "person_name"), Column("HOW", "operation"), Column("AS", "role"),
                Column("LIST", "is_list"),
                Column("WHY", "reason"),
            ], ifEmpty: "Nobody else has looked at your record.")
    }
}

extension [String: String] {
    /// The header that says why somebody looks at people's records.
    static func accessReason(_ reason: String?) -> [String: String] {
        reason.map { ["Kith-Access-Reason": $0] } ?? [:]
    }
}

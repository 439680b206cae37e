package import Allocation
package import PluginKit

/// A draw as a file that anybody can check with `kith verify draw`, and how it is read again.
///
/// Compact JSON with sorted members. There is one way to write a record, so a file with one byte changed is no record or another one.
package enum DrawFile {
    /// Why a file is no draw, in plain English.
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    private static let format = "kith-draw-1"

    /// The file of a record.
    package static func document(_ record: DrawRecord) -> JSON {
        let pool = record.pool
        return .members([
            "format": .string(format),
            "pool": [
                "seats": .integer(Int64(pool.seats)), "one_per_household": .bool(pool.onePerHousehold),
                "features": .array(pool.features.map(JSON.string)),
                "targets": .array(pool.targets.map(\.json)),
                "candidates": .array(
                    pool.candidates.map {
                        [
                            "id": .string($0.id), "values": .array($0.values.map(JSON.string)),
                            "household": $0.household.map(JSON.string) ?? .null, "standing": .string($0.standing.rawValue),
                        ]
                    }),
            ],
            "commitment": .members([
                "digest": .string(record.committed), "pool_hash": .string(record.commitment.poolHash),
                "algorithm": .string(record.commitment.algorithm.rawValue), "version": .string(record.commitment.version),
                "lottery_hash": .string(record.commitment.lotteryHash),
                "public_value_source": .string(record.commitment.publicValueSource),
                "secret_hash": .string(record.commitment.secretHash),
                "alternates": record.commitment.alternates == 0 ? nil : .integer(Int64(record.commitment.alternates)),
            ]),
            "lottery": record.lottery.map(document) ?? .null,
            "secret": .string(record.secret), "public_value": .string(record.publicValue), "seed": .string(record.seed),
            "drand": record.drand.map(document),
            "panel": .array(record.panel.map(JSON.string)), "reserves": .array(record.reserves.map(JSON.string)),
        ])
    }

    private static func document(_ round: DrandRound) -> JSON {
        [
            "chain": .string(round.chain), "round": .integer(Int64(round.number)), "randomness": .string(round.randomness),
            "signature": .string(round.signature), "address": .string(round.address),
        ]
    }

    private static func drand(_ json: JSON) throws -> DrandRound {
        DrandRound(
            chain: try text(json["chain"], "the chain of drand"), number: try number(json["round"] ?? .null, "the round of drand"),
            randomness: try text(json["randomness"], "the randomness of drand"),
            signature: try text(json["signature"], "the signature of drand"), address: try text(json["address"], "the address of drand"))
    }

    private static func document(_ lottery: PanelLottery) -> JSON {
        [
            "kinds": .array(lottery.kinds.map { .array($0.map(JSON.string)) }),
            "make_ups": makeUps(lottery),
        ]
    }

    /// The make-ups of a lottery: of each its tickets, then the seats of each kind.
    static func makeUps(_ lottery: PanelLottery) -> JSON {
        .array(lottery.makeUps.map { .array(([$0.tickets] + $0.seats).map { .integer(Int64($0)) }) })
    }

    /// The make-ups of a lottery that was kept.
    static func makeUps(_ json: JSON) throws -> [PanelLottery.MakeUp] {
        try list(json, "the make-ups").map { line in
            let numbers = try list(line, "a make-up").map { try number($0, "a make-up") }
            guard let tickets = numbers.first else { throw problem("a make-up") }
            return PanelLottery.MakeUp(tickets: tickets, seats: Array(numbers.dropFirst()))
        }
    }

    /// Reads a file.
    ///
    /// - Throws: ``Problem`` if it is not a file of a draw, or not written as Kith writes it; `PanelPoolError` if its pool cannot be.
    package static func record(reading bytes: [UInt8]) throws -> DrawRecord {
        let json: JSON
        do { json = try JSON(reading: bytes) } catch { throw Problem(description: "This is not a file of a draw: it is not JSON.") }
        guard json["format"]?.string == format else {
            throw Problem(description: "This is not a file of a draw, or of another version of Kith: its format is not \(format).")
        }
        let record = try record(json)
        // One line's end is allowed, because commands print one.
        guard document(record).bytes[...] == (bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]) else {
            throw Problem(description: "The file was changed: it is not written as Kith writes the file of a draw.")
        }
        return record
    }

    private static func record(_ json: JSON) throws -> DrawRecord {
        guard let algorithm = PanelAlgorithm(rawValue: try text(json["commitment"]?["algorithm"], "the algorithm")) else {
            throw problem("the algorithm")
        }
        let commitment = json["commitment"]
        return DrawRecord(
            pool: try pool(json["pool"] ?? .null),
            commitment: DrawCommitment(
                poolHash: try text(commitment?["pool_hash"], "the pool's hash"), algorithm: algorithm,
                version: try text(commitment?["version"], "the version"),
                lotteryHash: try text(commitment?["lottery_hash"], "the lottery's hash"),
                publicValueSource: try text(commitment?["public_value_source"], "the source of the public value"),
                secretHash: try text(commitment?["secret_hash"], "the secret's hash"),
                alternates: try commitment?["alternates"].map { try count($0, "the number of alternates") } ?? 0),
            committed: try text(commitment?["digest"], "the commitment"),
            lottery: try json["lottery"].flatMap { $0 == .null ? nil : try lottery($0) },
            secret: try text(json["secret"], "the secret"), publicValue: try text(json["public_value"], "the public value"),
            drand: try json["drand"].map(drand),
            seed: try text(json["seed"], "the seed"), panel: try texts(json["panel"], "the panel"),
            reserves: try texts(json["reserves"], "the reserves"))
    }

    private static func pool(_ json: JSON) throws -> PanelPool {
        guard let onePerHousehold = json["one_per_household"]?.bool else { throw problem("the rule for households") }
        return try PanelPool(
            features: try texts(json["features"], "the features"),
            candidates: try list(json["candidates"], "the candidates").map { candidate in
                guard let standing = PanelCandidate.Standing(rawValue: try text(candidate["standing"], "a standing")) else {
                    throw problem("a standing")
                }
                let household = candidate["household"] ?? .null
                return PanelCandidate(
                    id: try text(candidate["id"], "an id"), values: try texts(candidate["values"], "somebody's values"),
                    household: household == .null ? nil : try text(household, "a household"), standing: standing)
            },
            targets: try list(json["targets"], "the targets").map {
                PanelTarget(
                    feature: try text($0["feature"], "a target"), value: try text($0["value"], "a target"),
                    minimum: try number($0["minimum"], "a target"), maximum: try number($0["maximum"], "a target"))
            },
            seats: try number(json["seats"], "the number of seats"), onePerHousehold: onePerHousehold)
    }

    private static func lottery(_ json: JSON) throws -> PanelLottery {
        PanelLottery(
            kinds: try list(json["kinds"], "the kinds").map { try texts($0, "a kind") }, makeUps: try makeUps(json["make_ups"] ?? .null))
    }

    private static func problem(_ part: String) -> Problem {
        Problem(description: "The file was changed or is not whole: \(part) cannot be read.")
    }

    private static func text(_ json: JSON?, _ part: String) throws -> String {
        guard let text = json?.string else { throw problem(part) }
        return text
    }

    private static func number(_ json: JSON?, _ part: String) throws -> Int {
        guard let number = json?.integer.flatMap({ Int(exactly: $0) }) else { throw problem(part) }
        return number
    }

    private static func count(_ json: JSON, _ part: String) throws -> Int {
        let count = try number(json, part)
        guard count >= 0 else { throw problem(part) }
        return count
    }

    private static func list(_ json: JSON?, _ part: String) throws -> [JSON] {
        guard let list = json?.array else { throw problem(part) }
        return list
    }

    private static func texts(_ json: JSON?, _ part: String) throws -> [String] {
        try list(json, part).map { try text($0, part) }
    }
}

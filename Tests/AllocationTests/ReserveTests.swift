import Allocation
import Testing

@Suite("Reserves")
struct ReserveTests {
    @Test("each reserve can take some member's seat, and everyone who can is listed", arguments: 0..<80)
    func reserves(seed: Int) throws {
        guard let pool = try? SmallPool(seed: UInt64(1_000 + seed), tightness: 0.3).pool(), !pool.everyPanel().isEmpty else { return }
        let draw = try pool.draw(.uniform, seed: UInt64(seed))
        let useful = pool.candidates.map(\.id).filter { person in
            !draw.panel.contains(person)
                && draw.panel.contains { member in pool.meetsEveryRule(draw.panel.filter { $0 != member } + [person]) }
        }
        #expect(Set(draw.reserves) == Set(useful))
        #expect(Set(draw.reserves).count == draw.reserves.count)
        for member in draw.panel {
            let first = draw.reserves.first { pool.meetsEveryRule(draw.panel.filter { $0 != member } + [$0]) }
            #expect(pool.replacement(for: member, on: draw.panel, from: draw.reserves) == first)
        }
    }
}

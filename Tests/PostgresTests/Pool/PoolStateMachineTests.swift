import Testing

@testable import Postgres

@Suite struct PoolStateMachineTests {
    private typealias Pool = PoolStateMachine<Int>
    private let start = ContinuousClock.now

    private func pool(minimum: Int = 0, maximum: Int = 2) -> Pool {
        Pool(limits: .init(minimum: minimum, maximum: maximum, idleTimeout: .seconds(60), lifetime: .seconds(1000)))
    }

    private func acquire(_ pool: inout Pool, _ waiter: Int, at instant: ContinuousClock.Instant? = nil) -> [Pool.Action] {
        pool.acquire(waiter, deadline: (instant ?? start) + .seconds(5), now: instant ?? start)
    }

    @Test func `it opens the minimum at once and no more than the maximum`() {
        var pool = pool(minimum: 1, maximum: 2)
        #expect(pool.start(now: start) == [.connect(1)])
        #expect(acquire(&pool, 10) == [])
        #expect(acquire(&pool, 11) == [.connect(2)])
        #expect(acquire(&pool, 12) == [])
        #expect(pool.connected(1, now: start, chance: 0) == [.lease(1, 10)])
        #expect(pool.connected(2, now: start, chance: 0) == [.lease(2, 11)])
        #expect(pool.release(1, now: start) == [.lease(1, 12)])
    }

    @Test func `waiters are served strictly in order, and those that left are passed over`() {
        var pool = pool(maximum: 1)
        #expect(acquire(&pool, 1) == [.connect(1)])
        for waiter in 2...5 { #expect(acquire(&pool, waiter) == []) }
        let (first, second) = (pool.cancel(3), pool.cancel(3))
        #expect(first && !second)
        #expect(pool.connected(1, now: start, chance: 0) == [.lease(1, 1)])
        #expect(pool.release(1, now: start) == [.lease(1, 2)])
        #expect(pool.release(1, now: start) == [.lease(1, 4)])
        #expect(pool.release(1, now: start) == [.lease(1, 5)])
        #expect(pool.release(1, now: start) == [])
        #expect(acquire(&pool, 6) == [.lease(1, 6)])
    }

    @Test func `a waiter fails when its time is up, and no sooner`() {
        var pool = pool(maximum: 1)
        _ = acquire(&pool, 1)
        _ = pool.connected(1, now: start, chance: 0)
        _ = acquire(&pool, 2)
        _ = pool.acquire(3, deadline: start + .seconds(1), now: start)
        #expect(pool.nextTick == start + .seconds(1))
        #expect(pool.tick(now: start + .seconds(1)) == [.fail(3, .timeout)])
        #expect(pool.tick(now: start + .milliseconds(4999)) == [])
        #expect(pool.tick(now: start + .seconds(5)) == [.fail(2, .timeout)])
        #expect(pool.release(1, now: start + .seconds(5)) == [])
    }

    @Test func `idle connections above the minimum are closed, the least recently used first`() {
        var pool = pool(minimum: 1, maximum: 3)
        _ = pool.start(now: start)
        _ = acquire(&pool, 10)
        _ = acquire(&pool, 11)
        _ = pool.connected(1, now: start, chance: 1)
        _ = pool.connected(2, now: start, chance: 1)
        _ = pool.release(1, now: start)
        _ = pool.release(2, now: start + .seconds(1))
        #expect(pool.tick(now: start + .seconds(59)) == [])
        #expect(pool.nextTick == start + .seconds(60))
        #expect(pool.tick(now: start + .seconds(60)) == [.close(1)])
        #expect(pool.tick(now: start + .seconds(100)) == [])
    }

    @Test func `a connection ends between four fifths of its lifetime and the whole, and is replaced`() {
        var pool = pool(minimum: 1, maximum: 1)
        _ = pool.start(now: start)
        _ = pool.connected(1, now: start, chance: 0.5)
        #expect(pool.tick(now: start + .seconds(899)) == [])
        #expect(pool.tick(now: start + .seconds(900)) == [.close(1), .connect(2)])
    }

    @Test func `a connection past its lifetime is closed when it is released, and its waiter gets a new one`() {
        var pool = pool(maximum: 1)
        _ = acquire(&pool, 1)
        _ = pool.connected(1, now: start, chance: 0)
        let later = start + .seconds(900)
        _ = acquire(&pool, 2, at: later)
        #expect(pool.release(1, now: later) == [.close(1), .connect(2)])
        #expect(pool.connected(2, now: later, chance: 0) == [.lease(2, 2)])
    }

    @Test func `failed attempts are repeated ever more slowly, one at a time`() {
        var pool = pool(maximum: 2)
        #expect(acquire(&pool, 1) == [.connect(1)])
        #expect(acquire(&pool, 2) == [.connect(2)])
        #expect(pool.connectFailed(1, now: start, chance: 1) == [])
        #expect(pool.connectFailed(2, now: start, chance: 1) == [])
        #expect(pool.tick(now: start + .milliseconds(99)) == [])
        #expect(pool.tick(now: start + .milliseconds(100)) == [.connect(3)])
        #expect(pool.connectFailed(3, now: start + .milliseconds(100), chance: 1) == [])
        #expect(pool.tick(now: start + .milliseconds(299)) == [])
        #expect(pool.tick(now: start + .milliseconds(300)) == [.connect(4)])
        #expect(pool.connected(4, now: start + .milliseconds(300), chance: 0) == [.lease(4, 1), .connect(5)])
    }

    @Test func `the circuit opens after four failures, fails fast, and closes when a probe succeeds`() {
        var pool = pool(maximum: 2)
        var now = start
        _ = acquire(&pool, 1)
        for attempt in 1...3 {
            #expect(pool.connectFailed(attempt, now: now, chance: 1) == [])
            now += .seconds(1)
            #expect(pool.tick(now: now) == [.connect(attempt + 1)])
        }
        #expect(pool.connectFailed(4, now: now, chance: 1) == [.fail(1, .unavailable)])
        #expect(acquire(&pool, 2, at: now) == [.fail(2, .unavailable)])
        now += .seconds(1)
        #expect(acquire(&pool, 3, at: now) == [.connect(5)], "the first to come after the pause is the probe")
        #expect(acquire(&pool, 4, at: now) == [.fail(4, .unavailable)], "nobody waits beside it")
        #expect(pool.connected(5, now: now, chance: 0) == [.lease(5, 3)])
        #expect(acquire(&pool, 6, at: now) == [.connect(6)])
    }

    @Test func `a shutdown serves those who wait, refuses those who come, and closes everything`() {
        var pool = pool(maximum: 1)
        _ = acquire(&pool, 1)
        _ = pool.connected(1, now: start, chance: 0)
        _ = acquire(&pool, 2)
        #expect(pool.shutDown() == [])
        #expect(acquire(&pool, 3) == [.fail(3, .shutDown)])
        #expect(pool.release(1, now: start) == [.lease(1, 2)])
        #expect(!pool.isDrained)
        #expect(pool.release(1, now: start) == [.close(1)])
        #expect(pool.isDrained)
    }

    @Test func `a shutdown without a server does not wait for one`() {
        var pool = pool(maximum: 1)
        _ = acquire(&pool, 1)
        #expect(pool.shutDown() == [])
        #expect(pool.connectFailed(1, now: start, chance: 0) == [.fail(1, .shutDown)])
        #expect(pool.isDrained)
    }

    @Test(arguments: 0..<50) func `under random events every waiter is answered once and no connection serves two`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var pool = pool(minimum: Int.random(in: 0...2, using: &random), maximum: Int.random(in: 2...5, using: &random))
        var now = start
        var connecting: Set<Int> = []
        var leased: [Int: Int] = [:]
        var open: Set<Int> = []
        var pending: [Int] = []
        var answered: Set<Int> = []
        var nextWaiter = 0

        func apply(_ actions: [Pool.Action]) {
            for action in actions {
                switch action {
                case .connect(let id):
                    #expect(connecting.insert(id).inserted && !open.contains(id))
                    #expect(connecting.count + open.count <= pool.limits.maximum)
                case .lease(let id, let waiter):
                    #expect(open.contains(id) && leased[id] == nil)
                    #expect(pending.first == waiter, "out of turn")
                    pending.removeAll { $0 == waiter }
                    #expect(answered.insert(waiter).inserted)
                    leased[id] = waiter
                case .close(let id):
                    #expect(open.remove(id) != nil)
                    leased[id] = nil
                case .fail(let waiter, _):
                    pending.removeAll { $0 == waiter }
                    #expect(answered.insert(waiter).inserted)
                }
            }
        }

        apply(pool.start(now: now))
        for _ in 0..<2000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                nextWaiter += 1
                pending.append(nextWaiter)
                apply(pool.acquire(nextWaiter, deadline: now + .seconds(5), now: now))
            case 4...6:
                guard let id = leased.keys.sorted().randomElement(using: &random) else { continue }
                leased[id] = nil
                apply(pool.release(id, now: now))
            case 7:
                guard let id = connecting.sorted().randomElement(using: &random) else { continue }
                connecting.remove(id)
                if Bool.random(using: &random) {
                    open.insert(id)
                    apply(pool.connected(id, now: now, chance: 0.5))
                } else {
                    apply(pool.connectFailed(id, now: now, chance: 0.5))
                }
            case 8:
                if let id = open.sorted().randomElement(using: &random), Int.random(in: 0..<5, using: &random) == 0 {
                    apply(pool.discard(id, now: now))
                } else if let waiter = pending.randomElement(using: &random), pool.cancel(waiter) {
                    pending.removeAll { $0 == waiter }
                }
            default:
                now += .milliseconds(Int.random(in: 0...400, using: &random))
                apply(pool.tick(now: now))
            }
            #expect(pool.census == PoolCensus(open: open.count, used: leased.count, waiting: pending.count))
        }
    }
}

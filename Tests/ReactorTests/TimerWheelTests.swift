import TestSupport
import Testing

@testable import Reactor

@Suite struct TimerWheelTests {
    @Test func endsInOrderOfTime() {
        var wheel = TimerWheel<Int>(startingAt: 1000)
        for delay in [70_000, 1, 64, 63, 4096, 300_000_000, 2] { _ = wheel.insert(delay, at: UInt64(1000 + delay)) }
        var ended: [Int] = []
        wheel.advance(to: 1000 + 400_000_000, ended: &ended)
        #expect(ended == [1, 2, 63, 64, 4096, 70_000, 300_000_000])
        #expect(wheel.count == 0)
        #expect(wheel.nextTick == nil)
    }

    @Test func endsWhatIsOverdueAtTheNextTick() {
        var wheel = TimerWheel<Int>(startingAt: 1000)
        _ = wheel.insert(1, at: 5)
        var ended: [Int] = []
        wheel.advance(to: 1000, ended: &ended)
        #expect(ended.isEmpty)
        wheel.advance(to: 1001, ended: &ended)
        #expect(ended == [1])
    }

    @Test func reachesBeyondItsLastLevel() {
        var wheel = TimerWheel<Int>(startingAt: 77)
        let far = UInt64(1) << 40
        _ = wheel.insert(1, at: far)
        var ended: [Int] = []
        wheel.advance(to: far - 1, ended: &ended)
        #expect(ended.isEmpty)
        wheel.advance(to: far, ended: &ended)
        #expect(ended == [1])
    }

    @Test func removingTwiceTouchesNobodyElse() {
        var wheel = TimerWheel<Int>(startingAt: 0)
        let first = wheel.insert(1, at: 10)
        wheel.remove(first)
        _ = wheel.insert(2, at: 10)
        wheel.remove(first)
        var ended: [Int] = []
        wheel.advance(to: 10, ended: &ended)
        #expect(ended == [2])
    }

    /// Against a plain list: same ends at the same time, and `nextTick` is never too late.
    @Test(arguments: 0..<20)
    func behavesLikeAList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var now = UInt64.random(in: 0...1 << 38, using: &random)
        var wheel = TimerWheel<Int>(startingAt: now)
        var expected: [Int: UInt64] = [:]
        var identifiers: [Int: TimerWheel<Int>.ID] = [:]
        for number in 0..<2000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let tick =
                    now + 1 + UInt64.random(in: 0..<1 << UInt64.random(in: 0..<38, using: &random), using: &random)
                identifiers[number] = wheel.insert(number, at: tick)
                expected[number] = tick
            case 2:
                guard let victim = expected.keys.min(), let id = identifiers[victim] else { continue }
                wheel.remove(id)
                expected[victim] = nil
            default:
                if let next = wheel.nextTick, let earliest = expected.values.min() { #expect(next <= earliest) }
                now += UInt64.random(in: 0..<1 << UInt64.random(in: 0..<36, using: &random), using: &random)
                var ended: [Int] = []
                wheel.advance(to: now, ended: &ended)
                let due = expected.filter { $0.value <= now }
                #expect(Set(ended) == Set(due.keys))
                #expect(ended.map { due[$0] ?? 0 } == due.values.sorted())
                for number in ended { expected[number] = nil }
            }
            #expect(wheel.count == expected.count)
        }
    }
}

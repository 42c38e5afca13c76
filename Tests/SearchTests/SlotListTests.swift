import TestSupport
import Testing

@testable import Search

@Suite struct SlotListTests {
    @Test(arguments: [
        [5], [5, 6], [0, 8, 16, 24, 32, 40, 41], [1, 2, 3, 4, 1_000_000_000_000], [7, 15, 23, 100, 108, 116, 124, 132],
    ])
    func comesBack(slots: [Int64]) {
        #expect(SlotList.decode(SlotList.encode(slots), first: slots[0]) == slots)
    }

    @Test func aLetterInEveryMessageCostsNearlyNothing() {
        #expect(SlotList.encode((0..<8000).map { Int64($0) * 8 + 5 }).count < 8)
    }

    @Test func anyAscendingListComesBack() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            var slots: [Int64] = [Int64.random(in: 0...1 << 40, using: &generator)]
            let steps: [Int64] = [1, 1, 8, 8, 8, 8, 127, 128, 70_000].shuffled(using: &generator)
            for _ in 0..<Int.random(in: 0...200, using: &generator) {
                slots.append(slots[slots.count - 1] + (steps.prefix(2).randomElement(using: &generator) ?? 1))
            }
            #expect(SlotList.decode(SlotList.encode(slots), first: slots[0]) == slots)
        }
    }

    @Test("INV-9: broken bytes neither trap nor run away", arguments: 0..<200)
    func brokenBytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        var count = 0
        SlotList.scan(bytes, first: 1) { _ in count += 1 }
        #expect((1...2_000_000).contains(count))
    }
}

import TestSupport
import Testing

@testable import IMAPServer

@Suite struct LinkedForestTests {
    @Test("roots are those that walking up finds, after any links and cuts", arguments: 0..<20)
    func roots(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var forest = LinkedForest()
        let count = 60
        for _ in 0..<count { _ = forest.add() }
        var parents = [Int?](repeating: nil, count: count)
        func root(_ node: Int) -> Int {
            var node = node
            while let parent = parents[node] { node = parent }
            return node
        }
        for _ in 0..<2000 {
            let (child, parent) = (
                Int.random(in: 0..<count, using: &generator), Int.random(in: 0..<count, using: &generator)
            )
            if Int.random(in: 0..<3, using: &generator) == 0 {
                forest.cut(child)
                parents[child] = nil
            } else {
                forest.link(child, under: parent)
                if parents[child] == nil, root(parent) != child { parents[child] = parent }
            }
            let asked = Int.random(in: 0..<count, using: &generator)
            #expect(forest.root(of: asked) == root(asked))
        }
        #expect((0..<count).map { forest.parent(of: $0) } == parents)
    }
}

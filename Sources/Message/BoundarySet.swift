/// The boundaries of the multiparts that are open, found in time linear in the line however many are
/// open and however much they have in common: a tree of their bytes.
///
/// RFC 2046 §5.1.1 compares with the beginning of a line; where several fit the longest wins, so
/// that a boundary that begins with another one is never taken for it.
struct BoundarySet {
    private struct Node {
        /// Depths of the open multiparts whose boundary ends here; the innermost is last.
        var owners: [Int] = []
    }

    private struct Edge: Hashable {
        let node: Int
        let byte: UInt8
    }

    private var nodes = [Node()]
    private var edges: [Edge: Int] = [:]
    private var open: [Int] = []

    var isEmpty: Bool { open.isEmpty }

    mutating func push(_ boundary: [UInt8], depth: Int) {
        var node = 0
        for byte in boundary {
            let edge = Edge(node: node, byte: byte)
            if let next = edges[edge] {
                node = next
            } else {
                nodes.append(Node())
                node = nodes.count - 1
                edges[edge] = node
            }
        }
        nodes[node].owners.append(depth)
        open.append(node)
    }

    mutating func pop() {
        guard let node = open.popLast() else { return }
        nodes[node].owners.removeLast()
    }

    mutating func removeAll() {
        while !isEmpty { pop() }
    }

    /// The depth of the multipart whose boundary stands at the start of the range, and its length.
    func match(_ bytes: [UInt8], _ range: Range<Int>) -> (depth: Int, length: Int)? {
        var node = 0
        var found: (depth: Int, length: Int)?
        for index in range {
            guard let next = edges[Edge(node: node, byte: bytes[index])] else { break }
            node = next
            if let depth = nodes[node].owners.last { found = (depth, index - range.lowerBound + 1) }
        }
        return found
    }
}

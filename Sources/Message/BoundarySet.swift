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
    /// Where the boundaries of each open multipart end, as written and without blanks at its end.
    private var open: [[Int]] = []

    var isEmpty: Bool { open.isEmpty }

    /// Opens a multipart; blanks at a boundary's end may be missing where it stands (RFC 2046 §5.1.1
    /// forbids them, and transport takes them away).
    mutating func push(_ boundary: [UInt8], depth: Int) {
        let bare = boundary.count - boundary.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
        var ends: [Int] = []
        var node = 0
        for (index, byte) in boundary.enumerated() {
            let edge = Edge(node: node, byte: byte)
            if let next = edges[edge] {
                node = next
            } else {
                nodes.append(Node())
                node = nodes.count - 1
                edges[edge] = node
            }
            if index + 1 == bare || index + 1 == boundary.count { ends.append(node) }
        }
        for end in ends { nodes[end].owners.append(depth) }
        open.append(ends)
    }

    mutating func pop() {
        for node in open.popLast() ?? [] { nodes[node].owners.removeLast() }
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

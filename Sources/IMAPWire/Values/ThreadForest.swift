/// Messages put together in threads, as THREAD answers (RFC 5256 §4).
///
/// Nodes in one array instead of values inside values: a chain of replies may be as long as a mailbox,
/// and nothing that walks it may recurse.
package struct ThreadForest: Hashable, Sendable {
    package struct Node: Hashable, Sendable {
        /// The message's number or UID; `nil` for a parent that is not there, at the top alone.
        package var number: UInt32?
        /// Their places among the nodes.
        package var children: [Int]

        package init(number: UInt32?, children: [Int] = []) {
            self.number = number
            self.children = children
        }
    }

    package var nodes: [Node]
    package var roots: [Int]

    package init(nodes: [Node] = [], roots: [Int] = []) {
        self.nodes = nodes
        self.roots = roots
    }
}

internal import Base

// SORT and THREAD (RFC 5256 §4).
extension WireWriter {
    /// Numbers in the order of the sort, and the highest MODSEQ where it was asked for (RFC 7162 §3.1.6).
    package mutating func sorted(_ numbers: [UInt32], modSeq: ModSeq? = nil) {
        write("* SORT")
        for number in numbers {
            space()
            write(number)
        }
        if let modSeq {
            write(" (MODSEQ ")
            write(modSeq)
            close()
        }
        endLine()
    }

    /// Parents and children: one behind the other as long as a message has one answer, lists where it
    /// has several.
    ///
    /// Lists inside more lists than clients can be expected to read are written as one chain.
    package mutating func threads(_ forest: ThreadForest) {
        write("* THREAD")
        if !forest.roots.isEmpty { space() }
        var rest: [ThreadStep] = forest.roots.reversed().map { .list($0, depth: 1) }
        while let step = rest.popLast() {
            switch step {
            case .end: close()
            case .list(let node, let depth):
                open()
                rest.append(.end)
                if depth < Limits.threadNesting {
                    chain(from: node, in: forest, depth: depth, &rest)
                } else {
                    flattened(node, in: forest)
                }
            }
        }
        endLine()
    }

    private enum ThreadStep {
        case list(Int, depth: Int)
        case end
    }

    /// Messages as long as each has one answer; several are left to be written as lists.
    private mutating func chain(from node: Int, in forest: ThreadForest, depth: Int, _ rest: inout [ThreadStep]) {
        var node = node
        var isFirst = true
        while true {
            if let number = forest.nodes[node].number {
                if !isFirst { space() }
                write(number)
                isFirst = false
            }
            let children = forest.nodes[node].children
            guard children.count == 1 else {
                if children.count > 1, !isFirst { space() }
                rest += children.reversed().map { .list($0, depth: depth + 1) }
                return
            }
            node = children[0]
        }
    }

    /// Everything below a node as one chain, parents before children.
    private mutating func flattened(_ node: Int, in forest: ThreadForest) {
        var rest = [node]
        var isFirst = true
        while let node = rest.popLast() {
            if let number = forest.nodes[node].number {
                if !isFirst { space() }
                write(number)
                isFirst = false
            }
            rest += forest.nodes[node].children.reversed()
        }
    }
}

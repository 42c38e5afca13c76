internal import Base
internal import IMAPWire

/// THREAD=REFERENCES (RFC 5256 §3), step by step; nothing recurses, and nothing is looked through
/// twice for each message.
struct ReferenceThreads {
    private let messages: [ThreadedMessage]
    /// Nodes below `messages.count` are the messages, those above are dummies.
    private var links = LinkedForest()
    private var nodes: [ThreadForest.Node] = []
    private var tops: [Int] = []

    static func forest(of messages: [ThreadedMessage]) -> ThreadForest {
        var threads = Self(messages)
        threads.link()
        threads.prune()
        threads.gather()
        threads.sort()
        return ThreadForest(nodes: threads.nodes, roots: threads.tops)
    }

    private init(_ messages: [ThreadedMessage]) { self.messages = messages }

    // MARK: (1) Parents and children by reference

    private mutating func link() {
        var known: [String: Int] = [:]
        known.reserveCapacity(messages.count * 2)
        for (index, message) in messages.enumerated() {
            _ = links.add()
            // Of several messages with one id the first one has it; the others have none.
            if let id = message.id, known[id] == nil { known[id] = index }
        }
        for (index, message) in messages.enumerated() {
            var last: Int?
            for id in message.references {
                let node = known[id] ?? links.add()
                known[id] = node
                // (A) What has a parent keeps it: the list may have been cut.
                if let last { links.link(node, under: last) }
                last = node
            }
            // (B) A message knows its own parent better than those who quote it.
            links.cut(index)
            if let last { links.link(index, under: last) }
        }
    }

    // MARK: (2) and (3) Tops, without dummies that hold nothing together

    private mutating func prune() {
        nodes = messages.map { ThreadForest.Node(number: $0.number) }
        // Of each dummy: the nearest message above it, else the dummy at the top.
        var above = [Int?](repeating: nil, count: links.count)
        var held: [Int: [Int]] = [:]
        for index in messages.indices {
            guard let parent = links.parent(of: index) else {
                tops.append(index)
                continue
            }
            let holder = nearest(parent, &above)
            if isDummy(holder) { held[holder, default: []].append(index) } else { nodes[holder].children.append(index) }
        }
        for dummy in held.keys.sorted() {
            guard let children = held[dummy] else { continue }
            tops.append(children.count == 1 ? children[0] : addDummy(children))
        }
    }

    private func isDummy(_ node: Int) -> Bool { node >= messages.count }

    /// The nearest message from a node upwards, itself included; the topmost dummy where there is none.
    private func nearest(_ start: Int, _ above: inout [Int?]) -> Int {
        var node = start
        var passed: [Int] = []
        while isDummy(node), above[node] == nil, let parent = links.parent(of: node) {
            passed.append(node)
            node = parent
        }
        let found = above[node] ?? node
        for dummy in passed { above[dummy] = found }
        return found
    }

    private mutating func addDummy(_ children: [Int]) -> Int {
        nodes.append(ThreadForest.Node(number: nil, children: children))
        return nodes.count - 1
    }

    // MARK: (4) and (5) Tops of one subject become one thread

    private mutating func gather() {
        for top in tops where nodes[top].number == nil { sortChildren(of: top) }
        sortTops()
        var table: [[UInt8]: Int] = [:]
        for top in tops {
            let subject = message(of: top).subject
            guard !subject.isEmpty else { continue }
            guard let chosen = table[subject] else {
                table[subject] = top
                continue
            }
            guard !isDummyTop(chosen) else { continue }
            let isBetter = isDummyTop(top) || (messages[chosen].isReplyOrForward && !messages[top].isReplyOrForward)
            if isBetter { table[subject] = top }
        }
        var left: [Int] = []
        var wrapped: [Int: Int] = [:]
        for top in tops {
            let subject = message(of: top).subject
            guard !subject.isEmpty, let chosen = table[subject], chosen != top else {
                left.append(top)
                continue
            }
            if isDummyTop(chosen) {
                if isDummyTop(top) {
                    nodes[chosen].children += nodes[top].children
                } else {
                    nodes[chosen].children.append(top)
                }
            } else if !isDummyTop(top), messages[top].isReplyOrForward, !messages[chosen].isReplyOrForward {
                nodes[chosen].children.append(top)
            } else {
                let dummy = addDummy([top, chosen])
                table[subject] = dummy
                wrapped[chosen] = dummy
                left.append(dummy)
            }
        }
        tops = left.filter { wrapped[$0] == nil }
    }

    private func isDummyTop(_ node: Int) -> Bool { nodes[node].number == nil }

    /// The message that stands for a top: itself, or a dummy's first child.
    private func message(of top: Int) -> ThreadedMessage {
        messages[isDummyTop(top) ? nodes[top].children[0] : top]
    }

    // MARK: (6) Order

    private mutating func sort() {
        for node in nodes.indices where nodes[node].children.count > 1 { sortChildren(of: node) }
        sortTops()
    }

    /// Siblings are messages: a dummy stands at the top alone.
    private mutating func sortChildren(of node: Int) {
        nodes[node].children.sort { (messages[$0].sent, $0) < (messages[$1].sent, $1) }
    }

    private mutating func sortTops() {
        let keys = tops.map { top in
            (sent: message(of: top).sent, message: isDummyTop(top) ? nodes[top].children[0] : top, top: top)
        }
        tops = keys.sorted { ($0.sent, $0.message) < ($1.sent, $1.message) }.map(\.top)
    }
}

internal import Base
internal import IMAPWire

/// THREAD=ORDEREDSUBJECT (RFC 5256 §3): messages of one base subject, in order of their dates.
enum SubjectThreads {
    static func forest(of messages: [ThreadedMessage]) -> ThreadForest {
        let order = messages.indices.sorted { left, right in
            let (first, second) = (messages[left], messages[right])
            if first.subject != second.subject { return first.subject.lexicographicallyPrecedes(second.subject) }
            return (first.sent, left) < (second.sent, right)
        }
        var forest = ThreadForest(nodes: messages.map { ThreadForest.Node(number: $0.number) })
        for place in order {
            if let root = forest.roots.last, messages[root].subject == messages[place].subject {
                forest.nodes[root].children.append(place)
            } else {
                forest.roots.append(place)
            }
        }
        forest.roots.sort { (messages[$0].sent, $0) < (messages[$1].sent, $1) }
        return forest
    }
}

internal import Base
internal import Message
internal import Policy
internal import Text
internal import Triage

/// Reads one text after the other of an outbound message, for policy.
struct SaidReader {
    /// What amounts without a currency may refer to.
    let thread: String
    /// Why not all of it could be read.
    private(set) var unread: [String] = []

    init(thread: String) { self.thread = thread }

    /// Reads a text that stands in some pieces; `searched`: the pieces with what else is looked through.
    mutating func read(_ pieces: [String], searched: [String], in place: String? = nil) -> Facts.Said {
        var said = Facts.Said(place: place, searched: SearchedText(searched))
        for piece in pieces.flatMap({ Self.portions(of: Disguise.removed(from: $0)) }) {
            let reading = Triage.read(text: piece, folded: said.searched.plain, thread: thread)
            said.amounts += reading.amounts.filter { !said.amounts.contains($0) }
            said.terms += reading.terms.filter { !said.terms.contains($0) }
            said.requests.formUnion(reading.requests)
            if reading.amounts.count >= Limits.readings || reading.terms.count >= Limits.readings {
                unread = ["it names more sums or terms than are read"]
            }
        }
        return said
    }

    /// A text that is too long for one reading, cut between lines.
    private static func portions(of text: String) -> [String] {
        guard text.utf8.count > Limits.readableText else { return [text] }
        var portions: [String] = []
        var portion = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = line
            if portion.utf8.count + line.utf8.count > Limits.readableText / 2 {
                portions.append(portion)
                portion = ""
            }
            while line.utf8.count > Limits.readableText / 2 {
                let part = line.prefix(Limits.readableText / 8)
                portions.append(String(part))
                line = line.dropFirst(part.count)
            }
            portion += line + "\n"
        }
        return portions + [portion]
    }
}

extension Facts.Said {
    /// Whether another text says the very same.
    func saysTheSame(as other: Self) -> Bool {
        amounts == other.amounts && terms == other.terms && requests == other.requests
            && searched.plain.hasSameWords(as: other.searched.plain)
    }
}

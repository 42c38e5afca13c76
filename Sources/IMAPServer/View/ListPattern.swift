internal import Base
internal import IMAPWire

/// A pattern of LIST: `*` stands for anything, `%` for anything within one level.
struct ListPattern {
    private let bytes: [UInt8]

    init(_ pattern: String) { bytes = Self.collapsed(Array(pattern.utf8)) }

    /// Whether the whole name matches; INBOX in any letter case.
    ///
    /// Keeps the set of places in the pattern that the name so far may have led to: time is the
    /// product of both lengths, whatever the pattern.
    func matches(_ name: MailboxName) -> Bool {
        var places = [Bool](repeating: false, count: bytes.count + 1)
        places[0] = true
        let text = Array(name.text.utf8)
        let foldedCount = name.isInbox || name.isBelow(.inbox) ? MailboxName.inbox.text.utf8.count : 0
        for (index, byte) in text.enumerated() {
            spread(&places)
            var next = [Bool](repeating: false, count: bytes.count + 1)
            var isAlive = false
            for place in bytes.indices where places[place] {
                switch bytes[place] {
                case Self.anything: next[place] = true
                case Self.withinLevel:
                    guard byte != UInt8(ascii: "/") else { continue }
                    next[place] = true
                case let wanted:
                    guard wanted == byte || (index < foldedCount && ASCII.lowercased(wanted) == ASCII.lowercased(byte))
                    else { continue }
                    next[place + 1] = true
                }
                isAlive = true
            }
            guard isAlive else { return false }
            places = next
        }
        spread(&places)
        return places[bytes.count]
    }

    /// A wild card may stand for nothing.
    private func spread(_ places: inout [Bool]) {
        for place in bytes.indices where places[place] && Self.isWildCard(bytes[place]) { places[place + 1] = true }
    }

    private static let anything = UInt8(ascii: "*")
    private static let withinLevel = UInt8(ascii: "%")

    private static func isWildCard(_ byte: UInt8) -> Bool { byte == anything || byte == withinLevel }

    /// Wild cards in a row as the strongest of them.
    private static func collapsed(_ pattern: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in pattern {
            if let last = result.last, isWildCard(last), isWildCard(byte) {
                if byte == anything { result[result.count - 1] = anything }
            } else {
                result.append(byte)
            }
        }
        return result
    }
}

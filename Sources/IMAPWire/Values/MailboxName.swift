internal import Base

/// A mailbox's name as people read it: levels with `/` between them, in Unicode.
///
/// INBOX is the same name in any letter case (RFC 9051 §5.1) and is always kept in capitals.
package struct MailboxName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package static let separator: Character = "/"
    package static let inbox = Self(unchecked: "INBOX")

    package let text: String

    /// A name that is known to be good: one that Greenroom made or stored.
    package init(unchecked text: String) {
        self.text = Self.canonical(text)
    }

    /// The name, if it may be used: no control characters, no empty level, no wild cards of LIST,
    /// within `Limits.mailboxName` and `Limits.mailboxDepth`.
    package init?(_ text: String) {
        let levels = text.split(separator: Self.separator, omittingEmptySubsequences: false)
        guard text.utf8.count <= Limits.mailboxName, levels.count <= Limits.mailboxDepth,
            levels.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
            text.unicodeScalars.allSatisfy({ Self.isAllowed($0) })
        else { return nil }
        self.text = Self.canonical(text)
    }

    package var description: String { text }

    package var isInbox: Bool { text == "INBOX" }

    package var levels: [Substring] { text.split(separator: Self.separator) }

    /// The name one level up; `nil` at the root.
    package var parent: Self? {
        guard let cut = text.lastIndex(of: Self.separator) else { return nil }
        return Self(unchecked: String(text[..<cut]))
    }

    /// Whether this name stands anywhere below the other.
    package func isBelow(_ other: Self) -> Bool {
        text.utf8.count > other.text.utf8.count && text.hasPrefix(other.text + "/")
    }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFFFD: false
        case 0x25, 0x2A: false
        default: true
        }
    }

    private static func canonical(_ text: String) -> String {
        guard text.utf8.count >= 5, ASCII.equalsIgnoringCase(text.utf8.prefix(5), "INBOX".utf8) else { return text }
        let rest = text.utf8.dropFirst(5)
        guard rest.isEmpty || rest.first == 0x2F else { return text }
        return "INBOX" + String(Substring(rest))
    }
}

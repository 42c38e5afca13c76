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

    /// The name, if a mailbox may have it: no control characters, no empty level, within the limits.
    package init?(_ text: String) {
        guard Self.isWithinLimits(text), !text.isEmpty,
            text.split(separator: Self.separator, omittingEmptySubsequences: false)
                .allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
            text.unicodeScalars.allSatisfy({ Self.isAllowed($0) })
        else { return nil }
        self.text = Self.canonical(text)
    }

    /// Whether a name is within `Limits.mailboxName` and `Limits.mailboxDepth`.
    package static func isWithinLimits(_ text: String) -> Bool {
        text.utf8.count <= Limits.mailboxName
            && text.utf8.count { $0 == UInt8(ascii: "/") } < Limits.mailboxDepth
    }

    /// Whether it holds what LIST takes for a wild card: no name is made so, since it could not be
    /// listed alone (RFC 9051 §5.1).
    package var hasWildCards: Bool { text.utf8.contains { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "*") } }

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

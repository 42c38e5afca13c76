internal import Base

/// An identifier of RFC 8474: letters, digits, `-` and `_`; letter case matters.
package struct ObjectID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// RFC 8474 §7 objectid.
    package init?(_ text: String) {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ Self.bytes.contains($0) }) else { return nil }
        self.text = text
    }

    package var description: String { text }

    private static let bytes = ByteClass.alphanumerics.union(ByteClass("-_"))
}

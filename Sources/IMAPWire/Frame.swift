/// A command or response with everything that belongs to it.
///
/// Literals lie beside the line, so that a message handed in is copied once and never scanned for
/// line ends.
package struct Frame: Hashable, Sendable {
    /// The line without its last line break; each literal stands in it as `{n}` CRLF.
    package var text: [UInt8]
    /// The octets of the literals, in order.
    package var literals: [[UInt8]]

    package init(text: [UInt8] = [], literals: [[UInt8]] = []) {
        self.text = text
        self.literals = literals
    }
}

/// A literal that the other side is about to send (RFC 9051 §4.3, RFC 7888).
package struct LiteralAnnouncement: Hashable, Sendable {
    /// Octets; numbers too large for the type stay at its end.
    package var size: UInt64
    /// Whether the other side waits to be told to go on.
    package var isSynchronizing: Bool

    package init(size: UInt64, isSynchronizing: Bool) {
        self.size = size
        self.isSynchronizing = isSynchronizing
    }
}

/// A part of a message in FETCH BODY[…] (RFC 9051 §6.4.5.1).
package struct SectionSpec: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// The whole of the message or part.
        case all
        case header
        case headerFields([String])
        case headerFieldsNot([String])
        case text
        case mime
    }

    /// Part numbers from the outside in; empty for the message itself.
    package var path: [UInt32]
    package var content: Content

    package init(path: [UInt32] = [], _ content: Content = .all) {
        self.path = path
        self.content = content
    }
}

/// A range of octets of a section: `<offset.count>`; 63 bits each (RFC 9051 §9 partial).
package struct PartialRange: Hashable, Sendable {
    package var offset: UInt64
    package var count: UInt64

    package init(offset: UInt64, count: UInt64) {
        self.offset = offset
        self.count = count
    }

    /// What of a section of `size` octets is asked for; empty beyond its end.
    package func clipped(to size: Int) -> Range<Int> {
        let start = Int(min(offset, UInt64(size)))
        return start..<(start + Int(min(count, UInt64(size - start))))
    }
}

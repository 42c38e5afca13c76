internal import Base

/// A message taken apart: its bytes, and where everything in them stands.
///
/// Making one reads the lines once; everything else is read from the bytes when it is asked for.
/// No input fails: what is broken is text.
package struct ParsedMessage: Sendable {
    package let bytes: [UInt8]
    /// The message as a part: its header, its body, its parts.
    package let root: MIMEPart
    /// Whether a limit kept parts or fields from being looked at (`Limits.mimeDepth`, `.mimeParts`,
    /// `.headerFields`).
    package let isCutShort: Bool
    /// Lines that were read to find the structure; never much more than the message has.
    package let linesRead: Int

    package init(_ bytes: [UInt8]) {
        var parser = StructureParser(bytes)
        self.bytes = bytes
        root = parser.message()
        isCutShort = parser.isCutShort
        linesRead = parser.linesRead
    }

    package var header: Header { root.header }

    /// The header's dates, people and ids as IMAP shows them.
    package var envelope: Envelope { Envelope(header) }

    /// The bytes of a section; `nil` where the message has no such section.
    package func section(_ text: SectionText, at numbers: some Collection<Int>) -> [UInt8]? {
        root.range(of: text, at: numbers).map { Array(bytes[$0]) }
    }

    /// A part's body with its transfer encoding undone, up to `limit` bytes.
    package func decodedBody(of part: MIMEPart, limit: Int = .max) -> [UInt8] {
        part.encoding.decode(bytes[part.body], limit: limit)
    }
}

internal import Base

/// A message on its way out as the body of DATA: dots stuffed, every line end looked at.
///
/// What it gives is safe for any reader: CR and LF only as CRLF, no NUL, no line over the limit. A
/// message that is not so is never repaired here, since other bytes would leave than were judged
/// (INV-1).
package struct DataWriter: Sendable {
    /// Why a message cannot be sent as it is, and at which octet.
    package struct Unclean: Error, Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case bareCarriageReturn, bareLineFeed, nul, lineTooLong
            /// The last line has no CRLF.
            case unfinishedLine
        }

        package let kind: Kind
        package let offset: Int
    }

    /// A piece of the message.
    package struct Chunk: Sendable, Equatable {
        /// The octets of the message, as they are hashed.
        package let content: Range<Int>
        /// The same octets as they go on the wire.
        package let wire: [UInt8]
    }

    /// What ends a message whose last line is complete (RFC 5321 §4.1.1.4).
    package static let end = [UInt8](".\r\n")

    private let message: [UInt8]
    private let lineLimit: Int
    private var offset = 0

    package init(_ message: [UInt8], lineLimit: Int = Limits.smtpSentLine) {
        self.message = message
        self.lineLimit = lineLimit
    }

    /// The next whole lines, together at least `count` octets unless the message ends before; `nil`
    /// behind the last one.
    package mutating func next(atLeast count: Int = 32 * 1024) throws(Unclean) -> Chunk? {
        guard offset < message.count else { return nil }
        let start = offset
        var wire: [UInt8] = []
        wire.reserveCapacity(min(count, message.count - start) + 1024)
        while offset < message.count, offset - start < count {
            let end = try expectLine()
            if message[offset] == 0x2E { wire.append(0x2E) }
            wire.append(contentsOf: message[offset..<end])
            offset = end
        }
        return Chunk(content: start..<offset, wire: wire)
    }

    /// Where the line at `offset` ends, behind its CRLF.
    private func expectLine() throws(Unclean) -> Int {
        let span = message.span
        guard let end = span.firstIndex(of: ASCII.lf, from: offset)
        else { throw Unclean(kind: .unfinishedLine, offset: offset) }
        guard end > offset, span[end - 1] == ASCII.cr else { throw Unclean(kind: .bareLineFeed, offset: end) }
        guard end - 1 - offset <= lineLimit else { throw Unclean(kind: .lineTooLong, offset: offset) }
        for index in offset..<(end - 1) {
            if span[index] == ASCII.cr { throw Unclean(kind: .bareCarriageReturn, offset: index) }
            if span[index] == ASCII.nul { throw Unclean(kind: .nul, offset: index) }
        }
        return end + 1
    }
}

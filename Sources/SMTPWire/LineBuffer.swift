internal import Base

/// Bytes that came and the lines in them: the framer of commands and replies.
///
/// A line ends with CRLF and with nothing else. No byte is looked at twice, and no line takes more
/// memory than its limit.
package struct LineBuffer: Sendable {
    package enum Frame: Sendable, Equatable {
        /// The line has not ended yet.
        case incomplete
        /// A line without its CRLF.
        case line([UInt8])
        /// A line that is over the limit; the rest of it is thrown away as it comes. Told again for
        /// every further `limit` bytes, so that an endless line ends in too many faults.
        case tooLong
        /// A line that ends with LF alone, which could mean two things to two readers.
        case bareLineFeed
    }

    private var bytes: [UInt8] = []
    /// Where the next line starts.
    private var start = 0
    /// Up to where there is no LF.
    private var scanned = 0
    /// The rest of a line that was too long is being thrown away.
    private var isDiscarding = false

    package init() {}

    /// Whether no byte waits.
    package var isEmpty: Bool { start == bytes.count }

    /// The first byte that waits.
    package var first: UInt8? { isEmpty ? nil : bytes[start] }

    package mutating func append(_ span: Span<UInt8>) {
        bytes.append(contentsOf: span)
    }

    package mutating func removeAll() {
        self = Self()
    }

    /// The next line of at most `limit` bytes.
    package mutating func next(limit: Int) -> Frame {
        while let end = bytes.span.firstIndex(of: ASCII.lf, from: scanned) {
            let line = start..<end
            if isDiscarding {
                isDiscarding = false
                consume(to: end + 1)
                continue
            }
            guard let last = line.last, bytes[last] == ASCII.cr else {
                consume(to: end + 1)
                return .bareLineFeed
            }
            guard line.count - 1 <= limit else {
                consume(to: end + 1)
                return .tooLong
            }
            let frame = Frame.line(Array(bytes[start..<last]))
            consume(to: end + 1)
            return frame
        }
        scanned = bytes.count
        guard scanned - start > limit + 1 else {
            compact()
            return .incomplete
        }
        isDiscarding = true
        consume(to: bytes.count)
        return .tooLong
    }

    private mutating func consume(to offset: Int) {
        start = offset
        scanned = offset
        if start == bytes.count {
            // Nothing waits: an idle connection keeps no buffer.
            bytes = []
            start = 0
            scanned = 0
        }
    }

    /// Moves an unfinished line to the front, so that the buffer does not grow with what was read.
    private mutating func compact() {
        guard start > 0 else { return }
        bytes.removeFirst(start)
        scanned -= start
        start = 0
    }
}

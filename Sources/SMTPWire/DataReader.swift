internal import Base

/// The body of DATA as it comes: finds the end, takes off the stuffed dots, cleans line ends.
///
/// The end is CRLF `.` CRLF and nothing else (RFC 5321 §4.1.1.4); two servers that disagree about
/// the end can be made to see two messages in one. A bare LF is written as CRLF. A bare CR, a NUL, or
/// a dot that stands alone on a line with a bare LF at either end spoils the message: it is read on to
/// its true end, so that the connection stays in step, and then refused.
package struct DataReader: Sendable {
    /// Why a message cannot be taken.
    package enum Fault: Error, Hashable, Sendable {
        case bareCarriageReturn
        case nul
        /// A line with a dot alone that is an end for careless readers.
        case falseEnd
        case lineTooLong
        case tooLarge
    }

    private enum State {
        /// Before the first byte of a line; whether a CRLF stands before it.
        case lineStart(afterCRLF: Bool)
        case text
        /// Behind a CR in text.
        case carriageReturn
        /// Behind a dot that stands first on its line.
        case dot(afterCRLF: Bool)
        /// Behind such a dot and a CR.
        case dotCarriageReturn(afterCRLF: Bool)
        case finished
    }

    /// What ends a run of bytes that are copied as they are.
    private static let ordinary = ByteClass("\r\n\0").inverted

    private let limit: Int
    private let lineLimit: Int
    // The line end of the DATA command counts as the first CRLF.
    private var state = State.lineStart(afterCRLF: true)
    private var message: [UInt8] = []
    private var lineLength = 0
    private var fault: Fault?
    /// Octets that came, stored or not.
    package private(set) var received = 0

    /// A reader for a message of at most `limit` octets in lines of at most `lineLimit` octets.
    package init(limit: Int, lineLimit: Int) {
        self.limit = limit
        self.lineLimit = lineLimit
    }

    /// Whether the end has come.
    package var isFinished: Bool {
        if case .finished = state { true } else { false }
    }

    /// The message, every line ended with CRLF, or the first thing that is wrong with it; asked once
    /// the end has come.
    package consuming func finish() throws(Fault) -> [UInt8] {
        if let fault { throw fault }
        return message
    }

    /// Takes bytes up to the end of the message and says how many; the rest is the next command's.
    package mutating func receive(_ bytes: Span<UInt8>) -> Int {
        var cursor = ByteCursor(bytes)
        while !isFinished {
            if case .text = state { takeRun(&cursor) }
            guard let byte = cursor.take() else { break }
            step(byte)
        }
        received += cursor.offset
        return cursor.offset
    }

    private mutating func step(_ byte: UInt8) {
        switch state {
        case .lineStart(let afterCRLF):
            if byte == 0x2E { state = .dot(afterCRLF: afterCRLF) } else { text(byte) }
        case .text:
            text(byte)
        case .carriageReturn:
            if byte == ASCII.lf {
                endLine(afterCRLF: true)
            } else {
                spoil(.bareCarriageReturn)
                text(byte)
            }
        case .dot(let afterCRLF):
            switch byte {
            case ASCII.cr:
                state = .dotCarriageReturn(afterCRLF: afterCRLF)
            case ASCII.lf:
                spoil(.falseEnd)
                endLine(afterCRLF: false)
            default:
                text(byte)
            }
        case .dotCarriageReturn(let afterCRLF):
            switch (byte, afterCRLF) {
            case (ASCII.lf, true):
                state = .finished
            case (ASCII.lf, false):
                spoil(.falseEnd)
                endLine(afterCRLF: true)
            default:
                spoil(.bareCarriageReturn)
                text(byte)
            }
        case .finished:
            break
        }
    }

    /// A byte inside a line.
    private mutating func text(_ byte: UInt8) {
        switch byte {
        case ASCII.cr:
            state = .carriageReturn
        case ASCII.lf:
            endLine(afterCRLF: false)
        default:
            if byte == ASCII.nul { spoil(.nul) }
            state = .text
            store(byte)
            grow(by: 1)
        }
    }

    private mutating func endLine(afterCRLF: Bool) {
        state = .lineStart(afterCRLF: afterCRLF)
        store(ASCII.cr)
        store(ASCII.lf)
        lineLength = 0
        if message.count > limit { spoil(.tooLarge) }
    }

    /// Copies bytes up to the next one that means something.
    private mutating func takeRun(_ cursor: inout ByteCursor) {
        let run = cursor.takeAll(in: Self.ordinary)
        guard !run.isEmpty else { return }
        if fault == nil { message.append(contentsOf: cursor.bytes.extracting(run)) }
        grow(by: run.count)
    }

    private mutating func grow(by count: Int) {
        lineLength += count
        if lineLength > lineLimit { spoil(.lineTooLong) }
        if message.count > limit { spoil(.tooLarge) }
    }

    private mutating func store(_ byte: UInt8) {
        if fault == nil { message.append(byte) }
    }

    /// Remembers the first fault and lets go of what was stored.
    private mutating func spoil(_ fault: Fault) {
        guard self.fault == nil else { return }
        self.fault = fault
        message = []
    }
}

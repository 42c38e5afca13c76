internal import Base

/// Cuts a stream of bytes into frames: lines, with the literals announced at their ends.
///
/// The owner decides about every literal before a byte of it is kept (INV-9). A bare LF ends a line
/// as CRLF does: being strict here would only leave a faulty peer waiting.
package struct Framer: Sendable {
    /// Who reads: status responses to a client hold free text, which may end in what looks like a
    /// literal but never is one.
    package enum Reader: Sendable { case server, client }

    package enum Step: Hashable, Sendable {
        /// More bytes are needed.
        case incomplete
        /// Answer with `accept`, `skip` or `drop`; until then the same step is given again.
        case literal(LiteralAnnouncement)
        case frame(Frame)
        /// A literal was skipped; what stands around it cannot be carried out.
        case spoiled(Frame)
        /// The line is longer than `lineLimit`; there is no way to go on.
        case lineTooLong
    }

    private enum State: Sendable {
        case line
        case announced(LiteralAnnouncement)
        case literal(remaining: Int)
        case skipping(remaining: UInt64)
        case broken
    }

    /// Octets of one frame's text, its literals not counted.
    package var lineLimit: Int

    /// Literals up to this size grow as they come.
    private static let growing = 64 * 1024

    private let reader: Reader
    private var state = State.line
    private var buffer: [UInt8] = []
    /// Where the unread bytes of `buffer` begin.
    private var head = 0
    /// Up to where no line break was found, so that no byte is looked at twice.
    private var scanned = 0
    private var frame = Frame()
    private var isSpoiled = false

    package init(reader: Reader, lineLimit: Int) {
        self.reader = reader
        self.lineLimit = lineLimit
    }

    /// Whether bytes are here that no step has consumed: behind STARTTLS there must be none.
    package var hasUnreadBytes: Bool { head < buffer.count }

    /// Whether a frame has begun that is not complete.
    package var isInsideFrame: Bool {
        if case .line = state { !frame.text.isEmpty || hasUnreadBytes } else { true }
    }

    /// The first bytes that no step has consumed, to recognise other protocols.
    package func unreadPrefix(_ count: Int) -> [UInt8] {
        Array(buffer[head..<min(buffer.count, head + count)])
    }

    /// The text so far of the frame whose literal was announced, to decide about it.
    package var unfinishedText: [UInt8] { frame.text }

    /// Octets of the literals that the unfinished frame already holds.
    package var literalOctets: Int { frame.literals.reduce(0) { $0 + $1.count } }

    package mutating func append(_ bytes: [UInt8]) {
        // A message passes once through memory: what belongs to a literal goes there at once.
        if case .literal(let remaining) = state, !hasUnreadBytes {
            let count = min(remaining, bytes.count)
            frame.literals[frame.literals.count - 1].append(contentsOf: bytes.span.extracting(..<count))
            state = count == remaining ? .line : .literal(remaining: remaining - count)
            guard count < bytes.count else { return }
            return buffer.append(contentsOf: bytes.span.extracting(count...))
        }
        if head > 0 {
            buffer.removeSubrange(0..<head)
            scanned = max(0, scanned - head)
            head = 0
        }
        buffer.append(contentsOf: bytes.span)
    }

    package mutating func next() -> Step {
        while true {
            switch state {
            case .broken: return .lineTooLong
            case .announced(let announcement): return .literal(announcement)
            case .literal(let remaining):
                guard takeLiteral(remaining) else { return .incomplete }
            case .skipping(let remaining):
                guard skipLiteral(remaining) else { return .incomplete }
            case .line:
                if let step = takeLine() { return step }
            }
        }
    }

    /// Keeps the announced literal.
    package mutating func accept() {
        guard case .announced(let announcement) = state else { return }
        let size = Int(clamping: announcement.size)
        frame.literals.append([])
        // Pages that nothing was written to cost nothing, and a literal that grows would be copied.
        if size > Self.growing {
            frame.literals[frame.literals.count - 1].reserveCapacity(min(size, Limits.message))
        }
        state = .literal(remaining: size)
    }

    /// Lets the octets of a literal pass that the other side sends without asking.
    package mutating func skip() {
        guard case .announced(let announcement) = state else { return }
        isSpoiled = true
        frame.literals.append([])
        state = .skipping(remaining: announcement.size)
    }

    /// Forgets the frame whose literal the other side was told not to send.
    package mutating func drop() {
        guard case .announced = state else { return }
        endFrame()
    }

    private mutating func endFrame() {
        frame = Frame()
        isSpoiled = false
        state = .line
        release()
    }

    /// An idle connection owns no buffer.
    private mutating func release() {
        guard head == buffer.count else { return }
        buffer = []
        head = 0
        scanned = 0
    }

    private mutating func takeLiteral(_ remaining: Int) -> Bool {
        let count = min(remaining, buffer.count - head)
        let bytes = buffer
        frame.literals[frame.literals.count - 1].append(contentsOf: bytes.span.extracting(head..<(head + count)))
        head += count
        scanned = head
        release()
        guard count == remaining else {
            state = .literal(remaining: remaining - count)
            return false
        }
        state = .line
        return true
    }

    private mutating func skipLiteral(_ remaining: UInt64) -> Bool {
        let count = Int(min(remaining, UInt64(buffer.count - head)))
        head += count
        scanned = head
        release()
        guard UInt64(count) == remaining else {
            state = .skipping(remaining: remaining - UInt64(count))
            return false
        }
        state = .line
        return true
    }

    /// The next part of a line: a step, or `nil` where a literal was accepted and goes on.
    private mutating func takeLine() -> Step? {
        guard let end = buffer.span.firstIndex(of: ASCII.lf, from: max(scanned, head)) else {
            scanned = buffer.count
            // A CR that waits for its LF is no part of the line.
            let count = buffer.count - head - (hasUnreadBytes && buffer[buffer.count - 1] == ASCII.cr ? 1 : 0)
            guard count + frame.text.count <= lineLimit else { return breakOff() }
            return .incomplete
        }
        var last = end
        if last > head, buffer[last - 1] == ASCII.cr { last -= 1 }
        guard last - head + frame.text.count <= lineLimit else { return breakOff() }
        let partStart = frame.text.count
        let bytes = buffer
        frame.text.append(contentsOf: bytes.span.extracting(head..<last))
        head = end + 1
        scanned = head
        if let announcement = announcement(from: partStart) {
            frame.text.append(ASCII.cr)
            frame.text.append(ASCII.lf)
            state = .announced(announcement)
            return .literal(announcement)
        }
        let step: Step = isSpoiled ? .spoiled(frame) : .frame(frame)
        endFrame()
        return step
    }

    private mutating func breakOff() -> Step {
        buffer = []
        head = 0
        scanned = 0
        frame = Frame()
        state = .broken
        return .lineTooLong
    }

    /// The literal that the last part of the text ends in: `{n}` or `{n+}` outside quotes, with `~` before
    /// it in the form that may hold NULs (RFC 3516 §7).
    private func announcement(from partStart: Int) -> LiteralAnnouncement? {
        guard frame.text.count - partStart >= 3, frame.text.last == UInt8(ascii: "}"), mayHoldLiterals else {
            return nil
        }
        var isSynchronizing = true
        var index = frame.text.count - 2
        if frame.text[index] == UInt8(ascii: "+") {
            isSynchronizing = false
            index -= 1
        }
        let digitsEnd = index
        while index >= partStart, ASCII.isDigit(frame.text[index]) { index -= 1 }
        guard index >= partStart, index < digitsEnd, frame.text[index] == UInt8(ascii: "{"),
            !endsInsideQuotes(partStart..<index)
        else { return nil }
        var size: UInt64 = 0
        for digit in frame.text[(index + 1)...digitsEnd] {
            let (shifted, overflow) = size.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.addingReportingOverflow(UInt64(digit & 0x0F))
            size = overflow || carry ? .max : sum
            if size == .max { break }
        }
        return LiteralAnnouncement(size: size, isSynchronizing: isSynchronizing)
    }

    private func endsInsideQuotes(_ range: Range<Int>) -> Bool {
        var isQuoted = false
        var isEscaped = false
        for byte in frame.text[range] {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == ASCII.backslash {
                isEscaped = true
            } else if byte == ASCII.quote {
                isQuoted.toggle()
            }
        }
        return isQuoted
    }

    /// To a client only untagged data has literals; `* OK`, tagged and `+` lines end in free text.
    private var mayHoldLiterals: Bool {
        guard reader == .client else { return true }
        guard frame.text.count > 2, frame.text[0] == UInt8(ascii: "*"), frame.text[1] == ASCII.space else {
            return false
        }
        let word = frame.text[2...].prefix { $0 != ASCII.space }
        return !["OK", "NO", "BAD", "BYE", "PREAUTH"].contains { ASCII.equalsIgnoringCase($0.utf8, word) }
    }
}

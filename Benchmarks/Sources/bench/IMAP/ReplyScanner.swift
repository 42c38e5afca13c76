import Base

/// Reads what a server says as cheaply as can be: the load must not take the server's processor.
struct ReplyScanner {
    enum Event {
        /// So many messages are in the mailbox now.
        case exists(Int)
        case expunge
        /// One message's data.
        case fetch
        /// The numbers that a SEARCH found.
        case found(Int)
        case continuation
        case tagged(Condition)
        /// Anything else.
        case other
    }

    enum Condition: String {
        case ok = "OK"
        case no = "NO"
        case bad = "BAD"
    }

    private var input: [UInt8] = []
    private var head = 0
    /// Octets of a literal that have yet to pass.
    private var literal = 0
    /// What the response was that a literal has interrupted.
    private var interrupted: Event?
    /// The last line that was no data, for messages.
    private(set) var lastStatus = ""

    /// Takes input; for `Connection.read`, which appends.
    mutating func takeBuffer() -> [UInt8] {
        if head == input.count {
            input.removeAll(keepingCapacity: true)
        } else if head > 0 {
            input.removeSubrange(0..<head)
        }
        head = 0
        let buffer = input
        input = []
        return buffer
    }

    mutating func giveBack(_ buffer: consuming [UInt8]) { input = buffer }

    /// The next response that is whole; nil where more input is needed.
    mutating func next() -> Event? {
        while true {
            if literal > 0 {
                let count = min(literal, input.count - head)
                head += count
                literal -= count
                if literal > 0 { return nil }
            }
            guard let end = input.span.firstIndex(of: ASCII.lf, from: head) else { return nil }
            let start = head
            head = end + 1
            let event = interrupted ?? event(start, end)
            interrupted = nil
            if let size = literalSize(start, end), mayHoldLiteral(event) {
                literal = size
                interrupted = event
                continue
            }
            return event
        }
    }

    private func mayHoldLiteral(_ event: Event) -> Bool {
        switch event {
        case .fetch, .other: true
        default: false
        }
    }

    private mutating func event(_ start: Int, _ end: Int) -> Event {
        guard end - start > 3 else { return .other }
        if input[start] == UInt8(ascii: "+") { return .continuation }
        guard input[start] == UInt8(ascii: "*") else { return tagged(start, end) }
        var index = start + 2
        guard ASCII.isDigit(input[index]) else {
            if starts(with: "SEARCH", at: index, end) { return .found(numbers(index, end)) }
            if starts(with: "BYE", at: index, end) { remember(start, end) }
            return .other
        }
        var number = 0
        while index < end, ASCII.isDigit(input[index]) {
            number = number * 10 + Int(input[index] & 0x0F)
            index += 1
        }
        index += 1
        if starts(with: "FETCH", at: index, end) { return .fetch }
        if starts(with: "EXISTS", at: index, end) { return .exists(number) }
        if starts(with: "EXPUNGE", at: index, end) { return .expunge }
        return .other
    }

    private mutating func tagged(_ start: Int, _ end: Int) -> Event {
        guard let blank = input[start..<end].firstIndex(of: ASCII.space) else { return .other }
        if starts(with: "OK", at: blank + 1, end) { return .tagged(.ok) }
        remember(start, end)
        return .tagged(starts(with: "NO", at: blank + 1, end) ? .no : .bad)
    }

    private mutating func remember(_ start: Int, _ end: Int) {
        lastStatus = String(decoding: input[start..<end], as: UTF8.self)
    }

    private func starts(with word: StaticString, at index: Int, _ end: Int) -> Bool {
        guard index + word.utf8CodeUnitCount <= end else { return false }
        var place = index
        for byte in word.description.utf8 {
            guard input[place] == byte else { return false }
            place += 1
        }
        return true
    }

    private func numbers(_ start: Int, _ end: Int) -> Int {
        var count = 0
        for index in start..<(end - 1)
        where input[index] == ASCII.space && ASCII.isDigit(input[index + 1]) { count += 1 }
        return count
    }

    /// `{n}` before the line's end.
    private func literalSize(_ start: Int, _ end: Int) -> Int? {
        var index = end - 1
        if index >= start, input[index] == ASCII.cr { index -= 1 }
        guard index > start, input[index] == UInt8(ascii: "}") else { return nil }
        index -= 1
        var size = 0
        var power = 1
        while index >= start, ASCII.isDigit(input[index]) {
            size += Int(input[index] & 0x0F) * power
            power *= 10
            index -= 1
        }
        return index >= start && input[index] == UInt8(ascii: "{") && power > 1 ? size : nil
    }
}

internal import Base

/// A subject without what programs put around it, as SORT and THREAD compare it (RFC 5256 §2.1).
///
/// Exactly the RFC's rules, so that clients which sort by themselves agree: `Re:`, `Fw:`, `Fwd:` and
/// marks in brackets alone. `SubjectLine` knows more languages and serves matching.
package struct BaseSubject: Hashable, Sendable {
    /// What is left, as it was written.
    package let text: String
    /// Whether something was removed that replies and forwards carry (RFC 5256 §3 REFERENCES).
    package let isReplyOrForward: Bool

    /// Takes a subject whose encoded words are decoded.
    package init(_ subject: String) {
        var stripper = Stripper(subject)
        stripper.strip()
        text = String(decoding: stripper.rest, as: UTF8.self)
        isReplyOrForward = stripper.isReplyOrForward
    }
}

/// Takes away from both ends; every step makes the rest shorter.
private struct Stripper {
    private let bytes: [UInt8]
    private var start = 0
    private var end: Int
    /// Before this place marks in brackets lead to no `Re:`: found out once, however many there are.
    private var noLeaderBefore = 0
    var isReplyOrForward = false

    var rest: ArraySlice<UInt8> { bytes[start..<end] }

    init(_ subject: String) {
        // (1) Tabs and continuations become spaces, several spaces one.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(subject.utf8.count)
        for byte in subject.utf8 {
            let isBlank = ASCII.isWhiteSpace(byte)
            if isBlank, bytes.last == ASCII.space { continue }
            bytes.append(isBlank ? ASCII.space : byte)
        }
        self.bytes = bytes
        end = bytes.count
    }

    mutating func strip() {
        repeat {
            while takeTrailer() {}
            while takeLeader() || takeBlob() {}
        } while takeForward()
    }

    /// (2) subj-trailer.
    private mutating func takeTrailer() -> Bool {
        guard start < end else { return false }
        if bytes[end - 1] == ASCII.space {
            end -= 1
            return true
        }
        guard end - start >= 5, ASCII.equalsIgnoringCase(bytes[(end - 5)..<end], "(fwd)".utf8) else { return false }
        end -= 5
        isReplyOrForward = true
        return true
    }

    /// (3) subj-leader: marks in brackets before a `Re:` go with it.
    private mutating func takeLeader() -> Bool {
        guard start < end else { return false }
        if bytes[start] == ASCII.space {
            start += 1
            return true
        }
        guard start >= noLeaderBefore else { return false }
        var position = start
        while let behind = endOfBlob(at: position) { position = behind }
        guard let behind = endOfReplyMark(at: position) else {
            noLeaderBefore = position
            return false
        }
        start = behind
        isReplyOrForward = true
        return true
    }

    /// (4) A mark in brackets that is not all there is.
    private mutating func takeBlob() -> Bool {
        guard let behind = endOfBlob(at: start), behind < end else { return false }
        start = behind
        return true
    }

    /// (6) subj-fwd-hdr and subj-fwd-trl.
    private mutating func takeForward() -> Bool {
        guard end - start >= 6, bytes[end - 1] == UInt8(ascii: "]"),
            ASCII.equalsIgnoringCase(bytes[start..<(start + 5)], "[fwd:".utf8)
        else { return false }
        start += 5
        end -= 1
        noLeaderBefore = start
        isReplyOrForward = true
        return true
    }

    /// subj-refwd: `re`, `fw` or `fwd`, perhaps a mark in brackets, and a colon.
    private func endOfReplyMark(at position: Int) -> Int? {
        guard end - position >= 3 else { return nil }
        let word = bytes[position..<(position + 2)]
        var index = position + 2
        if ASCII.equalsIgnoringCase(word, "fw".utf8) {
            if ASCII.lowercased(bytes[index]) == UInt8(ascii: "d") { index += 1 }
        } else if !ASCII.equalsIgnoringCase(word, "re".utf8) {
            return nil
        }
        while index < end, bytes[index] == ASCII.space { index += 1 }
        if let behind = endOfBlob(at: index) { index = behind }
        return index < end && bytes[index] == UInt8(ascii: ":") ? index + 1 : nil
    }

    /// subj-blob with the blanks behind it.
    private func endOfBlob(at position: Int) -> Int? {
        guard position < end, bytes[position] == UInt8(ascii: "[") else { return nil }
        var index = position + 1
        while index < end, bytes[index] != UInt8(ascii: "]") {
            guard bytes[index] != UInt8(ascii: "["), bytes[index] != 0 else { return nil }
            index += 1
        }
        guard index < end else { return nil }
        index += 1
        while index < end, bytes[index] == ASCII.space { index += 1 }
        return index
    }
}

internal import Base

/// A tolerant parser of address lists: what real mail holds, never an error.
///
/// Words are gathered until a character says what they were: `<` makes them a display name, `@` the
/// local part, `:` a group's name, `,` an address without a domain.
struct AddressParser {
    private struct Word {
        var bytes: [UInt8]
        var isQuoted: Bool
        /// Whether white space or a comment stood before it.
        var isApart: Bool
    }

    private let bytes: [UInt8]
    private var offset = 0
    private var words: [Word] = []
    private var comments: [[UInt8]] = []
    private var items: [AddressList.Item] = []
    private var isInGroup = false
    /// Whether an address was taken and nothing has parted it from what follows.
    private var isBehindAddress = false
    /// Set once an opening quote or parenthesis had no end: further ones are characters, not searched again.
    private var quotesAreText = false
    private var parenthesesAreText = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func list() -> [AddressList.Item] {
        while items.count < Limits.addresses {
            let isApart = skipBlanks()
            guard offset < bytes.count else { break }
            switch bytes[offset] {
            case UInt8(ascii: ","):
                offset += 1
                finishWords()
                isBehindAddress = false
            case UInt8(ascii: ";"):
                offset += 1
                finishWords()
                if isInGroup { items.append(.groupEnd) }
                isInGroup = false
                isBehindAddress = false
            case UInt8(ascii: ":") where !isInGroup && !words.isEmpty:
                offset += 1
                items.append(.groupStart(phrase(words[...])))
                words = []
                comments = []
                isInGroup = true
                isBehindAddress = false
            case UInt8(ascii: "<"):
                offset += 1
                finish(angle())
            case UInt8(ascii: "@") where !words.isEmpty:
                offset += 1
                bareAddress()
            case UInt8(ascii: "@"):
                // A domain without a mailbox; behind an address it is a part of its trouble.
                offset += 1
                let domain = takeDomain()
                if !isBehindAddress { finish(Address(localPart: [], domain: domain, isMalformed: true)) }
            case UInt8(ascii: ":") where words.isEmpty:
                // Names no group.
                offset += 1
            case UInt8(ascii: ">"):
                // Closes nothing.
                offset += 1
            default:
                words.append(Word(bytes: [], isQuoted: false, isApart: isApart))
                takeWord(into: words.count - 1)
            }
        }
        if items.count < Limits.addresses { finishWords() }
        if isInGroup { items.append(.groupEnd) }
        return items
    }

    // MARK: Addresses

    /// `local@domain` outside angle brackets: the last words that hang together are the local part,
    /// what stands before them a name.
    private mutating func bareAddress() {
        var start = words.count - 1
        while start > 0, hangsTogether(words[start - 1], words[start]) { start -= 1 }
        let local = Array(words[start...].flatMap(\.bytes))
        let isQuoted = words[start...].contains { $0.isQuoted }
        let domain = takeDomain()
        _ = skipBlanks()
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "<") {
            // `mia@x.example <other@y.example>`: the name looks like an address; it is a name.
            let at = Word(bytes: local + [UInt8(ascii: "@")] + domain, isQuoted: isQuoted, isApart: true)
            words.replaceSubrange(start..., with: [at])
            return
        }
        var address = Address(localPart: local, domain: domain, isLocalPartQuoted: isQuoted)
        address.isMalformed = start > 0 || domain.isEmpty
        if start > 0 { address.name = phrase(words[..<start]) }
        finish(address)
    }

    /// Obsolete syntax allows blanks around the dots of a local part (RFC 5322 §4.4).
    private func hangsTogether(_ left: Word, _ right: Word) -> Bool {
        !right.isApart || left.bytes.last == UInt8(ascii: ".") || right.bytes.first == UInt8(ascii: ".")
    }

    /// What stands in angle brackets, the opening one taken.
    private mutating func angle() -> Address {
        var address = Address(localPart: [], domain: [])
        address.name = words.isEmpty ? nil : phrase(words[...])
        words = []
        while offset < bytes.count, bytes[offset] == UInt8(ascii: "<") {
            address.isMalformed = true
            offset += 1
        }
        takeRoute(into: &address)
        var local: [UInt8] = []
        var isClosed = false
        loop: while true {
            let isApart = skipBlanks()
            guard offset < bytes.count else { break }
            switch bytes[offset] {
            case UInt8(ascii: ">"):
                offset += 1
                isClosed = true
                break loop
            case UInt8(ascii: "@"):
                offset += 1
                let domain = takeDomain()
                if address.domain.isEmpty { address.domain = domain } else { address.isMalformed = true }
            case UInt8(ascii: ","), UInt8(ascii: ";"):
                break loop
            default:
                var word = Word(bytes: [], isQuoted: false, isApart: isApart)
                words = [word]
                takeWord(into: 0)
                word = words[0]
                words = []
                if !address.domain.isEmpty {
                    address.isMalformed = true
                } else {
                    let hasGap = isApart && !local.isEmpty && local.last != UInt8(ascii: ".")
                    if hasGap, word.bytes.first != UInt8(ascii: ".") {
                        address.isMalformed = true
                        local.append(ASCII.space)
                    }
                    local += word.bytes
                    address.isLocalPartQuoted = address.isLocalPartQuoted || word.isQuoted
                }
            }
        }
        while offset < bytes.count, bytes[offset] == UInt8(ascii: ">") { offset += 1 }
        address.localPart = local
        let isEmpty = local.isEmpty && address.domain.isEmpty
        if !isClosed || (!isEmpty && !address.isComplete) { address.isMalformed = true }
        return address
    }

    /// `@a,@b:` before the address (RFC 5322 §4.4 obs-route).
    private mutating func takeRoute(into address: inout Address) {
        _ = skipBlanks()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "@") else { return }
        let start = offset
        var index = offset
        while index < bytes.count, bytes[index] != UInt8(ascii: ":"), bytes[index] != UInt8(ascii: ">") { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return }
        address.route = bytes[start..<index].filter { !ASCII.isWhiteSpace($0) }
        offset = index + 1
    }

    /// The domain behind the `@`: a dot-atom or a literal, blanks and comments dropped.
    private mutating func takeDomain() -> [UInt8] {
        var domain: [UInt8] = []
        while true {
            let isApart = skipBlanks()
            guard offset < bytes.count else { break }
            let byte = bytes[offset]
            if byte == UInt8(ascii: "["), domain.isEmpty {
                while offset < bytes.count {
                    let next = bytes[offset]
                    if next == UInt8(ascii: ">") || next == UInt8(ascii: ",") { break }
                    offset += 1
                    if !ASCII.isWhiteSpace(next) { domain.append(next) }
                    if next == UInt8(ascii: "]") { break }
                }
                break
            }
            let isDotted = domain.isEmpty || domain.last == UInt8(ascii: ".") || byte == UInt8(ascii: ".")
            guard ByteClass.dotAtom.contains(byte), !isApart || isDotted else { break }
            while offset < bytes.count, ByteClass.dotAtom.contains(bytes[offset]) {
                domain.append(bytes[offset])
                offset += 1
            }
        }
        // A full stop at the end names the same host.
        if domain.count > 1, domain.last == UInt8(ascii: ".") { domain.removeLast() }
        return domain
    }

    // MARK: Ends

    private mutating func finish(_ address: Address) {
        var address = address
        _ = skipBlanks()
        if offset < bytes.count, bytes[offset] != UInt8(ascii: ","), bytes[offset] != UInt8(ascii: ";") {
            // Something without a comma follows: it belongs to nothing, unless it is the next address.
            address.isMalformed = true
        }
        address.comments = comments
        comments = []
        words = []
        items.append(.mailbox(address))
        isBehindAddress = true
    }

    /// Words that nothing made an address of.
    private mutating func finishWords() {
        defer {
            words = []
            comments = []
        }
        // Words behind an address that no comma parts from it are nobody's.
        guard !words.isEmpty, !isBehindAddress else { return }
        let isQuoted = words.contains { $0.isQuoted }
        items.append(
            .mailbox(
                Address(
                    comments: comments,
                    localPart: phrase(words[...]),
                    domain: [],
                    isLocalPartQuoted: isQuoted,
                    isMalformed: true
                )
            )
        )
    }

    private func phrase(_ words: ArraySlice<Word>) -> [UInt8] {
        var result: [UInt8] = []
        for word in words {
            if word.isApart, !result.isEmpty { result.append(ASCII.space) }
            result += word.bytes
        }
        return result
    }

    // MARK: Words

    /// Takes one atom, encoded word or quoted string; always at least one byte.
    private mutating func takeWord(into index: Int) {
        if bytes[offset] == ASCII.quote, !quotesAreText {
            var cursor = ByteCursor(bytes.span, at: offset)
            if let quoted = cursor.takeQuotedString() {
                offset = cursor.offset
                words[index].bytes = quoted
                words[index].isQuoted = true
                return
            }
            quotesAreText = true
        }
        if let end = EncodedWord.end(in: bytes, at: offset) {
            // Whole, so that an `@` or a comma inside is never taken for syntax.
            words[index].bytes = Array(bytes[offset..<end])
            offset = end
            return
        }
        let start = offset
        offset += 1
        while offset < bytes.count, isOfWord(bytes[offset]) { offset += 1 }
        words[index].bytes = Array(bytes[start..<offset])
    }

    /// Whether a byte goes on with a word: a run of stray ones is one word, not as many as it has bytes.
    private func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("): parenthesesAreText
        case ASCII.quote: quotesAreText
        case UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), ASCII.backslash: true
        default: ByteClass.dotAtom.contains(byte)
        }
    }

    /// Passes over blanks and gathers comments; answers whether there were any.
    private mutating func skipBlanks() -> Bool {
        let start = offset
        while offset < bytes.count {
            if ASCII.isWhiteSpace(bytes[offset]) {
                offset += 1
            } else if bytes[offset] == UInt8(ascii: "("), !parenthesesAreText {
                var cursor = ByteCursor(bytes.span, at: offset)
                guard let comment = cursor.takeComment() else {
                    parenthesesAreText = true
                    break
                }
                offset = cursor.offset
                comments.append(comment)
            } else {
                break
            }
        }
        return offset > start
    }
}

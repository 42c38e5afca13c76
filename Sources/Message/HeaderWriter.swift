internal import Base

/// A field that we write: what kind of value it has says how it is encoded and folded.
package struct ComposedField: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        /// Free text: encoded words where it is not ASCII (RFC 2047).
        case text(String)
        /// Already in the grammar of its field; only folded at spaces.
        case structured(String)
        case addresses([Address])
        /// Without angle brackets.
        case messageIDs([String])
        case date(MailDate)
    }

    package let name: String
    package let value: Value

    package init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// The field with its CRLF, folded at 78 characters (RFC 5322 §2.1.1).
    ///
    /// Line ends and NUL in the value become spaces: nothing that is passed in can begin another field.
    package var bytes: [UInt8] {
        var writer = HeaderWriter(name: name)
        // The first word stands beside the name: no encoded word may be longer than there is room.
        let width = max(40, 77 - name.utf8.count - 1)
        switch value {
        case .text(let text): writer.append(words: EncodedWord.encodedWords(ofText: text, width: width))
        case .structured(let text): writer.append(words: text.split(separator: " ").map(String.init))
        case .date(let date): writer.append(words: [date.text])
        case .messageIDs(let ids): writer.append(words: ids.map { "<\($0)>" })
        case .addresses(let addresses):
            for (index, address) in addresses.enumerated() {
                var words = address.words(width: width)
                if index + 1 < addresses.count, let last = words.popLast() { words.append(last + ",") }
                writer.append(words: words)
            }
        }
        return writer.finish()
    }
}

extension Address {
    /// What is written of it in a field, in pieces that may stand on lines of their own.
    fileprivate func words(width: Int) -> [String] {
        let name = displayName
        guard !name.isEmpty else { return [isComplete ? spec : "<\(spec)>"] }
        return EncodedWord.words(ofPhrase: name, width: width) + ["<\(spec)>"]
    }
}

/// Puts words on lines.
private struct HeaderWriter {
    private var output: [UInt8]
    private var column: Int
    private var isEmpty = true

    init(name: String) {
        output = Array(name.utf8) + [UInt8(ascii: ":")]
        column = output.count
    }

    mutating func append(words: [String]) {
        for word in words {
            let bytes = word.utf8.map { $0 == ASCII.cr || $0 == ASCII.lf || $0 == ASCII.nul ? ASCII.space : $0 }
            // RFC 5322 §2.2.3: a line of nothing but blanks must not come of folding.
            if column + 1 + bytes.count > 78, !isEmpty, bytes.contains(where: { !ASCII.isWhiteSpace($0) }) {
                output += [ASCII.cr, ASCII.lf]
                column = 0
            }
            output.append(ASCII.space)
            output += bytes
            column += 1 + bytes.count
            isEmpty = false
        }
    }

    func finish() -> [UInt8] { output + [ASCII.cr, ASCII.lf] }
}

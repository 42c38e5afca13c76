internal import Base
internal import Message

/// The first words of a message as PREVIEW shows them (RFC 8970 §3.3): what its author newly wrote,
/// on one line.
enum PreviewText {
    /// Empty where the message has no text.
    static func of(_ message: ParsedMessage) -> String {
        let text = message.readableText(limit: Limits.previewSource).text
        let split = FreshText(text, subject: message.header.text("Subject") ?? "")
        let fresh = line(split.fresh)
        // A forward without words of its own, or a quotation alone, is shown for what it holds.
        return fresh.isEmpty ? line(split.lines.map(\.text).joined(separator: "\n")) : fresh
    }

    /// White space as single spaces, nothing invisible, cut between characters.
    private static func line(_ text: String) -> String { plainLine(text) ?? lineOfCharacters(text) }

    static func lineOfCharacters(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isBlank = true
        var count = 0
        for character in text {
            let visible = character.unicodeScalars.filter { !isInvisible($0) }
            if character.isWhitespace || visible.isEmpty {
                isBlank = isBlank || character.isWhitespace
                continue
            }
            // Counting what is there would go through all of it each time.
            count += visible.count + (isBlank && !result.isEmpty ? 1 : 0)
            guard count <= Limits.preview else { break }
            if isBlank, !result.isEmpty { result.append(" ") }
            result.append(contentsOf: visible)
            isBlank = false
        }
        return String(result)
    }

    /// The same of text that begins in ASCII, in which a byte is a character; `nil` where anything else counts.
    static func plainLine(_ text: String) -> String? {
        var result: [UInt8] = []
        var isBlank = true
        for byte in text.utf8 {
            // A mark may join the character before it.
            guard byte < 0x80 else { return nil }
            if byte == ASCII.space || (0x09...0x0D).contains(byte) {
                if result.count == Limits.preview { break }
                isBlank = true
                continue
            }
            if byte < 0x20 || byte == 0x7F { continue }
            let needed = isBlank && !result.isEmpty ? 2 : 1
            guard result.count + needed <= Limits.preview else { break }
            if needed == 2 { result.append(ASCII.space) }
            result.append(byte)
            isBlank = false
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Controls, and the marks without width that advertisements pad their first line with.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x202A...0x202E,
            0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB:
            true
        default: false
        }
    }
}

package import Base

/// What structured fields are made of (RFC 5322 §3.2): comments, quoted strings, atoms.
///
/// Broken ones never stop a parse: an opening quote or parenthesis without an end is an ordinary
/// character for who asks, by getting `nil` and the cursor left where it was.
extension ByteCursor {
    /// Takes a quoted string without its quotes and backslashes.
    @_lifetime(self: copy self)
    package mutating func takeQuotedString() -> [UInt8]? {
        guard next == ASCII.quote else { return nil }
        let start = offset
        offset += 1
        var result: [UInt8] = []
        while let byte = take() {
            switch byte {
            case ASCII.quote: return result
            case ASCII.backslash: if let escaped = take() { result.append(escaped) }
            default: result.append(byte)
            }
        }
        offset = start
        return nil
    }

    /// Takes a comment with all comments inside it, without the outer parentheses and backslashes.
    @_lifetime(self: copy self)
    package mutating func takeComment() -> [UInt8]? {
        guard next == UInt8(ascii: "(") else { return nil }
        let start = offset
        offset += 1
        var depth = 1
        var result: [UInt8] = []
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return result }
            case ASCII.backslash:
                if let escaped = take() { result.append(escaped) }
                continue
            default: break
            }
            result.append(byte)
        }
        offset = start
        return nil
    }

    /// Passes over white space and comments (CFWS).
    ///
    /// A comment without an end reaches to the end.
    @_lifetime(self: copy self)
    package mutating func skipCFWS() {
        while let byte = next {
            if ASCII.isWhiteSpace(byte) {
                offset += 1
            } else if byte == UInt8(ascii: "(") {
                if takeComment() == nil { offset = bytes.count }
            } else {
                return
            }
        }
    }

    /// Takes a token (RFC 2045 §5.1) in lower case.
    @_lifetime(self: copy self)
    package mutating func takeToken() -> String? {
        let range = takeAll(in: .token)
        guard !range.isEmpty else { return nil }
        return ASCII.lowercased(text(range))
    }
}

extension ByteClass {
    /// The characters of a MIME token, 8-bit tolerated (RFC 2045 §5.1).
    package static let token = ByteClass(0x21...0xFF).subtracting(ByteClass("()<>@,;:\\\"/[]?=\u{7F}"))
}

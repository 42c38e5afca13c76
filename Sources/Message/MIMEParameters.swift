internal import Base
internal import Text

/// One parameter of a MIME field, continuations joined (RFC 2045 §5.1, RFC 2231).
package struct MIMEParameter: Sendable, Hashable {
    /// In lower case, without the asterisks of RFC 2231.
    package let name: String
    /// The value's bytes: unquoted, percent signs decoded.
    package let value: [UInt8]
    /// The charset that RFC 2231 gives with the value; empty where it gives none, `nil` without RFC 2231.
    package let charset: String?
    package let language: String

    package init(name: String, value: [UInt8], charset: String? = nil, language: String = "") {
        self.name = name
        self.value = value
        self.charset = charset
        self.language = language
    }

    /// The value as text.
    ///
    /// Encoded words are decoded although RFC 2047 §5 forbids them here: many programs send file names so.
    package var text: String {
        guard let charset else { return EncodedWord.decode(value) }
        return Charset.decode(value, label: charset.isEmpty ? nil : charset)
    }

    /// Name and value as BODYSTRUCTURE shows them: joined, and still encoded where RFC 2231 was used.
    package var wire: (name: String, value: [UInt8]) {
        guard let charset else { return (name, value) }
        var encoded = Array("\(charset)'\(language)'".utf8)
        for byte in value {
            if ByteClass.token.contains(byte), byte < 0x80, byte != UInt8(ascii: "%"), byte != UInt8(ascii: "'"),
                byte != UInt8(ascii: "*")
            {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded += Array(ASCII.uppercased(Hexadecimal.encode([byte])).utf8)
            }
        }
        return (name + "*", encoded)
    }
}

/// The parameters of a MIME field in the order of their first appearance.
package struct MIMEParameters: Sendable, Hashable, RandomAccessCollection {
    private let list: [MIMEParameter]

    package init(_ list: [MIMEParameter] = []) {
        self.list = list
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { list.count }
    package subscript(position: Int) -> MIMEParameter { list[position] }

    /// The first parameter of a name in lower case.
    package subscript(name: String) -> MIMEParameter? { list.first { $0.name == name } }

    /// One `name=value` as it stands, before continuations are joined.
    private struct Piece {
        let name: String
        /// The number of a continuation, from 0; -1 for a value in one piece.
        let index: Int
        let isEncoded: Bool
        let value: [UInt8]
    }

    /// Parses what follows the value of a field, from its first semicolon.
    @_lifetime(cursor: copy cursor)
    static func parse(_ cursor: inout ByteCursor) -> MIMEParameters {
        var pieces: [Piece] = []
        while pieces.count < Limits.mimeParameters, let piece = takePiece(&cursor) { pieces.append(piece) }
        return MIMEParameters(joined(pieces))
    }

    @_lifetime(cursor: copy cursor)
    private static func takePiece(_ cursor: inout ByteCursor) -> Piece? {
        while true {
            cursor.skipCFWS()
            while cursor.take(UInt8(ascii: ";")) { cursor.skipCFWS() }
            guard !cursor.isAtEnd else { return nil }
            let name = cursor.takeToken()
            cursor.skipCFWS()
            guard let name, cursor.take(UInt8(ascii: "=")) else {
                // Neither name nor value: whatever it is, it ends at the next semicolon.
                if name == nil || cursor.next != UInt8(ascii: ";") { _ = cursor.takeUntil(UInt8(ascii: ";")) }
                continue
            }
            cursor.skipCFWS()
            return piece(named: name, value: takeValue(&cursor, of: name))
        }
    }

    /// A quoted string or what stands up to the semicolon.
    ///
    /// File names are taken with blanks inside, since programs send them unquoted; other values end at the first
    /// blank.
    @_lifetime(cursor: copy cursor)
    private static func takeValue(_ cursor: inout ByteCursor, of name: String) -> [UInt8] {
        if let quoted = cursor.takeQuotedString() { return quoted }
        // The opening quote of a string without end.
        _ = cursor.take(ASCII.quote)
        let start = cursor.offset
        let mayHoldBlanks = name.hasPrefix("name") || name.hasPrefix("filename")
        if mayHoldBlanks {
            let range = cursor.takeUntil(UInt8(ascii: ";"))
            return ASCII.trimmed(cursor.copy(range))
        }
        while let byte = cursor.next, byte != UInt8(ascii: ";"), !ASCII.isWhiteSpace(byte) { cursor.offset += 1 }
        return cursor.copy(start..<cursor.offset)
    }

    private static func piece(named name: String, value: [UInt8]) -> Piece {
        let parts = name.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard parts.count > 1, let base = parts.first, !base.isEmpty else {
            return Piece(name: name, index: -1, isEncoded: false, value: value)
        }
        let baseName = String(decoding: base, as: UTF8.self)
        let isEncoded = parts.last?.isEmpty == true
        guard let number = Int(String(decoding: parts[1], as: UTF8.self)), number >= 0 else {
            return Piece(name: baseName, index: -1, isEncoded: isEncoded, value: value)
        }
        return Piece(name: baseName, index: number, isEncoded: isEncoded, value: value)
    }

    private static func joined(_ pieces: [Piece]) -> [MIMEParameter] {
        var names: [String] = []
        var groups: [String: [Piece]] = [:]
        for piece in pieces {
            if groups[piece.name] == nil { names.append(piece.name) }
            groups[piece.name, default: []].append(piece)
        }
        return names.flatMap { join($0, groups[$0] ?? []) }
    }

    /// An encoded value goes before continuations, those before a value in one piece (RFC 6266 §4.3
    /// asks for that; RFC 2231 is silent).
    ///
    /// Pieces that nothing can be joined to stay under the names that they were written with.
    private static func join(_ name: String, _ pieces: [Piece]) -> [MIMEParameter] {
        var result: [MIMEParameter] = []
        for piece in pieces where piece.index < 0 && piece.isEncoded {
            let (charset, language, rest) = splitCharset(piece.value)
            let value = percentDecoded(rest)
            result.append(MIMEParameter(name: name, value: value, charset: charset, language: language))
        }
        var run: [Piece] = []
        var loose: [Piece] = []
        for piece in pieces.filter({ $0.index >= 0 }).sorted(by: { $0.index < $1.index }) {
            if piece.index == run.count { run.append(piece) } else { loose.append(piece) }
        }
        if !run.isEmpty { result.append(continued(name, run)) }
        for piece in pieces where piece.index < 0 && !piece.isEncoded {
            result.append(MIMEParameter(name: name, value: piece.value))
        }
        for piece in loose {
            let written = "\(name)*\(piece.index)\(piece.isEncoded ? "*" : "")"
            result.append(MIMEParameter(name: written, value: piece.value))
        }
        return result
    }

    private static func continued(_ name: String, _ run: [Piece]) -> MIMEParameter {
        var charset: String? = run.contains { $0.isEncoded } ? "" : nil
        var language = ""
        var value: [UInt8] = []
        for (place, piece) in run.enumerated() {
            var bytes = piece.value
            if piece.isEncoded, place == 0 {
                let (label, tag, rest) = splitCharset(bytes)
                (charset, language, bytes) = (label, tag, rest)
            }
            value += piece.isEncoded ? percentDecoded(bytes) : bytes
        }
        return MIMEParameter(name: name, value: value, charset: charset, language: language)
    }

    private static func splitCharset(_ value: [UInt8]) -> (charset: String, language: String, rest: [UInt8]) {
        let parts = value.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return ("", "", value) }
        return (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self), Array(parts[2]))
    }

    private static func percentDecoded(_ value: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < value.count {
            if value[index] == UInt8(ascii: "%"), index + 2 < value.count, let high = ASCII.hexValue(value[index + 1]),
                let low = ASCII.hexValue(value[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(value[index])
                index += 1
            }
        }
        return result
    }
}

internal import Base

// What is spoken on the control socket.
//
// The request is the command line, one line: words apart by a blank, in each word every byte that
// is not a letter, a digit or one of -._~/:= as %XX; then LF. The answer is lines: `out TEXT` and
// `err TEXT` for the two streams, and at last `end CODE`. An answer without that line was cut off.

/// One line of an answer.
enum ControlLine: Hashable, Sendable {
    case out(String)
    case err(String)
    case end(ExitCode)

    var text: String {
        switch self {
        case .out(let text): "out \(text)"
        case .err(let text): "err \(text)"
        case .end(let code): "end \(code.rawValue)"
        }
    }

    /// Reads a line without its line break; nil where it is none.
    init?(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "out": self = .out(parts[1])
        case "err": self = .err(parts[1])
        case "end":
            guard let code = Int32(parts[1]).flatMap(ExitCode.init(rawValue:)) else { return nil }
            self = .end(code)
        default: return nil
        }
    }
}

/// The words of a request as its line, and back.
enum ControlRequest {
    static func line(_ words: [String]) -> String {
        words.map { word in
            // An empty word would leave no trace between two blanks.
            let bytes = word.utf8.map { isPlain($0) ? ASCII.text($0) : "%\(Hexadecimal.encode([$0]))" }
            return bytes.isEmpty ? "%" : bytes.joined()
        }.joined(separator: " ")
    }

    /// The words of a line without its line break; nil where it is none.
    static func words(_ line: some Collection<UInt8>) -> [String]? {
        guard !line.isEmpty else { return nil }
        var words: [String] = []
        for part in line.split(separator: ASCII.space, omittingEmptySubsequences: false) {
            guard let word = word(Array(part)) else { return nil }
            words.append(word)
        }
        return words
    }

    private static func word(_ bytes: [UInt8]) -> String? {
        if bytes == [UInt8(ascii: "%")] { return "" }
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.count >= 2,
                    let decoded = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self))?.first
                else { return nil }
                result.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                guard isPlain(byte) else { return nil }
                result.append(byte)
            }
        }
        return result.isEmpty ? nil : String(validating: result, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "-._~/:=".utf8.contains(byte)
        }
    }
}

extension ASCII {
    /// One byte below 0x80 as text.
    fileprivate static func text(_ byte: UInt8) -> String { String(UnicodeScalar(byte)) }
}

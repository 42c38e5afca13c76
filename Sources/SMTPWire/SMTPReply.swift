internal import Base

/// A reply of a server: code, enhanced code and one or more lines of text (RFC 5321 §4.2, RFC 2034).
package struct SMTPReply: Hashable, Sendable, CustomStringConvertible {
    /// 200 to 599.
    package let code: UInt16
    package let enhanced: EnhancedStatus?
    /// At least one; without codes and line breaks.
    package let lines: [String]

    package init(_ code: UInt16, _ enhanced: EnhancedStatus, _ text: String) {
        self.init(code, enhanced, lines: [text])
    }

    /// A reply without an enhanced code: greetings, 334, 354.
    package init(_ code: UInt16, _ text: String) {
        self.init(code, lines: [text])
    }

    package init(_ code: UInt16, _ enhanced: EnhancedStatus? = nil, lines: [String]) {
        self.code = code
        self.enhanced = enhanced
        self.lines = lines.isEmpty ? [""] : lines
    }

    /// The request was done (2yz).
    package var isSuccess: Bool { code / 100 == 2 }
    /// More is wanted (3yz).
    package var isIntermediate: Bool { code / 100 == 3 }
    /// Refused for now; the same request may succeed later (4yz).
    package var isTransient: Bool { code / 100 == 4 }
    /// Refused for good (5yz).
    package var isPermanent: Bool { code / 100 == 5 }

    /// The lines joined by spaces, without codes.
    package var text: String { lines.joined(separator: " ") }

    /// As one line, as a log or a bounce shows it: `550 5.7.1 Not allowed`.
    package var description: String {
        guard let enhanced else { return "\(code) \(text)" }
        return "\(code) \(enhanced) \(text)"
    }

    /// Appends the reply as it goes on the wire.
    ///
    /// Whatever the text holds, a line stays one line: control characters become spaces, and text
    /// beyond the 512 octets of RFC 5321 §4.5.3.1.5 is cut.
    package func encode(into output: inout [UInt8]) {
        let prefix = enhanced.map { Array("\($0) ".utf8) } ?? []
        for (index, line) in lines.enumerated() {
            output.append(contentsOf: String(code).utf8)
            output.append(index == lines.count - 1 ? ASCII.space : 0x2D)
            output.append(contentsOf: prefix)
            let room = Limits.smtpReplyLine - 4 - prefix.count - 2
            for byte in Self.cut(line, to: room).utf8 {
                output.append(ByteClass.controls.contains(byte) ? ASCII.space : byte)
            }
            output.append(ASCII.cr)
            output.append(ASCII.lf)
        }
    }

    /// The reply as it goes on the wire.
    package var encoded: [UInt8] {
        var output: [UInt8] = []
        encode(into: &output)
        return output
    }

    /// The longest front of the text that has at most `count` bytes and breaks no character.
    private static func cut(_ text: String, to count: Int) -> Substring {
        guard text.utf8.count > count else { return text[...] }
        var end = text.startIndex
        var used = 0
        for scalar in text.unicodeScalars {
            used += UTF8.width(scalar)
            guard used <= count else { break }
            text.unicodeScalars.formIndex(after: &end)
        }
        return text[..<end]
    }
}

/// Text of format=flowed put back into paragraphs (RFC 3676).
enum FlowedText {
    /// Lines joined where they end in a space, quote marks as `> `, stuffed spaces removed.
    static func unfold(_ text: String, deletesSpace: Bool) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        // The depth of the paragraph that goes on.
        var openDepth: Int?
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let depth = line.prefix { $0 == UInt8(ascii: ">") }.count
            var content = line.dropFirst(depth)
            if content.first == UInt8(ascii: " ") { content = content.dropFirst() }
            let isSignature = content.elementsEqual("-- ".utf8)
            let isFlowed = content.last == UInt8(ascii: " ") && !isSignature
            if isFlowed, deletesSpace { content = content.dropLast() }
            if openDepth != depth || isSignature {
                if index > 0 { result.append(UInt8(ascii: "\n")) }
                result += [UInt8](repeating: UInt8(ascii: ">"), count: depth)
                if depth > 0 { result.append(UInt8(ascii: " ")) }
            }
            result += content
            openDepth = isFlowed ? depth : nil
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Text broken into flowed lines of at most 72 characters, spaces stuffed (RFC 3676 §4.2, §4.4).
    static func fold(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { foldLine(String($0)) }
            .joined(separator: "\n")
    }

    private static func foldLine(_ line: String) -> String {
        guard line != "-- " else { return line }
        let trimmed = String(line.reversed().drop { $0 == " " }.reversed())
        // A line that quotes stays whole: its mark belongs to it alone.
        guard !trimmed.hasPrefix(">") else { return trimmed }
        var lines: [String] = []
        var current = ""
        for (index, word) in trimmed.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            if index > 0 {
                current += " "
                if current.count + word.count > 72 {
                    lines.append(current)
                    current = ""
                }
            }
            current += word
        }
        lines.append(current)
        return lines.map { $0.hasPrefix(" ") || $0.hasPrefix("From ") ? " " + $0 : $0 }.joined(separator: "\n")
    }
}

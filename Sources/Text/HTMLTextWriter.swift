internal import Base

/// Gathers the text of an HTML mail: white space joined, lines broken and quoted where blocks say so.
struct HTMLTextWriter {
    private var output: [UInt8] = []
    private let limit: Int
    /// Line breaks that stand before the next visible character: at most two, one blank line.
    private var breaks = 0
    private var hasSpace = false
    /// Blockquotes that are open.
    var quoteDepth = 0
    /// Elements that keep their white space that are open.
    var preformattedDepth = 0

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { output.count }

    var isFull: Bool { output.count >= limit }

    var text: String { String(decoding: output, as: UTF8.self) }

    /// The text written since `start`, without white space at its ends and quote marks of a new line.
    func text(from start: Int) -> String {
        guard start < output.count else { return "" }
        return ASCII.trimmed(String(decoding: output[start...].drop { $0 == ASCII.lf }, as: UTF8.self))
    }

    mutating func lineBreak() {
        breaks = min(2, breaks + 1)
        hasSpace = false
    }

    mutating func startBlock(blankLine: Bool) {
        breaks = max(breaks, blankLine ? 2 : 1)
        hasSpace = false
    }

    mutating func space() { hasSpace = true }

    mutating func write(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where preformattedDepth > 0: lineBreak()
            case " " where preformattedDepth > 0, "\t" where preformattedDepth > 0: put(" ")
            case " ", "\t", "\n", "\r", "\u{0C}", "\u{A0}": hasSpace = true
            // Without width: soft hyphen, grapheme joiner, zero width space, byte order mark. Mailings fill
            // their preview with them.
            case "\u{AD}", "\u{34F}", "\u{200B}", "\u{FEFF}": break
            default: put(scalar)
            }
        }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        guard !isFull else { return }
        if breaks > 0, !output.isEmpty {
            output.append(ASCII.lf)
            if breaks > 1 { output.append(ASCII.lf) }
        }
        if output.isEmpty || breaks > 0 {
            for _ in 0..<min(quoteDepth, Limits.quoteDepth) { output += [UInt8(ascii: ">"), ASCII.space] }
        } else if hasSpace, output.last != ASCII.space {
            output.append(ASCII.space)
        }
        breaks = 0
        hasSpace = false
        output += Array(String(scalar).utf8)
    }
}

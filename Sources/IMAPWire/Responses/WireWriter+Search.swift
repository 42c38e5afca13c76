internal import Base

// SEARCH, ESEARCH and VANISHED.
extension WireWriter {
    mutating func search(_ numbers: [UInt32], _ modSeq: ModSeq?) {
        write("* SEARCH")
        for number in numbers {
            space()
            write(number)
        }
        if let modSeq {
            write(" (MODSEQ ")
            write(modSeq)
            close()
        }
        endLine()
    }

    mutating func extendedSearch(_ result: ExtendedSearch) {
        write("* ESEARCH")
        if let tag = result.tag {
            // Quoted, though an atom would do: Outlook reads nothing else.
            write(" (TAG ")
            string(tag)
            close()
        }
        if result.isUID { write(" UID") }
        if let min = result.min { write(text: " MIN \(min)") }
        if let max = result.max { write(text: " MAX \(max)") }
        if let all = result.all, !all.isEmpty {
            write(" ALL ")
            orderedNumbers(all)
        }
        if let count = result.count { write(text: " COUNT \(count)") }
        if let modSeq = result.modSeq { write(text: " MODSEQ \(modSeq)") }
        endLine()
    }

    /// In lines of bounded length: some readers of lines have small buffers.
    mutating func vanished(_ uids: NumberSet, earlier: Bool) {
        var rest = uids.ranges[...]
        while !rest.isEmpty {
            write("* VANISHED ")
            if earlier { write("(EARLIER) ") }
            write(text: NumberSet(rest.prefix(Self.rangesInLine)).text)
            endLine()
            rest = rest.dropFirst(Self.rangesInLine)
        }
    }

    private static let rangesInLine = 500
}

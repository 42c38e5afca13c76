internal import Base

// SEARCH, ESEARCH and VANISHED.
extension WireReader {
    /// Numbers with a space before each, and the highest MODSEQ (RFC 7162 §3.1.6).
    @_lifetime(self: copy self)
    mutating func expectSearch() throws(IMAPSyntaxError) -> Response {
        var numbers: [UInt32] = []
        var modSeq: ModSeq?
        while takeSpace(), let next = cursor.next {
            if ASCII.isDigit(next) {
                numbers.append(try expectNumber())
            } else if takeKeyword("(MODSEQ ") {
                modSeq = try expectNumber64()
                try expect(UInt8(ascii: ")"), .list)
            } else {
                break
            }
        }
        return .search(numbers, modSeq: modSeq)
    }

    /// esearch-response (RFC 4466 §2.6.2); what is not known is passed over.
    @_lifetime(self: copy self)
    mutating func expectExtendedSearch() throws(IMAPSyntaxError) -> Response {
        var result = ExtendedSearch(tag: nil, isUID: false)
        if takeKeyword(" (TAG ") {
            result.tag = String(decoding: try expectAString(), as: UTF8.self)
            try expect(UInt8(ascii: ")"), .list)
        }
        var isFirst = true
        while takeSpace(), !isAtEnd {
            let name = ASCII.uppercased(try expectAtom())
            if isFirst, name == "UID" {
                result.isUID = true
                isFirst = false
                continue
            }
            isFirst = false
            try expectSpace()
            switch name {
            case "MIN": result.min = try expectPositive()
            case "MAX": result.max = try expectPositive()
            case "ALL": result.all = try expectOrderedNumbers()
            case "COUNT": result.count = try expectNumber()
            case "MODSEQ": result.modSeq = try expectNumber64()
            default: try skipValue(depth: Limits.imapNesting)
            }
        }
        return .extendedSearch(result)
    }

    /// expunged-resp (RFC 7162 §7).
    @_lifetime(self: copy self)
    mutating func expectVanished() throws(IMAPSyntaxError) -> Response {
        let isEarlier = takeKeyword(" (EARLIER)")
        try expectSpace()
        return .vanished(try expectNumberSet(), earlier: isEarlier)
    }
}

internal import Base
internal import Text

// SEARCH (RFC 9051 §6.4.4 with the keys of RFC 3501 §6.4.4).
extension WireReader {
    @_lifetime(self: copy self)
    mutating func expectSearchRequest() throws(IMAPSyntaxError) -> SearchRequest {
        let options = try takeReturnOptions()
        var charset: String?
        if takeWord("CHARSET") {
            try expectSpace()
            charset = ASCII.uppercased(String(decoding: try expectAString(), as: UTF8.self))
            try expectSpace()
        }
        var budget = SearchBudget(charset: charset)
        let keys = try expectSearchKeys(&budget)
        try expectEnd()
        return SearchRequest(options: options, charset: charset, key: keys.count == 1 ? keys[0] : .and(keys))
    }

    /// search-criteria of SORT and THREAD: a charset, always, and keys (RFC 5256 §5).
    @_lifetime(self: copy self)
    mutating func expectSearchCriteria() throws(IMAPSyntaxError) -> SearchRequest {
        let charset = ASCII.uppercased(String(decoding: try expectAString(), as: UTF8.self))
        try expectSpace()
        var budget = SearchBudget(charset: charset)
        let keys = try expectSearchKeys(&budget)
        return SearchRequest(charset: charset, key: keys.count == 1 ? keys[0] : .and(keys))
    }

    /// How many keys, and how deep, one command may still have (INV-9), and what its texts are in.
    struct SearchBudget {
        let charset: String?
        var keys = Limits.imapSearchKeys
        var depth = Limits.imapNesting

        init(charset: String? = nil) { self.charset = charset }
    }

    @_lifetime(self: copy self)
    private mutating func expectSearchKeys(_ budget: inout SearchBudget) throws(IMAPSyntaxError) -> [SearchKey] {
        var keys = [try expectSearchKey(&budget)]
        while takeSpace() { keys.append(try expectSearchKey(&budget)) }
        return keys
    }

    @_lifetime(self: copy self)
    private mutating func expectSearchKey(_ budget: inout SearchBudget) throws(IMAPSyntaxError) -> SearchKey {
        guard budget.keys > 0 else { throw failure(.tooMany) }
        guard budget.depth > 0 else { throw failure(.tooDeep) }
        budget.keys -= 1
        budget.depth -= 1
        defer { budget.depth += 1 }
        if take(UInt8(ascii: "(")) {
            let keys = try expectSearchKeys(&budget)
            try expect(UInt8(ascii: ")"), .list)
            return keys.count == 1 ? keys[0] : .and(keys)
        }
        if let next = cursor.next, ASCII.isDigit(next) || next == UInt8(ascii: "*") || next == UInt8(ascii: "$") {
            return .sequence(try expectSet())
        }
        let start = offset
        guard let name = takeAtom() else { throw failure(.searchKey) }
        let upper = ASCII.uppercased(name)
        if let key = Self.plainKeys[upper] { return key }
        guard Self.keysWithArguments.contains(upper) else { throw IMAPSyntaxError(.searchKey, at: start) }
        try expectSpace()
        switch upper {
        case "NOT": return .not(try expectSearchKey(&budget))
        case "OR":
            let first = try expectSearchKey(&budget)
            try expectSpace()
            return .or(first, try expectSearchKey(&budget))
        case "UID": return .uid(try expectSet())
        case "EMAILID": return .emailID(try expectSearchedID())
        case "THREADID": return .threadID(try expectSearchedID())
        case "LARGER": return .larger(try expectNumber())
        case "OLDER": return .older(seconds: try expectPositive())
        case "YOUNGER": return .younger(seconds: try expectPositive())
        case "SMALLER": return .smaller(try expectNumber())
        case "KEYWORD": return .keyword(Keyword(try expectAtom()), true)
        case "UNKEYWORD": return .keyword(Keyword(try expectAtom()), false)
        case "BODY": return .body(try expectSearchText(budget))
        case "TEXT": return .text(try expectSearchText(budget))
        case "SUBJECT": return .header("Subject", try expectSearchText(budget))
        case "HEADER":
            let field = try expectSearchText(budget)
            try expectSpace()
            return .header(field, try expectSearchText(budget))
        case "BEFORE": return .received(.before, try expectDate())
        case "ON": return .received(.on, try expectDate())
        case "SINCE": return .received(.since, try expectDate())
        case "SENTBEFORE": return .sent(.before, try expectDate())
        case "SAVEDBEFORE": return .saved(.before, try expectDate())
        case "SAVEDON": return .saved(.on, try expectDate())
        case "SAVEDSINCE": return .saved(.since, try expectDate())
        case "SENTON": return .sent(.on, try expectDate())
        case "MODSEQ": return .modSeq(try expectSearchedModSeq())
        case "SENTSINCE": return .sent(.since, try expectDate())
        default: return .address(field: name, try expectSearchText(budget))
        }
    }

    @_lifetime(self: copy self)
    private mutating func expectSearchText(_ budget: SearchBudget) throws(IMAPSyntaxError) -> String {
        Charset.decode(try expectAString(), label: budget.charset)
    }

    @_lifetime(self: copy self)
    private mutating func expectSearchedID() throws(IMAPSyntaxError) -> ObjectID {
        let start = offset
        guard let id = ObjectID(try expectAtom()) else { throw IMAPSyntaxError(.searchKey, at: start) }
        return id
    }

    private static let keysWithArguments: Set<String> = [
        "NOT", "OR", "UID", "LARGER", "SMALLER", "KEYWORD", "UNKEYWORD", "BODY", "TEXT", "SUBJECT", "HEADER", "BEFORE",
        "ON", "SINCE", "SENTBEFORE", "SENTON", "SENTSINCE", "FROM", "TO", "CC", "BCC",
        "MODSEQ", "OLDER", "YOUNGER", "EMAILID", "THREADID", "SAVEDBEFORE", "SAVEDON", "SAVEDSINCE",
    ]

    private static let plainKeys: [String: SearchKey] = [
        "ALL": .all,
        // RFC 8514 §4.3: every message of a mailbox that knows, and all of them do.
        "SAVEDATESUPPORTED": .all,
        "ANSWERED": .flag(.answered, true), "UNANSWERED": .flag(.answered, false),
        "DELETED": .flag(.deleted, true), "UNDELETED": .flag(.deleted, false),
        "DRAFT": .flag(.draft, true), "UNDRAFT": .flag(.draft, false),
        "FLAGGED": .flag(.flagged, true), "UNFLAGGED": .flag(.flagged, false),
        "SEEN": .flag(.seen, true), "UNSEEN": .flag(.seen, false),
        "RECENT": .flag(.recent, true), "OLD": .flag(.recent, false),
        "NEW": .and([.flag(.recent, true), .flag(.seen, false)]),
    ]
}

internal import Base

// What extensions put into parentheses beside a command's own arguments (RFC 4466). What is not
// known is refused: its sender relies on it.
extension WireReader {
    // MARK: SELECT and EXAMINE

    /// select-params, with the space before them.
    @_lifetime(self: copy self)
    mutating func expectSelectParameters() throws(IMAPSyntaxError) -> SelectParameters {
        var parameters = SelectParameters(suppliedName: suppliedName)
        guard takeSpace() else { return parameters }
        try expect(UInt8(ascii: "("), .list)
        repeat {
            if takeWord("CONDSTORE") {
                parameters.wantsModSeqs = true
            } else if parameters.known == nil, takeWord("QRESYNC") {
                try expectSpace()
                parameters.known = try expectKnownMailbox()
            } else {
                throw failure(.parameter)
            }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return parameters
    }

    /// RFC 7162 §7 select-param: `(uidvalidity modseq [known-uids] [(numbers uids)])`.
    @_lifetime(self: copy self)
    private mutating func expectKnownMailbox() throws(IMAPSyntaxError) -> KnownMailbox {
        try expect(UInt8(ascii: "("), .list)
        let uidValidity = try expectPositive()
        try expectSpace()
        var known = KnownMailbox(uidValidity: uidValidity, modSeq: try expectNumber64())
        if takeSpace() {
            if cursor.next != UInt8(ascii: "(") {
                known.uids = try expectNumberSet()
                if takeSpace() { known.sample = try expectSample() }
            } else {
                known.sample = try expectSample()
            }
        }
        try expect(UInt8(ascii: ")"), .list)
        return known
    }

    /// seq-match-data.
    @_lifetime(self: copy self)
    private mutating func expectSample() throws(IMAPSyntaxError) -> KnownMailbox.Sample {
        let start = offset
        try expect(UInt8(ascii: "("), .list)
        let numbers = try expectNumberSet()
        try expectSpace()
        let uids = try expectNumberSet()
        try expect(UInt8(ascii: ")"), .list)
        guard numbers.count == uids.count else { throw IMAPSyntaxError(.set, at: start) }
        return KnownMailbox.Sample(numbers: numbers, uids: uids)
    }

    // MARK: FETCH and STORE

    @_lifetime(self: copy self)
    mutating func expectFetchRequest(byUID: Bool) throws(IMAPSyntaxError) -> FetchRequest {
        let set = try expectSet()
        try expectSpace()
        var request = FetchRequest(set: set, items: try expectFetchItems())
        guard takeSpace() else { return request }
        let start = offset
        try expect(UInt8(ascii: "("), .list)
        repeat {
            if request.changedSince == nil, takeWord("CHANGEDSINCE") {
                try expectSpace()
                request.changedSince = try expectNumber64()
            } else if byUID, takeWord("VANISHED") {
                request.tellsVanished = true
            } else {
                throw failure(.parameter)
            }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        // RFC 7162 §3.2.6: VANISHED means nothing without a point in time.
        guard request.changedSince != nil else { throw IMAPSyntaxError(.parameter, at: start) }
        return request
    }

    /// store-modifiers, with the space behind them (RFC 7162 §3.1.3).
    @_lifetime(self: copy self)
    mutating func takeUnchangedSince() throws(IMAPSyntaxError) -> ModSeq? {
        guard take(UInt8(ascii: "(")) else { return nil }
        guard takeWord("UNCHANGEDSINCE") else { throw failure(.parameter) }
        try expectSpace()
        let modSeq = try expectNumber64()
        try expect(UInt8(ascii: ")"), .list)
        try expectSpace()
        return modSeq
    }

    // MARK: SEARCH, SORT and THREAD

    /// `RETURN (…)` with the space behind it; `nil` where it is not there.
    ///
    /// SORT takes the same options (RFC 5267 §3).
    @_lifetime(self: copy self)
    mutating func takeReturnOptions() throws(IMAPSyntaxError) -> SearchReturn? {
        guard takeWord("RETURN") else { return nil }
        try expectSpace()
        try expect(UInt8(ascii: "("), .list)
        var options: SearchReturn = []
        if !take(UInt8(ascii: ")")) {
            repeat {
                let start = offset
                let name = ASCII.uppercased(try expectAtom())
                guard let known = SearchReturn.names.first(where: { $0.name == name }) else {
                    throw IMAPSyntaxError(.parameter, at: start)
                }
                options.insert(known.option)
            } while takeSpace()
            try expect(UInt8(ascii: ")"), .list)
        }
        try expectSpace()
        return options.isEmpty ? .all : options
    }

    /// RFC 7162 §3.1.5: `["/flags/name" priv|shared|all] modseq`.
    ///
    /// A message has one MODSEQ for all its flags, so the name and its kind narrow nothing.
    @_lifetime(self: copy self)
    mutating func expectSearchedModSeq() throws(IMAPSyntaxError) -> ModSeq {
        if cursor.next == ASCII.quote {
            let start = offset
            let entry = try expectString()
            try expectSpace()
            guard entry.starts(with: "/flags/".utf8), takeWord("priv") || takeWord("shared") || takeWord("all") else {
                throw IMAPSyntaxError(.searchKey, at: start)
            }
            try expectSpace()
        }
        return try expectNumber64()
    }
}

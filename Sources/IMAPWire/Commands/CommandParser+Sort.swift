internal import Base

// SORT and THREAD (RFC 5256 §5).
extension WireReader {
    @_lifetime(self: copy self)
    mutating func expectSortRequest() throws(IMAPSyntaxError) -> SortRequest {
        let options = try takeReturnOptions()
        try expect(UInt8(ascii: "("), .list)
        var criteria: [SortCriterion] = []
        repeat {
            guard criteria.count < Limits.sortCriteria else { throw failure(.tooMany) }
            let isReversed = takeWord("REVERSE")
            if isReversed { try expectSpace() }
            let start = offset
            guard let key = SortCriterion.Key(rawValue: ASCII.uppercased(try expectAtom())) else {
                throw IMAPSyntaxError(.parameter, at: start)
            }
            criteria.append(SortCriterion(key, isReversed: isReversed))
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        try expectSpace()
        var search = try expectSearchCriteria()
        search.options = options
        return SortRequest(criteria: criteria, search: search)
    }

    @_lifetime(self: copy self)
    mutating func expectThreadRequest() throws(IMAPSyntaxError) -> ThreadRequest {
        let start = offset
        guard let algorithm = ThreadRequest.Algorithm(rawValue: ASCII.uppercased(try expectAtom())) else {
            throw IMAPSyntaxError(.parameter, at: start)
        }
        try expectSpace()
        return ThreadRequest(algorithm: algorithm, search: try expectSearchCriteria())
    }
}

/// One thing that SORT orders by (RFC 5256 §3, RFC 5957 §3).
package struct SortCriterion: Hashable, Sendable {
    package enum Key: String, Hashable, Sendable, CaseIterable {
        /// INTERNALDATE.
        case arrival = "ARRIVAL"
        case cc = "CC"
        /// The point in time of the Date field.
        case date = "DATE"
        /// The name that a client shows of the sender, and of the first recipient.
        case displayFrom = "DISPLAYFROM"
        case displayTo = "DISPLAYTO"
        case from = "FROM"
        case size = "SIZE"
        /// The base subject.
        case subject = "SUBJECT"
        case to = "TO"
    }

    package var key: Key
    package var isReversed: Bool

    package init(_ key: Key, isReversed: Bool = false) {
        self.key = key
        self.isReversed = isReversed
    }
}

/// The arguments of SORT.
package struct SortRequest: Hashable, Sendable {
    package var criteria: [SortCriterion]
    package var search: SearchRequest

    package init(criteria: [SortCriterion], search: SearchRequest) {
        self.criteria = criteria
        self.search = search
    }
}

/// The arguments of THREAD.
package struct ThreadRequest: Hashable, Sendable {
    /// How messages are put together (RFC 5256 §3).
    package enum Algorithm: String, Hashable, Sendable, CaseIterable {
        case orderedSubject = "ORDEREDSUBJECT"
        case references = "REFERENCES"
    }

    package var algorithm: Algorithm
    package var search: SearchRequest

    package init(algorithm: Algorithm, search: SearchRequest) {
        self.algorithm = algorithm
        self.search = search
    }
}

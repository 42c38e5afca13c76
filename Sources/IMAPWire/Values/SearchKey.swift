/// A condition on messages (RFC 9051 §6.4.4, RFC 3501 §6.4.4).
package indirect enum SearchKey: Hashable, Sendable {
    package enum Comparison: Hashable, Sendable { case before, on, since }

    case all
    case and([SearchKey])
    case or(SearchKey, SearchKey)
    case not(SearchKey)
    /// Whether the flag is set; OLD is `\Recent` not set.
    case flag(SystemFlags, Bool)
    case keyword(Keyword, Bool)
    /// A field holds a text; the empty text asks whether the field is there.
    case header(String, String)
    /// From, To, Cc, Bcc: addresses are compared decoded.
    case address(field: String, String)
    case body(String)
    case text(String)
    case received(Comparison, CalendarDate)
    /// By the Date field, its zone disregarded.
    case sent(Comparison, CalendarDate)
    case larger(UInt32)
    case smaller(UInt32)
    case sequence(SequenceSet)
    case uid(SequenceSet)
    case modSeq(ModSeq)
}

/// The argument of SEARCH.
package struct SearchRequest: Hashable, Sendable {
    /// The charset named by the client, in capitals.
    package var charset: String?
    package var key: SearchKey

    package init(charset: String? = nil, key: SearchKey) {
        self.charset = charset
        self.key = key
    }
}

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
    /// By the time of saving in this mailbox (RFC 8514).
    case saved(Comparison, CalendarDate)
    /// By INTERNALDATE, so many seconds ago or earlier (RFC 5032).
    case older(seconds: UInt32)
    /// By INTERNALDATE, so many seconds ago or later (RFC 5032).
    case younger(seconds: UInt32)
    case larger(UInt32)
    case smaller(UInt32)
    case sequence(SequenceSet)
    case uid(SequenceSet)
    case modSeq(ModSeq)
    // RFC 8474 §6.
    case emailID(ObjectID)
    case threadID(ObjectID)

    /// Whether it asks for MODSEQ anywhere: then the answer has the highest found (RFC 7162 §3.1.5).
    package var asksForModSeq: Bool { contains { if case .modSeq = $0 { true } else { false } } }

    /// Whether it names messages by number.
    package var namesNumbers: Bool {
        contains { if case .sequence(let set) = $0 { !set.isSavedResult } else { false } }
    }

    private func contains(_ isWanted: (Self) -> Bool) -> Bool {
        switch self {
        case .and(let keys): keys.contains { $0.contains(isWanted) }
        case .or(let first, let second): first.contains(isWanted) || second.contains(isWanted)
        case .not(let inner): inner.contains(isWanted)
        default: isWanted(self)
        }
    }
}

/// What SEARCH RETURN (…) asks for (RFC 4731, RFC 5182); SORT has the same (RFC 5267).
package struct SearchReturn: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let min = Self(rawValue: 1 << 0)
    package static let max = Self(rawValue: 1 << 1)
    package static let all = Self(rawValue: 1 << 2)
    package static let count = Self(rawValue: 1 << 3)
    /// Keep the result for `$`.
    package static let save = Self(rawValue: 1 << 4)

    /// Each option with its name on the wire, in the order in which answers have them.
    package static let names: [(option: Self, name: String)] = [
        (.min, "MIN"), (.max, "MAX"), (.all, "ALL"), (.count, "COUNT"), (.save, "SAVE"),
    ]
}

/// The argument of SEARCH.
package struct SearchRequest: Hashable, Sendable {
    /// What RETURN asked for; `nil` without it.
    ///
    /// `RETURN ()` is ALL (RFC 4731 §3.1).
    package var options: SearchReturn?
    /// The charset named by the client, in capitals.
    package var charset: String?
    package var key: SearchKey

    package init(options: SearchReturn? = nil, charset: String? = nil, key: SearchKey) {
        self.options = options
        self.charset = charset
        self.key = key
    }
}

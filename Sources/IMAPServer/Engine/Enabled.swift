internal import IMAPWire

/// What a client has turned on for its connection: by ENABLE (RFC 5161), or by using it
/// (RFC 7162 §3.1 CONDSTORE enabling commands).
///
/// It only ever grows, and decides how answers and notices are written.
package struct Enabled: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// RFC 7162 §3.1: FETCH that tells of a change carries MODSEQ.
    package static let condStore = Self(rawValue: 1 << 0)
    /// RFC 7162 §3.2: VANISHED in place of EXPUNGE.
    package static let qresync = Self(rawValue: 1 << 1)
    /// RFC 6855: UTF-8 in quoted strings and mailbox names.
    package static let utf8Accept = Self(rawValue: 1 << 2)
    /// RFC 9051 §6.3.1: ESEARCH, no \Recent, mailbox names in UTF-8.
    package static let imap4rev2 = Self(rawValue: 1 << 3)

    /// RFC 5465 §5.1: FETCH that tells of a change names the UID.
    ///
    /// Turned on by NOTIFY alone.
    package static let notify = Self(rawValue: 1 << 7)

    /// What ENABLE knows, with what each brings with it (RFC 7162 §3.2.3: QRESYNC means CONDSTORE).
    static let names: [(name: String, brings: Self)] = [
        ("CONDSTORE", .condStore), ("QRESYNC", [.qresync, .condStore]),
        ("IMAP4rev2", .imap4rev2),
        ("UTF8=ACCEPT", .utf8Accept),
    ]

    /// What a command turns on by being used (RFC 7162 §3.1).
    init(usedBy command: Command) {
        let isConditional =
            switch command {
            case .select(_, let parameters), .examine(_, let parameters): parameters.wantsModSeqs
            case .status(_, let items): items.contains(.highestModSeq)
            case .fetch(let request, _): request.changedSince != nil || request.items.contains(.modSeq)
            case .search(let request, _): request.key.asksForModSeq
            case .sort(let request, _): request.search.key.asksForModSeq
            case .thread(let request, _): request.search.key.asksForModSeq
            case .store(let request, _): request.unchangedSince != nil
            default: false
            }
        self = isConditional ? .condStore : []
    }

    /// Whether FETCH that tells of a change names the UID (RFC 7162 §3.2.4, RFC 9051 appendix E 21).
    var tellsUIDs: Bool { !isDisjoint(with: [.condStore, .imap4rev2, .notify]) }
}

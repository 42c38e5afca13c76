/// What stands behind the name in SELECT and EXAMINE (RFC 4466 §2.1).
package struct SelectParameters: Hashable, Sendable {
    /// CONDSTORE (RFC 7162 §3.1.8).
    package var wantsModSeqs: Bool
    /// QRESYNC (RFC 7162 §3.2.5).
    package var known: KnownMailbox?
    /// The name as the client wrote it, where it is kept in another spelling (RFC 9051 §6.3.2).
    package var suppliedName: [UInt8]?

    package init(wantsModSeqs: Bool = false, known: KnownMailbox? = nil, suppliedName: [UInt8]? = nil) {
        self.wantsModSeqs = wantsModSeqs
        self.known = known
        self.suppliedName = suppliedName
    }
}

/// What a client still knows of a mailbox that it saw before (RFC 7162 §3.2.5).
package struct KnownMailbox: Hashable, Sendable {
    /// Message numbers and, one for one, the UIDs that they had (RFC 7162 §3.2.5.2).
    package struct Sample: Hashable, Sendable {
        package var numbers: NumberSet
        package var uids: NumberSet

        package init(numbers: NumberSet, uids: NumberSet) {
            self.numbers = numbers
            self.uids = uids
        }
    }

    package var uidValidity: UInt32
    package var modSeq: ModSeq
    /// The messages it has; `nil` for all that there were.
    package var uids: NumberSet?
    package var sample: Sample?

    package init(uidValidity: UInt32, modSeq: ModSeq, uids: NumberSet? = nil, sample: Sample? = nil) {
        self.uidValidity = uidValidity
        self.modSeq = modSeq
        self.uids = uids
        self.sample = sample
    }
}

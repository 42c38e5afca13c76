package import Base
package import IMAPWire

/// The upstream mailbox that a mirrored one follows, as it was last seen.
package struct UpstreamMailboxRow: Hashable, Sendable {
    package let mailbox: MailboxID
    package let name: String
    package let uidValidity: UInt32
    package let uidNext: UID
    package let highestModSeq: ModSeq

    package init(mailbox: MailboxID, name: String, uidValidity: UInt32, uidNext: UID, highestModSeq: ModSeq) {
        self.mailbox = mailbox
        self.name = name
        self.uidValidity = uidValidity
        self.uidNext = uidNext
        self.highestModSeq = highestModSeq
    }
}

/// One message upstream, bound to ours, with the flags that it was last seen with there.
package struct UpstreamMessageRow: Hashable, Sendable {
    package let mailbox: MailboxID
    package let uidValidity: UInt32
    package let uid: UID
    package let message: MessageID
    package let modSeq: ModSeq
    package let flags: Flags

    package init(
        mailbox: MailboxID,
        uidValidity: UInt32,
        uid: UID,
        message: MessageID,
        modSeq: ModSeq,
        flags: Flags
    ) {
        self.mailbox = mailbox
        self.uidValidity = uidValidity
        self.uid = uid
        self.message = message
        self.modSeq = modSeq
        self.flags = flags
    }
}

/// Something that is still to be done upstream; the order holds per message.
package struct JournalRow: Hashable, Sendable {
    package enum State: String, Sendable {
        /// Not on the wire yet.
        case queued
        /// Committed before it went on the wire: a replay searches the target first.
        case sent
    }

    package let id: Int64
    package let account: AccountID
    package let message: MessageID?
    package let kind: String
    /// In the mirror's own encoding.
    package let arguments: [UInt8]
    package let state: State
    /// The target's UIDNEXT when it was sent.
    package let targetUIDNext: UID?
    package let attempts: Int
    package let notBefore: Timestamp
    /// Whether a restored backup does not know if it was done after all.
    package let needsReconciliation: Bool
    package let queuedAt: Timestamp
}

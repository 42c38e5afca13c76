package import Base

/// A message's number in a mailbox, for ever (RFC 9051 §2.3.1.1, INV-3).
package typealias UID = UInt32

/// A mailbox's counter of changes (RFC 7162).
package typealias ModSeq = UInt64

/// What a mailbox holds at one moment, as one member sees it: what FETCH FLAGS, SEARCH by flag and
/// the numbering of messages are answered from.
///
/// A value: a session keeps the one it last told its client about, compares it with the newest at
/// the points where the protocol allows it, and may fetch from the old one until then.
package struct MailboxSnapshot: Sendable {
    /// One message.
    package struct Entry: Sendable, Hashable {
        package var uid: UID
        package var modSeq: ModSeq
        package var flags: Flags
        package var edition: EditionID
        /// Octets of block and body together: RFC822.SIZE.
        package var size: UInt32
        /// INTERNALDATE.
        package var received: Timestamp

        package init(uid: UID, modSeq: ModSeq, flags: Flags, edition: EditionID, size: UInt32, received: Timestamp) {
            self.uid = uid
            self.modSeq = modSeq
            self.flags = flags
            self.edition = edition
            self.size = size
            self.received = received
        }
    }

    package let mailbox: MailboxID
    package let uidValidity: UInt32
    package let uidNext: UID
    package let highestModSeq: ModSeq
    /// In order of UID; the index is the sequence number less one.
    package let entries: MessageEntries

    package init(
        mailbox: MailboxID,
        uidValidity: UInt32,
        uidNext: UID,
        highestModSeq: ModSeq,
        entries: MessageEntries
    ) {
        self.mailbox = mailbox
        self.uidValidity = uidValidity
        self.uidNext = uidNext
        self.highestModSeq = highestModSeq
        self.entries = entries
    }

    /// The index of a UID.
    package func index(of uid: UID) -> Int? { entries.index(of: uid) }

    /// The index of the first entry whose UID is at least `uid`; `entries.count` where there is none.
    package func firstIndex(atOrAfter uid: UID) -> Int { entries.firstIndex(atOrAfter: uid) }
}

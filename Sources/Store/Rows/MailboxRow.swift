package import Base
package import IMAPWire

/// A folder of an account or a view, with its counters.
package struct MailboxRow: Hashable, Sendable {
    package let id: MailboxID
    package let account: AccountID
    /// What it is, for ever: `inbox`, `sent`, `user:Clients/Foo`, `approvals/waiting`,
    /// `campaign:spring/replied`, `queue:unmatched`.
    package let key: String
    /// The member whose own view it is; empty where everybody sees the same mailbox.
    package let member: String
    /// The path that clients see, with `/` between the levels.
    package let name: String
    /// The special use as on the wire (`\Sent`), or empty.
    package let role: String
    /// Whether \Seen is each member's own here; otherwise it is the message's.
    package let hasPrivateSeen: Bool
    /// Distinct in the store and only ever rising.
    package let uidValidity: UInt32
    package let uidNext: UID
    package let highestModSeq: ModSeq
    /// Below it tombstones are no longer kept (RFC 7162 §3.2.5.1).
    package let floorModSeq: ModSeq
    package let messages: Int
    /// Messages without \Seen, before any member's own flags.
    package let unseen: Int
    /// The octets of all its messages together.
    package let octets: Int64
}

/// A mailbox that is to be made.
package struct NewMailbox: Hashable, Sendable {
    package var account: AccountID
    package var key: String
    package var name: String
    package var member = ""
    package var role = ""
    package var hasPrivateSeen = true

    package init(
        account: AccountID,
        key: String,
        name: String,
        member: String = "",
        role: String = "",
        hasPrivateSeen: Bool = true
    ) {
        self.account = account
        self.key = key
        self.name = name
        self.member = member
        self.role = role
        self.hasPrivateSeen = hasPrivateSeen
    }
}

/// What STATUS tells of a mailbox (RFC 9051 §6.3.11), as one member sees it.
package struct MailboxCounts: Hashable, Sendable {
    package let messages: Int
    package let unseen: Int
    /// What this member marked \Deleted.
    package let deleted: Int
    package let octets: Int64
    package let deletedOctets: Int64
    package let uidNext: UID
    package let uidValidity: UInt32
    package let highestModSeq: ModSeq
    /// The first UID that no session was told of, and how many there are; only `Store.counts` counts them.
    package var firstRecent: UID = .max
    package var recent: UInt32 = 0
}

/// A UID that is gone, with the MODSEQ of its going.
package struct TombstoneRow: Hashable, Sendable {
    package let uid: UID
    package let modSeq: ModSeq
}

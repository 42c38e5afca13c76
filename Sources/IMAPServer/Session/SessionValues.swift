package import Base
package import IMAPWire
package import SASL

// The values that go between the engine and a session.

/// What a client said to be let in, and where it came from.
package struct LogInAttempt: Sendable {
    package let credentials: SASLCredentials
    /// The client's address, without its port.
    package let peer: String
    package let isEncrypted: Bool

    package init(credentials: SASLCredentials, peer: String, isEncrypted: Bool) {
        self.credentials = credentials
        self.peer = peer
        self.isEncrypted = isEncrypted
    }
}

/// The answer to a log-in.
package enum LogInOutcome: Sendable {
    /// With `serverFinal` the client is shown that we know its password too (RFC 5802 §5).
    case accepted(any IMAPSession, serverFinal: [UInt8]? = nil)
    /// The refusal is told after `delay`: each wrong password costs more time.
    case refused(IMAPFailure, delay: Duration)
}

/// Where a member's own, others' and shared mailboxes stand (RFC 2342).
package struct Namespaces: Hashable, Sendable {
    /// Prefixes with their separator at the end; the empty one is the root.
    package var personal: [String]
    package var others: [String]
    package var shared: [String]

    package init(personal: [String] = [""], others: [String] = [], shared: [String] = []) {
        self.personal = personal
        self.others = others
        self.shared = shared
    }
}

/// One name in LIST; whether it has children is found by the engine.
package struct MailboxListing: Hashable, Sendable {
    package var name: MailboxName
    package var use: SpecialUse?
    package var isSelectable: Bool
    package var isSubscribed: Bool
    /// Whether mailboxes can be made below it.
    package var allowsChildren: Bool
    /// Whether it is there; a name that is only subscribed to is not.
    package var exists: Bool
    /// What the member may do with it (RFC 4314).
    package var rights: AccessRights
    /// The mailbox, where there is one; it stays when it gets another name.
    package var id: MailboxID?

    package init(
        name: MailboxName,
        use: SpecialUse? = nil,
        isSelectable: Bool = true,
        isSubscribed: Bool = false,
        allowsChildren: Bool = true,
        exists: Bool = true,
        rights: AccessRights = .lookUp,
        id: MailboxID? = nil
    ) {
        self.id = id
        self.rights = rights
        self.exists = exists
        self.name = name
        self.use = use
        self.isSelectable = isSelectable
        self.isSubscribed = isSubscribed
        self.allowsChildren = allowsChildren
    }
}

/// The numbers of STATUS, for the member who asks.
package struct MailboxStatus: Hashable, Sendable {
    package var mailbox: MailboxID
    package var messages: UInt32
    package var unseen: UInt32
    /// Those that no session was told of (RFC 3501 §6.3.10).
    package var recent: UInt32 = 0
    package var deleted: UInt32
    package var uidNext: UID
    package var uidValidity: UInt32
    package var highestModSeq: ModSeq
    /// Octets of all messages together (RFC 8438).
    package var size: UInt64
    /// Octets of those marked \Deleted (RFC 9208 §4.1.4).
    package var deletedSize: UInt64

    package init(
        mailbox: MailboxID,
        messages: UInt32,
        unseen: UInt32,
        deleted: UInt32 = 0,
        uidNext: UID,
        uidValidity: UInt32,
        highestModSeq: ModSeq,
        size: UInt64,
        deletedSize: UInt64 = 0
    ) {
        self.mailbox = mailbox
        self.deletedSize = deletedSize
        self.messages = messages
        self.unseen = unseen
        self.deleted = deleted
        self.uidNext = uidNext
        self.uidValidity = uidValidity
        self.highestModSeq = highestModSeq
        self.size = size
    }

    /// The numbers as a snapshot gives them.
    package init(_ snapshot: MailboxSnapshot) {
        self.init(
            mailbox: snapshot.mailbox,
            messages: UInt32(snapshot.entries.counts.messages),
            unseen: UInt32(snapshot.entries.counts.unseen),
            deleted: UInt32(snapshot.entries.counts.deleted),
            uidNext: snapshot.uidNext,
            uidValidity: snapshot.uidValidity,
            highestModSeq: snapshot.highestModSeq,
            size: snapshot.entries.counts.octets,
            deletedSize: snapshot.entries.counts.deletedOctets
        )
    }
}

/// What SELECT says about a mailbox beside its messages.
package struct MailboxInfo: Hashable, Sendable {
    package var name: MailboxName
    package var isReadOnly: Bool
    /// Keywords in use or computed: they stand in FLAGS.
    package var keywords: [Keyword]
    /// What this member may change.
    package var permanentFlags: Flags
    /// Whether new keywords may be made (`\*` in PERMANENTFLAGS).
    package var allowsNewKeywords: Bool

    package init(
        name: MailboxName,
        isReadOnly: Bool,
        keywords: [Keyword] = [],
        permanentFlags: Flags = Flags([.seen, .answered, .flagged, .deleted, .draft]),
        allowsNewKeywords: Bool = true
    ) {
        self.name = name
        self.isReadOnly = isReadOnly
        self.keywords = keywords
        self.permanentFlags = permanentFlags
        self.allowsNewKeywords = allowsNewKeywords
    }
}

/// How much of an edition the engine needs.
package enum EditionPart: Hashable, Sendable {
    /// Up to the empty line behind the header, at least.
    case header
    case whole
}

/// Bytes of an edition from its first one: Greenroom's block, then the message.
package struct EditionContent: Sendable {
    package let edition: EditionID
    /// Octets of the whole edition: RFC822.SIZE.
    package let size: Int
    /// From offset 0; all of them if `bytes.count == size`.
    package let bytes: [UInt8]
    /// What was parsed of them, kept by whoever keeps the content.
    let parsed = ParsedContent()

    package init(edition: EditionID, size: Int, bytes: [UInt8]) {
        self.edition = edition
        self.size = size
        self.bytes = bytes
    }

    package var isComplete: Bool { bytes.count == size }
}

/// A message that a client hands in.
package struct AppendedMessage: Sendable {
    package var flags: Flags
    /// INTERNALDATE; the time of arrival where the client named none.
    package var received: Timestamp?
    package var bytes: [UInt8]

    package init(flags: Flags, received: Timestamp?, bytes: [UInt8]) {
        self.flags = flags
        self.received = received
        self.bytes = bytes
    }
}

/// Where appended messages stand; without UIDs where one of them did not stay (RFC 4315 §3).
package struct AppendResult: Hashable, Sendable {
    package var uidValidity: UInt32
    /// One for each message in the order given, or none at all.
    package var uids: [UID]
    /// A sentence for the person, in the tagged OK.
    package var note: String?

    package init(uidValidity: UInt32, uids: [UID], note: String? = nil) {
        self.uidValidity = uidValidity
        self.uids = uids
        self.note = note
    }
}

/// Where copied or moved messages stand.
///
/// Pairs name only UIDs that can be fetched; empty where
/// the target took the messages in another way.
package struct CopyResult: Hashable, Sendable {
    package struct Pair: Hashable, Sendable {
        package var source: UID
        package var target: UID

        package init(source: UID, target: UID) {
            self.source = source
            self.target = target
        }
    }

    package var uidValidity: UInt32
    package var pairs: [Pair]
    /// A sentence for the person, in the tagged OK.
    package var note: String?

    package init(uidValidity: UInt32, pairs: [Pair], note: String? = nil) {
        self.uidValidity = uidValidity
        self.pairs = pairs
        self.note = note
    }
}

/// What became of one message in a STORE.
package struct StoreResult: Hashable, Sendable {
    package var uid: UID
    /// The flags that are true now, computed keywords among them.
    package var flags: Flags
    package var modSeq: ModSeq
    /// Whether `unchangedSince` kept it from being changed (RFC 7162 MODIFIED).
    package var isConflict: Bool

    package init(uid: UID, flags: Flags, modSeq: ModSeq, isConflict: Bool = false) {
        self.uid = uid
        self.flags = flags
        self.modSeq = modSeq
        self.isConflict = isConflict
    }
}

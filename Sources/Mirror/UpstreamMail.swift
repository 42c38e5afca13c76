package import Base
package import IMAPWire
internal import Message
package import Store

/// A folder of a mirrored account.
package struct MirroredFolder: Hashable, Sendable {
    package let mailbox: MailboxID
    /// The path as members see it.
    package let name: String
    /// The special use as on the wire, or empty.
    package let role: String
    /// Whether what is there upstream comes here; into other folders changes only go out.
    package let isFollowed: Bool
    /// Whether \Seen is one for all, here and upstream.
    package let sharesSeen: Bool

    package init(mailbox: MailboxID, name: String, role: String, isFollowed: Bool, sharesSeen: Bool) {
        self.mailbox = mailbox
        self.name = name
        self.role = role
        self.isFollowed = isFollowed
        self.sharesSeen = sharesSeen
    }

    var isInbox: Bool { MailboxName(unchecked: name).isInbox }
}

/// What the mirror asks of the house.
package protocol MirrorHouse: Sendable {
    /// The account with its folders, made where they are missing.
    func folders() async throws -> (account: AccountID, folders: [MirroredFolder])
    /// Files mail that was found upstream, and binds it, in one change (INV-2); what is bound
    /// already is left as it is.
    func receive(_ mail: UpstreamMail) async throws
    /// Whether a keyword may be believed: those of state are Greenroom's own.
    func accepts(_ keyword: Keyword) -> Bool
}

/// A message that was found upstream, whole.
package struct UpstreamMail: Sendable {
    package let account: AccountID
    package let folder: MirroredFolder
    package let bytes: [UInt8]
    /// INTERNALDATE there.
    package let received: Timestamp
    /// The flags that the message gets here.
    package let flags: Flags
    /// Whether somebody has seen it there: how it starts for everybody here.
    package let isSeen: Bool
    let uidValidity: UInt32
    let uid: UID
    let modSeq: ModSeq

    /// Finds what of ours this is, if anything, and binds it: then there is nothing to file.
    ///
    /// It may be bound already, or be what an operation on its way has made there.
    package func settle(messageID: String?, _ transaction: Transaction) throws(StoreError) -> Bool {
        if try transaction.upstreamMessage(uid, uidValidity: uidValidity, in: folder.mailbox) != nil { return true }
        for row in try transaction.journal(of: account) {
            guard let operation = Operation(row), operation.target == folder.mailbox,
                row.state == .sent || operation.isSentItem, let id = row.message,
                let message = try transaction.message(id),
                Likeness(operation, message, from: row.state == .sent ? row.targetUIDNext : nil)
                    .holds(messageID: messageID, size: bytes.count, received: received, uid: uid)
            else { continue }
            try bind(to: id, transaction)
            try transaction.concludePlacing(row, operation)
            return true
        }
        return false
    }

    /// Records that this is the message of ours.
    package func bind(to message: MessageID, _ transaction: Transaction) throws(StoreError) {
        try transaction.saveUpstreamMessage(
            UpstreamMessageRow(
                mailbox: folder.mailbox,
                uidValidity: uidValidity,
                uid: uid,
                message: message,
                modSeq: modSeq,
                flags: flags
            )
        )
    }
}

/// Whether a message upstream is the one that an operation has made there.
struct Likeness {
    private let operation: Operation
    private let message: MessageRow
    /// The target's UIDNEXT before the operation went on the wire.
    private let first: UID

    init(_ operation: Operation, _ message: MessageRow, from first: UID?) {
        self.operation = operation
        self.message = message
        // The provider's own copy may have come before we asked for UIDNEXT.
        self.first = operation.isSentItem ? 1 : first ?? 1
    }

    func holds(messageID: String?, size: Int, received: Timestamp, uid: UID) -> Bool {
        guard uid >= first else { return false }
        let own = Self.bare(message.messageID)
        guard own == Self.bare(messageID ?? "") else { return false }
        if own.isEmpty { return size == message.size && received.seconds == message.internalDate.seconds }
        // A provider adds fields to the copy that it files; what we appended has our size.
        if case .append(_, isSentItem: false) = operation { return size == message.size }
        return true
    }

    /// A Message-ID without its angle brackets.
    static func bare(_ messageID: String) -> Substring {
        messageID.hasPrefix("<") && messageID.hasSuffix(">") ? messageID.dropFirst().dropLast() : messageID[...]
    }
}

extension Transaction {
    /// Ends an operation whose message is in its target: of a move the source may be left to do.
    func concludePlacing(_ row: JournalRow, _ operation: Operation) throws(StoreError) {
        try finishOperation(row.id)
        guard let source = operation.source, let message = row.message,
            try upstreamPlaces(of: message).contains(where: { $0.mailbox == source })
        else { return }
        let rest = Operation.expunge(from: source)
        try queueOperation(rest.kind, of: message, account: row.account, arguments: rest.arguments)
    }
}

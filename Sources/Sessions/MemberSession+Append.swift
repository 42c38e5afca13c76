internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Message
internal import Mirror
internal import Store
internal import Views

extension MemberSession {
    /// Takes messages that a client files: into a folder of an account as they are, into Sent only
    /// what is not a copy of one that we sent or hold (D11).
    ///
    /// Into a view that acts a copy of what Greenroom showed is the act; everything else is refused there
    /// (DESIGN §4).
    func append(_ messages: [AppendedMessage], to name: MailboxName) async throws(IMAPFailure) -> AppendResult {
        let list = try await folders().0
        if let folder = list.folder(name), let view = View(key: folder.row.key), view.acts {
            return try await act(on: messages, into: folder, view, list)
        }
        let filing = try await filing(of: messages, to: name)
        return try await house.write { transaction in
            try filing.account.expectRoom(messages: filing.mails.count, octets: filing.octets, transaction)
            return try filing.insert(in: transaction)
        }
    }

    /// Clients that move by FETCH and APPEND: all of the messages or none (RFC 3502 §6.3.11).
    private func act(
        on messages: [AppendedMessage],
        into folder: FolderList.Folder,
        _ view: View,
        _ list: FolderList
    ) async throws(IMAPFailure) -> AppendResult {
        var copies: [SealedCopy] = []
        for message in messages {
            guard let copy = house.sealedCopy(message.bytes) else {
                throw .refused(.cannot, "Nothing is filed here; move a message that Greenroom shows")
            }
            copies.append(copy)
        }
        let (rulebook, acting, target) = (house.rulebook, self.acting, folder.row)
        let visible = Set(list.folders.map(\.row.id))
        let taken = copies
        let notes = try await house.write { transaction in
            let filing = Filing(rulebook: rulebook, transaction: transaction, member: acting)
            return try taken.map { copy in
                switch try filing.act(on: copy, into: target, visible: visible) {
                case .done(let text): return text
                case .refused(let why): throw IMAPFailure.refused(.cannot, why)
                }
            }
        }
        house.outboundMayHaveChanged()
        if view.isShared { await refreshRecords() }
        return AppendResult(
            uidValidity: target.uidValidity,
            uids: [],
            note: Set(notes).sorted().joined(separator: "; ")
        )
    }

    /// Resolves the folder and takes in the bodies: all that can be done before the transaction.
    func filing(
        of messages: [AppendedMessage],
        to name: MailboxName
    ) async throws(IMAPFailure) -> AppendedFiling {
        guard let folder = try await folders().0.folder(name) else { throw .noSuchTarget }
        guard let account = folder.account else {
            throw .refused(.cannot, "Messages come here by what they are; file this one in another folder")
        }
        guard folder.isWritable else { throw .noPermission }
        try expectRoom(for: messages.flatMap(\.flags.keywords), in: folder.row.id)
        var mails: [AppendedMail] = []
        for message in messages { mails.append(try await take(message)) }
        return AppendedFiling(mails: mails, target: folder.row, account: account, member: member)
    }

    private func take(_ message: AppendedMessage) async throws(IMAPFailure) -> AppendedMail {
        guard Header(message.bytes).range.count <= Limits.header else {
            throw .refused(.tooBig, "The header is over \(Limits.header) octets")
        }
        // Without our own fields (INV-4), and without NULs in parts, which FETCH BODY could not give.
        var bytes = House.withoutInternalFields(message.bytes)
        if bytes.span.firstIndex(of: ASCII.nul) != nil { bytes = ParsedMessage(bytes).withoutBinaryParts }
        do {
            return AppendedMail(message, Header(bytes), body: try await house.store.prepare(bytes))
        } catch {
            throw house.failure(error)
        }
    }
}

/// A message that a client hands in for filing, its body taken in.
struct AppendedMail: Sendable {
    let messageID: String?
    let sender: String
    let subject: String
    let flags: Flags
    let received: Timestamp?
    let body: StoredBody

    init(_ message: AppendedMessage, _ header: Header, body: StoredBody) {
        messageID = header.messageID
        sender = header.value("From").map { AddressList($0) }?.mailboxes.first?.spec ?? ""
        subject = header.text("Subject") ?? ""
        flags = message.flags
        received = message.received
        self.body = body
    }
}

/// Messages on their way into one folder.
struct AppendedFiling: Sendable {
    let mails: [AppendedMail]
    let target: MailboxRow
    let account: AccountSettings
    let member: String

    /// Octets of all bodies.
    var octets: Int { mails.reduce(0) { $0 + $1.body.size } }

    /// Inserts all of them; the UIDs are told only if each message got one.
    func insert(in transaction: Transaction) throws(StoreError) -> AppendResult {
        var uids: [UID] = []
        for mail in mails {
            if let uid = try insert(mail, in: transaction) { uids.append(uid) }
        }
        guard uids.count < mails.count else { return AppendResult(uidValidity: target.uidValidity, uids: uids) }
        return AppendResult(
            uidValidity: target.uidValidity,
            uids: [],
            note: "Greenroom shows this message itself: in Approvals while it waits, in Sent when it was sent"
        )
    }

    private func insert(_ mail: AppendedMail, in transaction: Transaction) throws(StoreError) -> UID? {
        if target.key == StandardFolder.sent.key, let messageID = mail.messageID,
            try SentCopies.original(messageID: messageID, account: target.account, transaction) != nil
        {
            return nil
        }
        let received = mail.received ?? transaction.now
        var new = NewMessage(
            account: target.account,
            messageID: mail.messageID.map { "<\($0)>" } ?? "",
            body: mail.body,
            internalDate: received,
            direction: "filed"
        )
        new.sender = mail.sender
        new.subject = mail.subject
        new.flags = Flags(mail.flags.system.subtracting([.deleted, .recent]), keywords: mail.flags.keywords)
        let placed = try transaction.insertMessage(new, in: target.id, received: received)
        let own = mail.flags.system.intersection([.seen, .deleted])
        if !own.isEmpty { try transaction.setPrivateFlags(own, over: nil, of: member, at: placed) }
        try JournalWriter(transaction).appended(placed.message, to: target)
        return placed.uid
    }
}

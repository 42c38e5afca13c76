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
    /// Takes a message that a client files: into a folder of an account as it is, into Sent only if
    /// it is not a copy of one that we sent or hold (D11), into a view never.
    func append(_ message: AppendedMessage, to name: MailboxName) async throws(IMAPFailure) -> AppendResult {
        let folder: FolderList.Folder
        guard let found = try await folders().0.folder(name) else { throw .noSuchTarget }
        folder = found
        guard let account = folder.account else {
            throw .refused(.cannot, "Messages come here by what they are; file this one in another folder")
        }
        guard folder.isWritable else { throw .noPermission }
        guard Header(message.bytes).range.count <= Limits.header else {
            throw .refused(.tooBig, "The header is over \(Limits.header) octets")
        }
        let filed = AppendedMail(message, house: house)
        let body: StoredBody
        do {
            body = try await house.store.prepare(filed.bytes)
        } catch {
            throw house.failure(error)
        }
        let isSent = folder.row.key == StandardFolder.sent.key
        let flags = message.flags
        let received = message.received
        return try await house.write { transaction in
            if isSent, try SentCopies.original(of: filed.bytes, account: folder.row.account, transaction) != nil {
                return AppendResult(
                    uidValidity: folder.row.uidValidity,
                    uid: nil,
                    note: "Greenroom shows this message itself: in Approvals while it waits, in Sent when it was sent"
                )
            }
            var new = NewMessage(
                account: try transaction.ensureAccount(account),
                messageID: filed.messageID.map { "<\($0)>" } ?? "",
                body: body,
                internalDate: received ?? transaction.now,
                direction: "filed"
            )
            new.sender = filed.sender
            new.subject = filed.subject
            new.flags = Flags(flags.system.subtracting([.deleted, .recent]), keywords: flags.keywords)
            let id = try transaction.insertMessage(new)
            let edition = try transaction.insertEdition(of: id, block: [])
            let placed = try transaction.place(edition, in: folder.row.id, received: received ?? transaction.now)
            let own = flags.system.intersection([.seen, .deleted])
            if !own.isEmpty {
                try transaction.setPrivateFlags(own, of: member, uid: placed.uid, in: folder.row.id)
            }
            try JournalWriter(transaction).appended(id, to: folder.row)
            return AppendResult(uidValidity: folder.row.uidValidity, uid: placed.uid)
        }
    }
}

/// A message that a client hands in for filing, without our own fields (INV-4).
struct AppendedMail: Sendable {
    let bytes: [UInt8]
    let messageID: String?
    let sender: String
    let subject: String

    init(_ message: AppendedMessage, house: House) {
        bytes = House.withoutInternalFields(message.bytes)
        let header = Header(bytes)
        messageID = header.messageID
        sender = header.value("From").map { AddressList($0) }?.mailboxes.first?.spec ?? ""
        subject = header.text("Subject") ?? ""
    }
}

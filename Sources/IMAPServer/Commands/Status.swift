internal import Base
internal import IMAPWire

// STATUS (RFC 9051 §6.3.11; RFC 7162, RFC 7889, RFC 8438, RFC 8474, RFC 9208).
extension CommandRun {
    func status(
        _ name: MailboxName,
        _ items: [StatusItem],
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        guard let status = try await session.status([name]).first ?? nil else { throw .noSuchMailbox }
        write(status, items, of: name, session, out)
        return .ok("STATUS done")
    }

    /// One line of STATUS.
    func write(
        _ status: MailboxStatus,
        _ items: [StatusItem],
        of name: MailboxName,
        _ session: any IMAPSession,
        _ out: Responder
    ) {
        let values = items.map { status.value(of: $0, session.objectIDs) }
        out.response(.mailboxStatus(name: wireName(name), values))
    }
}

extension MailboxStatus {
    /// What STATUS says for an item.
    func value(of item: StatusItem, _ ids: ObjectIDs) -> MailboxStatusValue {
        let number: UInt64
        switch item {
        case .mailboxID: return MailboxStatusValue(item, ids.id(of: mailbox))
        case .messages: number = UInt64(messages)
        case .recent: number = UInt64(recent)
        case .uidNext: number = UInt64(uidNext)
        case .uidValidity: number = UInt64(uidValidity)
        case .unseen: number = UInt64(unseen)
        case .deleted: number = UInt64(deleted)
        case .size: number = size
        case .highestModSeq: number = highestModSeq
        case .appendLimit: number = UInt64(Limits.message)
        case .deletedStorage: number = deletedSize
        }
        return MailboxStatusValue(item, number)
    }
}

internal import Base
internal import IMAPWire
internal import Text

// STATUS (RFC 9051 §6.3.11; SIZE: RFC 8438, APPENDLIMIT: RFC 7889).
extension CommandRun {
    func status(
        _ name: MailboxName,
        _ items: [StatusItem],
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        let status = try await session.status(name)
        let values = items.map { MailboxStatusValue($0, value(of: $0, in: status)) }
        out.response(.mailboxStatus(name: ModifiedUTF7.encode(name.text), values))
        return .ok("STATUS done")
    }

    private func value(of item: StatusItem, in status: MailboxStatus) -> UInt64 {
        switch item {
        case .messages: UInt64(status.messages)
        case .recent: 0
        case .uidNext: UInt64(status.uidNext)
        case .uidValidity: UInt64(status.uidValidity)
        case .unseen: UInt64(status.unseen)
        case .deleted: UInt64(status.deleted)
        case .size: status.size
        case .highestModSeq: status.highestModSeq
        case .appendLimit: UInt64(Limits.message)
        }
    }
}

internal import Base
internal import IMAPWire
internal import Store

extension Transaction {
    /// Takes back here what the upstream refuses for good.
    ///
    /// A message that was filed here alone stays: what a client handed over is never lost.
    func undo(_ row: JournalRow, _ operation: Operation) throws(StoreError) {
        try finishOperation(row.id)
        guard let message = row.message else { return }
        switch operation {
        case .flags(let adding, let removing):
            guard let current = try self.message(message) else { return }
            try setFlags(current.flags.subtracting(adding).union(removing), of: message)
        case .copy(let target):
            guard let place = try lastPlacement(of: message, in: target) else { return }
            try expunge([place.uid], from: target)
        case .move(let source, let target):
            guard let place = try lastPlacement(of: message, in: target) else { return }
            _ = try move(place, to: source)
        case .expunge(let source):
            guard let edition = try editions(of: message).last, let received = try self.message(message)?.internalDate
            else { return }
            _ = try place(edition.id, in: source, received: received, isSeen: true)
        case .append:
            return
        }
    }

    private func lastPlacement(of message: MessageID, in mailbox: MailboxID) throws(StoreError) -> PlacementRow? {
        try placements(of: message).last { $0.mailbox == mailbox }
    }
}

internal import Base
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store

// What a member is told of the mailboxes they may see.
extension MemberSession {
    var objectIDs: ObjectIDs { ObjectIDs(house.cloak) }

    func mailboxes() async throws(IMAPFailure) -> [MailboxListing] {
        try await folders().0.names.listings
    }

    func mailboxNames() async throws(IMAPFailure) -> MailboxNames { try await folders().0.names }

    func observe(
        _ notify: @escaping @Sendable (_ mailboxes: [MailboxID], _ namesChanged: Bool) -> Void
    ) -> any AnyObject & Sendable {
        house.store.observe(.everything) { notify($0.mailboxes, $0.listChanged) }
    }

    func status(_ names: [MailboxName]) async throws(IMAPFailure) -> [IMAPServer.MailboxStatus?] {
        let (list, _) = try await folders()
        let member = member
        var statuses = [IMAPServer.MailboxStatus?](repeating: nil, count: names.count)
        var unknown: [(place: Int, id: MailboxID)] = []
        for (place, name) in names.enumerated() {
            guard let id = list.folder(name)?.row.id else { continue }
            if let snapshot = house.store.currentSnapshot(of: id, member: member) {
                var status = IMAPServer.MailboxStatus(snapshot)
                let recent = snapshot.entries.firstIndex(atOrAfter: house.store.recent.first(in: id))
                status.recent = UInt32(snapshot.entries.count - recent)
                statuses[place] = status
            } else {
                unknown.append((place, id))
            }
        }
        // No message is read for those that are not in memory.
        let read: [MailboxCounts?]
        do {
            read = try await house.store.counts(of: unknown.map(\.id), member: member)
        } catch {
            throw house.failure(error)
        }
        for ((place, id), counts) in zip(unknown, read) {
            statuses[place] = counts.map { IMAPServer.MailboxStatus(id, $0) }
        }
        return statuses
    }

    func subscribe(_ name: MailboxName, _ subscribed: Bool) async throws(IMAPFailure) {
        let (list, names) = try await folders()
        if subscribed {
            guard list.folders.contains(where: { $0.name == name || $0.name.isBelow(name) }) else {
                throw .noSuchMailbox
            }
            guard names.count < Limits.subscriptions else {
                throw .refused(.limit, "You are subscribed to too many mailboxes")
            }
        }
        let member = member
        try await house.write { transaction in
            if subscribed {
                try transaction.subscribe(member, to: name.text)
            } else {
                try transaction.unsubscribe(member, from: name.text)
            }
        }
    }
}

extension IMAPServer.MailboxStatus {
    fileprivate init(_ mailbox: MailboxID, _ status: MailboxCounts) {
        self.init(
            mailbox: mailbox,
            messages: UInt32(clamping: status.messages),
            unseen: UInt32(clamping: status.unseen),
            deleted: UInt32(clamping: status.deleted),
            uidNext: status.uidNext,
            uidValidity: status.uidValidity,
            highestModSeq: status.highestModSeq,
            size: UInt64(clamping: status.octets),
            deletedSize: UInt64(clamping: status.deletedOctets)
        )
        recent = status.recent
    }
}

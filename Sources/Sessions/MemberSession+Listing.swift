internal import Base
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store

// What a member is told of the mailboxes they may see.
extension MemberSession {
    var objectIDs: ObjectIDs { ObjectIDs(house.cloak) }

    func mailboxes() async throws(IMAPFailure) -> [MailboxListing] {
        let (list, subscribed) = try await folders()
        guard let member = house.rulebook.member(acting.id) else { throw .noPermission }
        var listings: [MailboxName: MailboxListing] = [:]
        for folder in list.folders {
            listings[folder.name] = MailboxListing(
                name: folder.name,
                use: SpecialUse(rawValue: folder.row.role),
                isSubscribed: subscribed.contains(folder.name.text),
                allowsChildren: folder.account != nil,
                rights: folder.rights(of: member),
                id: folder.row.id
            )
        }
        // Names that only hold others.
        for folder in list.folders {
            var next = folder.name.parent
            while let parent = next, listings[parent] == nil {
                listings[parent] = MailboxListing(
                    name: parent,
                    isSelectable: false,
                    isSubscribed: subscribed.contains(parent.text),
                    allowsChildren: folder.account != nil
                )
                next = parent.parent
            }
        }
        // What a member subscribed to is theirs to know, there or not (RFC 5258 §3.1).
        for text in subscribed {
            let name = MailboxName(unchecked: text)
            guard listings[name] == nil else { continue }
            listings[name] = MailboxListing(name: name, isSelectable: false, isSubscribed: true, exists: false)
        }
        return listings.values.sorted { $0.name < $1.name }
    }

    func observe(
        _ notify: @escaping @Sendable (_ mailboxes: [MailboxID], _ namesChanged: Bool) -> Void
    ) -> any AnyObject & Sendable {
        house.store.observe(.everything) { notify($0.mailboxes, $0.listChanged) }
    }

    func status(_ names: [MailboxName]) async throws(IMAPFailure) -> [IMAPServer.MailboxStatus?] {
        let (list, _) = try await folders()
        let rows = names.map { list.folder($0)?.row.id }
        let member = member
        return try await house.read { transaction in
            try rows.map { id -> IMAPServer.MailboxStatus? in
                guard let id, let status = try transaction.status(of: id, member: member) else { return nil }
                return IMAPServer.MailboxStatus(id, status)
            }
        }
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
    }
}

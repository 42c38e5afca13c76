internal import Base
internal import Config
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store
internal import Views

// Mailboxes made, renamed and removed by clients: in an account's own part of the names, never
// among the views (DESIGN §4).
extension MemberSession {
    func create(_ name: MailboxName, use: SpecialUse?) async throws(IMAPFailure) -> MailboxID {
        // The house files by its own folders: one more for the same use would split what they hold.
        guard use == nil || use == .archive else {
            throw .refused(.useAttribute, "Each account has its one folder for that use")
        }
        let (list, _) = try await folders()
        let place = try newPlace(name, in: list)
        return try await house.write { transaction in
            let account = try transaction.ensureAccount(place.account)
            var rows = try transaction.mailboxes(of: account)
            let path = MailboxName(unchecked: place.path)
            var made: MailboxRow?
            for level in path.lineage {
                let use = level == path ? use : nil
                guard !rows.contains(where: { $0.name == level.text }) else { continue }
                guard rows.count < Limits.mailboxes else {
                    throw IMAPFailure.refused(.limit, "The account has as many mailboxes as it can have")
                }
                let row = try transaction.ensureMailbox(place.mailbox(named: level, in: account, use: use))
                rows.append(row)
                made = row
            }
            guard let made else { throw IMAPFailure.refused(.alreadyExists, "There is a mailbox of that name already") }
            return made.id
        }
    }

    func delete(_ name: MailboxName) async throws(IMAPFailure) {
        let (list, _) = try await folders()
        let folder = try ownFolder(name, in: list)
        try await house.write { try $0.deleteMailbox(folder.row.id) }
    }

    func rename(_ name: MailboxName, to new: MailboxName) async throws(IMAPFailure) {
        let (list, _) = try await folders()
        guard !name.isInbox else { return try await moveInbox(to: new, list) }
        let tree = list.folders.filter { $0.name == name || $0.name.isBelow(name) }
        guard !tree.isEmpty else { throw .noSuchMailbox }
        let place = try newPlace(new, in: list)
        let taken = Set(list.folders.map(\.name)).subtracting(tree.map(\.name))
        var moves: [(id: MailboxID, path: String)] = []
        for folder in tree {
            guard folder.isOwn else {
                throw .refused(.cannot, "This folder belongs to Greenroom and cannot be changed")
            }
            guard folder.isWritable else { throw .noPermission }
            guard folder.account?.name == place.account.name else {
                throw .refused(.cannot, "A mailbox stays in its account; make one there and move the messages")
            }
            let rest = folder.name.text.dropFirst(name.text.count)
            guard MailboxName.isWithinLimits(new.text + rest) else {
                throw .refused(.limit, "A name below it would be too long")
            }
            guard !taken.contains(MailboxName(unchecked: new.text + rest)) else {
                throw .refused(.alreadyExists, "There is a mailbox of that name already")
            }
            moves.append((folder.row.id, place.path + rest))
        }
        let renamed = moves
        try await house.write { transaction in
            // By way of names that nobody has: a tree may move onto names that parts of it still hold.
            for move in renamed {
                try transaction.renameMailbox(move.id, key: "user:/\(move.id)", name: "/\(move.id)")
            }
            for move in renamed {
                try transaction.renameMailbox(move.id, key: "user:" + move.path, name: move.path)
            }
        }
    }

    /// RFC 9051 §6.3.6: the messages move to a new mailbox; INBOX stays, empty, with those below it.
    private func moveInbox(to new: MailboxName, _ list: FolderList) async throws(IMAPFailure) {
        guard let inbox = list.folder(.inbox), inbox.account != nil else { throw .noSuchMailbox }
        guard inbox.isWritable else { throw .noPermission }
        let place = try newPlace(new, in: list)
        guard place.account.name == inbox.account?.name else {
            throw .refused(.cannot, "A mailbox stays in its account; make one there and move the messages")
        }
        let (rulebook, acting) = (house.rulebook, acting)
        try await house.write { transaction in
            let account = try transaction.ensureAccount(place.account)
            guard try transaction.mailboxes(of: account).count < Limits.mailboxes else {
                throw IMAPFailure.refused(.limit, "The account has as many mailboxes as it can have")
            }
            let path = MailboxName(unchecked: place.path)
            let target = try transaction.ensureMailbox(place.mailbox(named: path, in: account, use: nil))
            // RFC 5464 §4.1: annotations are kept on both.
            try transaction.copyAnnotations(from: inbox.row.id, to: target.id)
            let uids = try transaction.placements(in: inbox.row.id).map(\.uid)
            let filing = Filing(rulebook: rulebook, transaction: transaction, member: acting)
            _ = try filing.move(uids, from: inbox.row, to: target)
        }
    }

    /// A folder that a client made: the only kind it may delete.
    private func ownFolder(_ name: MailboxName, in list: FolderList) throws(IMAPFailure) -> FolderList.Folder {
        guard let folder = list.folder(name) else {
            guard !list.folders.contains(where: { $0.name.isBelow(name) }) else {
                throw .refused(.hasChildren, "There are mailboxes below it; delete those first")
            }
            throw .noSuchMailbox
        }
        guard folder.isOwn else { throw .refused(.cannot, "This folder belongs to Greenroom and cannot be changed") }
        guard folder.isWritable else { throw .noPermission }
        return folder
    }

    /// Where a new folder would stand: in the account that its name says, never among the views.
    private func newPlace(_ name: MailboxName, in list: FolderList) throws(IMAPFailure) -> NewPlace {
        guard list.folder(name) == nil else {
            throw .refused(.alreadyExists, "There is a mailbox of that name already")
        }
        let rulebook = house.rulebook
        let accounts = rulebook.accounts(of: acting.id)
        let viewRoots = Set(
            list.folders.filter { $0.account == nil }.compactMap { $0.name.levels.first.map(String.init) }
        )
        guard let root = accounts.first, let first = name.levels.first.map(String.init), !viewRoots.contains(first)
        else { throw .refused(.cannot, "Greenroom makes the folders here by itself") }
        for account in accounts.dropFirst() {
            let prefix = rulebook.sharedPrefix(of: account)
            guard name.text.hasPrefix(prefix) else { continue }
            guard rulebook.mayWrite(acting.id, account) else { throw .noPermission }
            return NewPlace(account: account, path: String(name.text.dropFirst(prefix.count)))
        }
        // The accounts alone stand there, whether this member has several now or later.
        guard first != rulebook.configuration.gateway.folders.shared else {
            throw .refused(.cannot, "Accounts stand here, each under its name; make folders below those")
        }
        guard rulebook.mayWrite(acting.id, root) else { throw .noPermission }
        return NewPlace(account: root, path: name.text)
    }
}

/// An account, and a path in it that is free.
private struct NewPlace: Sendable {
    let account: AccountSettings
    let path: String

    func mailbox(named name: MailboxName, in id: AccountID, use: SpecialUse?) -> NewMailbox {
        NewMailbox(
            account: id,
            key: "user:" + name.text,
            name: name.text,
            role: use?.rawValue ?? "",
            hasPrivateSeen: account.seen == .each && account.ownership == .shared
        )
    }
}

extension FolderList.Folder {
    /// Whether a client made it.
    var isOwn: Bool { account != nil && row.key.hasPrefix("user:") }
}

extension MailboxName {
    /// The names above it, the topmost first, and the name itself.
    fileprivate var lineage: [MailboxName] {
        var names = [self]
        while let parent = names[0].parent { names.insert(parent, at: 0) }
        return names
    }
}

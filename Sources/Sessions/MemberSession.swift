internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store
internal import Views

/// A member on one IMAP connection: every command resolves names through one list of what they may
/// see (DESIGN §1).
struct MemberSession: IMAPSession {
    let house: House
    let acting: ActingMember

    var member: String { acting.id.rawValue }

    /// Makes the folders that the member should have and that are not there yet.
    func prepare() async throws(IMAPFailure) {
        let rulebook = house.rulebook
        guard let member = rulebook.member(acting.id) else { throw .noPermission }
        let accounts = rulebook.accounts(of: acting.id)
        let views = FolderList.views(of: member, rulebook)
        let isComplete = try await house.read { transaction in
            let list = try FolderList(member, rulebook, transaction)
            let standing = list.folders.count { $0.account != nil && StandardFolder(key: $0.row.key) != nil }
            let shown = list.folders.count { $0.account == nil }
            return standing == accounts.count * StandardFolder.allCases.count && shown == views.count
        }
        guard !isComplete else { return }
        try await house.write { transaction in
            for account in accounts {
                for folder in StandardFolder.allCases {
                    let isNew =
                        try transaction.account(named: account.name)
                        .map { try transaction.mailbox($0.id, key: folder.key, member: "") == nil } ?? true
                    let row = try transaction.ensureFolder(folder, of: account)
                    if isNew { try transaction.subscribe(member.id.rawValue, to: row.name) }
                }
            }
            for view in views {
                let owner = view.isShared ? nil : acting.id
                let row = try transaction.ensureView(view, member: owner, rulebook)
                if view.isSubscribed { try transaction.subscribe(member.id.rawValue, to: row.name) }
            }
        }
    }

    func namespaces() async throws(IMAPFailure) -> Namespaces {
        let rulebook = house.rulebook
        let others = rulebook.accounts(of: acting.id).count > 1
        let shared = rulebook.configuration.gateway.folders.shared + "/"
        return Namespaces(shared: others ? [shared] : [])
    }

    func mailboxes() async throws(IMAPFailure) -> [MailboxListing] {
        let (list, subscribed) = try await folders()
        var listings: [MailboxListing] = []
        var names = Set<MailboxName>()
        for folder in list.folders {
            for parent in Self.parents(of: folder.name) where names.insert(parent).inserted {
                listings.append(
                    MailboxListing(name: parent, isSelectable: false, allowsChildren: folder.account != nil)
                )
            }
            listings.removeAll { $0.name == folder.name }
            names.insert(folder.name)
            listings.append(
                MailboxListing(
                    name: folder.name,
                    use: SpecialUse(rawValue: folder.row.role),
                    isSubscribed: subscribed.contains(folder.name.text),
                    allowsChildren: folder.account != nil
                )
            )
        }
        return listings
    }

    func create(_ name: MailboxName, use: SpecialUse?) async throws(IMAPFailure) {
        let place = try await newFolder(name)
        try await house.write { transaction in
            let account = try transaction.ensureAccount(place.account)
            for level in Self.parents(of: MailboxName(unchecked: place.path)) + [MailboxName(unchecked: place.path)] {
                if try transaction.mailboxes(of: account).contains(where: { $0.name == level.text }) { continue }
                _ = try transaction.ensureMailbox(
                    NewMailbox(
                        account: account,
                        key: "user:" + level.text,
                        name: level.text,
                        hasPrivateSeen: place.account.seen == .each && place.account.ownership == .shared
                    )
                )
            }
        }
    }

    func delete(_ name: MailboxName) async throws(IMAPFailure) {
        let folder = try await ownFolder(name)
        try await house.write { try $0.deleteMailbox(folder.row.id) }
    }

    func rename(_ name: MailboxName, to new: MailboxName) async throws(IMAPFailure) {
        guard !name.isInbox else { throw .refused(.cannot, "INBOX cannot be renamed here; move its messages instead") }
        let folder = try await ownFolder(name)
        let place = try await newFolder(new)
        let (list, _) = try await folders()
        let below = list.folders.filter { $0.name.isBelow(name) && $0.account != nil }
        let old = folder.row.name
        try await house.write { transaction in
            try transaction.renameMailbox(folder.row.id, key: "user:" + place.path, name: place.path)
            for child in below {
                let path = place.path + String(child.row.name.dropFirst(old.count))
                try transaction.renameMailbox(child.row.id, key: "user:" + path, name: path)
            }
        }
    }

    func subscribe(_ name: MailboxName, _ subscribed: Bool) async throws(IMAPFailure) {
        try await house.write { transaction in
            if subscribed {
                try transaction.subscribe(member, to: name.text)
            } else {
                try transaction.unsubscribe(member, from: name.text)
            }
        }
    }

    func status(_ name: MailboxName) async throws(IMAPFailure) -> IMAPServer.MailboxStatus {
        let folder = try await folder(name)
        let snapshot: MailboxSnapshot
        do {
            snapshot = try await house.store.snapshot(of: folder.row.id, member: member)
        } catch {
            throw house.failure(error)
        }
        return IMAPServer.MailboxStatus(snapshot)
    }

    func open(_ name: MailboxName, readOnly: Bool) async throws(IMAPFailure) -> any IMAPMailbox {
        let folder = try await folder(name)
        let mailbox = MemberMailbox(session: self, folder: folder, isReadOnly: readOnly || !folder.isWritable)
        try await mailbox.refresh()
        return mailbox
    }

    func identify(_ client: [(name: String, value: String?)]) async {
        let text = client.map { "\($0.name)=\($0.value ?? "")" }.joined(separator: " ")
        house.log.with("member", member).info("client: \(text)")
    }

    func end() async {}

    /// Lets matching know what the member just changed; the change itself is durable already.
    func refreshRecords() async {
        do {
            try await house.refreshRecords()
        } catch {
            house.log.error("the records could not be read again: \(error)")
        }
    }

    // MARK: Names

    /// The folders that the member sees now, with the names they are subscribed to.
    func folders() async throws(IMAPFailure) -> (FolderList, Set<String>) {
        let rulebook = house.rulebook
        // A member who was removed sees nothing from the next command on.
        guard let member = rulebook.member(acting.id) else { throw .noPermission }
        return try await house.read { transaction in
            let subscribed = try transaction.subscriptions(of: member.id.rawValue)
            return (try FolderList(member, rulebook, transaction), Set(subscribed))
        }
    }

    func folder(_ name: MailboxName) async throws(IMAPFailure) -> FolderList.Folder {
        guard let folder = try await folders().0.folder(name) else { throw .noSuchMailbox }
        return folder
    }

    /// A folder that a client made: the only kind it may rename or delete.
    private func ownFolder(_ name: MailboxName) async throws(IMAPFailure) -> FolderList.Folder {
        let folder = try await folder(name)
        guard folder.account != nil, folder.row.key.hasPrefix("user:") else {
            throw .refused(.cannot, "This folder belongs to Greenroom and cannot be changed")
        }
        guard folder.isWritable else { throw .noPermission }
        return folder
    }

    /// Where a new folder would stand: in the account that its name says, never among the views.
    private func newFolder(_ name: MailboxName) async throws(IMAPFailure) -> (account: AccountSettings, path: String) {
        let (list, _) = try await folders()
        guard list.folder(name) == nil else {
            throw .refused(.alreadyExists, "There is a mailbox of that name already")
        }
        let rulebook = house.rulebook
        let accounts = rulebook.accounts(of: acting.id)
        let viewRoots = Set(
            list.folders.filter { $0.account == nil }.compactMap { $0.name.levels.first.map(String.init) }
        )
        guard let root = accounts.first, let first = name.levels.first, !viewRoots.contains(String(first)) else {
            throw .refused(.cannot, "Greenroom makes the folders here by itself")
        }
        for account in accounts.dropFirst() {
            let prefix = rulebook.sharedPrefix(of: account)
            guard name.text.hasPrefix(prefix) else { continue }
            guard rulebook.mayWrite(acting.id, account) else { throw .noPermission }
            return (account, String(name.text.dropFirst(prefix.count)))
        }
        guard rulebook.mayWrite(acting.id, root) else { throw .noPermission }
        return (root, name.text)
    }

    /// The names above a name, the topmost first.
    private static func parents(of name: MailboxName) -> [MailboxName] {
        var parents: [MailboxName] = []
        var next = name.parent
        while let parent = next {
            parents.insert(parent, at: 0)
            next = parent.parent
        }
        return parents
    }
}

extension Rulebook {
    func mayWrite(_ member: MemberID, _ account: AccountSettings) -> Bool {
        self.member(member)?.access(toAccount: account.name) == .write
    }
}

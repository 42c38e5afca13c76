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
    let memory: IMAPMemory
    /// The device as it was at log-in.
    private let device: Member.Device?

    init(house: House, acting: ActingMember, memory: IMAPMemory) {
        self.house = house
        self.acting = acting
        self.memory = memory
        device = Self.device(of: acting, house)
    }

    var member: String { acting.id.rawValue }

    var isCurrent: Bool { device != nil && device == Self.device(of: acting, house) }

    private static func device(of acting: ActingMember, _ house: House) -> Member.Device? {
        house.rulebook.member(acting.id)?.devices.first { $0.label == acting.device }
    }

    /// Makes the folders that the member should have and that are not there yet.
    func prepare() async throws(IMAPFailure) {
        let rulebook = house.rulebook
        guard let member = rulebook.member(acting.id) else { throw .noPermission }
        guard try await !folders().0.isComplete else { return }
        let accounts = rulebook.accounts(of: acting.id)
        let views = FolderList.views(of: member, rulebook)
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
        let version = FolderCache.Version(list: house.store.listVersion, rules: rulebook.version)
        if let known = memory.folders.folders(of: acting.id, version) { return (known, known.subscribed) }
        let list = try await house.read { try FolderList(member, rulebook, $0) }
        memory.folders.keep(list, of: acting.id, version)
        return (list, list.subscribed)
    }

    func folder(_ name: MailboxName) async throws(IMAPFailure) -> FolderList.Folder {
        guard let folder = try await folders().0.folder(name) else { throw .noSuchMailbox }
        return folder
    }
}

extension Rulebook {
    func mayWrite(_ member: MemberID, _ account: AccountSettings) -> Bool {
        self.member(member)?.access(toAccount: account.name) == .write
    }
}

internal import Base
internal import IMAPClient
internal import IMAPWire
internal import Store
internal import Text

/// What the folders of an account are called upstream: the name is kept with the folder, found by
/// special use or by habit when it is first needed, and made where nothing fits.
struct UpstreamNames {
    let store: Store
    let folders: [MirroredFolder]
    private let entries: [ListEntry]
    private let prefix: [UInt8]
    private let separator: UInt8?

    init(_ session: IMAPClientSession, store: Store, folders: [MirroredFolder]) async throws(IMAPClientFailure) {
        self.store = store
        self.folders = folders
        entries = try await session.list("*")
        let space = session.offers("NAMESPACE") ? try await session.namespace() : nil
        prefix = space?.prefix ?? []
        separator = space?.separator ?? entries.first?.separator
    }

    /// The name on the wire; the mailbox is created where it is missing.
    func name(of mailbox: MailboxID, _ session: IMAPClientSession) async throws -> [UInt8] {
        if let known = try await store.read({ try $0.upstreamMailbox(of: mailbox) }) { return Array(known.name.utf8) }
        let name: [UInt8]
        if let folder = folders.first(where: { $0.mailbox == mailbox }) {
            name = try await findOrCreate(folder.name, role: folder.role, session)
        } else if let row = try await store.read({ try $0.mailbox(mailbox) }) {
            name = try await findOrCreate(row.name, role: row.role, session)
        } else {
            throw StoreError.missing("mailbox \(mailbox)")
        }
        let status = try await session.status(name)
        try await store.write { transaction in
            guard try transaction.upstreamMailbox(of: mailbox) == nil else { return }
            try transaction.saveUpstreamMailbox(
                UpstreamMailboxRow(
                    mailbox: mailbox,
                    name: String(decoding: name, as: UTF8.self),
                    uidValidity: status.uidValidity,
                    uidNext: 1,
                    highestModSeq: 0
                )
            )
        }
        return name
    }

    private func findOrCreate(
        _ path: String,
        role: String,
        _ session: IMAPClientSession
    ) async throws(IMAPClientFailure) -> [UInt8] {
        if MailboxName(unchecked: path).isInbox { return Array("INBOX".utf8) }
        if let found = find(path, role: role) { return found }
        let name = wireName(path)
        do throws(IMAPClientFailure) {
            try await session.create(name)
        } catch {
            // It may have been made since the names were listed.
            guard error.refusal?.code == .alreadyExists else { throw error }
        }
        return name
    }

    private func find(_ path: String, role: String) -> [UInt8]? {
        let usable = entries.filter { entry in
            !entry.attributes.contains { ASCII.equalsIgnoringCase($0, "\\Noselect") }
        }
        if !role.isEmpty,
            let byUse = usable.first(where: { $0.attributes.contains { ASCII.equalsIgnoringCase($0, role) } })
        {
            return byUse.name
        }
        // RFC 6154 is not everywhere: Exchange names no use at all.
        for candidate in [path] + (Self.habits[role] ?? []) {
            let name = wireName(candidate)
            if let byName = usable.first(where: { $0.name == name }) { return byName.name }
        }
        return nil
    }

    private func wireName(_ path: String) -> [UInt8] {
        var name = prefix
        for (index, level) in path.split(separator: "/").enumerated() {
            if index > 0 { name.append(separator ?? UInt8(ascii: "/")) }
            name += ModifiedUTF7.encode(String(level))
        }
        return name
    }

    /// What providers call these folders where they do not mark them.
    private static let habits: [String: [String]] = [
        "\\Sent": ["Sent Items", "Sent Messages", "Sent Mail"],
        "\\Drafts": ["Draft"],
        "\\Trash": ["Deleted Items", "Deleted Messages", "Bin"],
        "\\Junk": ["Junk Email", "Junk E-mail", "Spam"],
        "\\Archive": ["Archives"],
    ]
}

internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store

// What accounts hold, and how much they may (RFC 9208): one quota root for each account, by its name.
extension MemberSession {
    func quotaRoot(of mailbox: MailboxName) async throws(IMAPFailure) -> QuotaRoot? {
        let rulebook = house.rulebook
        let (list, _) = try await folders()
        // Views hold nothing of their own.
        if let folder = list.folder(mailbox) {
            guard let account = folder.account else { return nil }
            return try await root(of: account)
        }
        let accounts = rulebook.accounts(of: acting.id)
        let further = accounts.dropFirst().first { mailbox.text.hasPrefix(rulebook.sharedPrefix(of: $0)) }
        guard let account = further ?? accounts.first else { return nil }
        return try await root(of: account)
    }

    func quotaRoot(named root: String) async throws(IMAPFailure) -> QuotaRoot {
        guard let account = house.rulebook.accounts(of: acting.id).first(where: { $0.name == root }) else {
            throw .refused(.nonexistent, "There is no quota root of that name")
        }
        return try await self.root(of: account)
    }

    private func root(of account: AccountSettings) async throws(IMAPFailure) -> QuotaRoot {
        let usage = try await house.read { transaction in
            try transaction.account(named: account.name).map { try transaction.usage(of: $0.id) }
                ?? (messages: 0, octets: 0)
        }
        var resources: [QuotaRoot.Resource] = []
        if let limit = account.quota.storage {
            resources.append(.init(name: "STORAGE", usage: Self.units(usage.octets), limit: UInt64(limit / 1024)))
        }
        if let limit = account.quota.messages {
            resources.append(.init(name: "MESSAGE", usage: UInt64(clamping: usage.messages), limit: UInt64(limit)))
        }
        return QuotaRoot(name: account.name, resources: resources)
    }

    /// Octets in units of 1024, a begun one counted whole.
    private static func units(_ octets: Int64) -> UInt64 { UInt64(clamping: (octets + 1023) / 1024) }
}

extension AccountSettings {
    /// Refuses what would not fit any more (RFC 9208 §4.3.1); asked inside the change that adds it.
    func expectRoom(messages: Int, octets: Int, _ transaction: ReadTransaction) throws {
        guard quota.storage != nil || quota.messages != nil, let row = try transaction.account(named: name) else {
            return
        }
        let usage = try transaction.usage(of: row.id)
        guard usage.octets + Int64(octets) <= quota.storage.map(Int64.init) ?? .max,
            usage.messages + Int64(messages) <= quota.messages.map(Int64.init) ?? .max
        else { throw IMAPFailure.refused(.overQuota, "The account holds as much as it may") }
    }
}

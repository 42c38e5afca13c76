internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store
internal import Views

// The configured rights as RFC 4314 draws them; `team.toml` alone changes them.
extension MemberSession {
    func accessList(of mailbox: MailboxName) async throws(IMAPFailure) -> [AccessEntry] {
        let folder = try await folder(mailbox)
        let rulebook = house.rulebook
        guard let member = rulebook.member(acting.id) else { throw .noPermission }
        let own = folder.rights(of: member)
        // Those who work in a mailbox together know each other; who may only look knows of themselves.
        guard own.contains(.insert), folder.isShared else {
            return [AccessEntry(identifier: member.id.rawValue, rights: own)]
        }
        return rulebook.configuration.team.members.compactMap { other in
            let rights = folder.rights(of: other)
            return rights.isEmpty ? nil : AccessEntry(identifier: other.id.rawValue, rights: rights)
        }
    }
}

extension FolderList.Folder {
    /// Whether it is one mailbox for several members.
    var isShared: Bool {
        if let account { return account.ownership == .shared }
        return row.member.isEmpty
    }

    /// What a member can do here; nothing for one who does not see it.
    func rights(of member: Member) -> AccessRights {
        if let account {
            guard let access = member.access(toAccount: account.name) else { return [] }
            guard access == .write else { return [.lookUp, .read] }
            return isOwn ? .all : .all.subtracting(.delete)
        }
        guard let view = View(key: row.key), row.member.isEmpty || row.member == member.id.rawValue else { return [] }
        var rights: AccessRights = [.lookUp, .read, .seen, .write, .deleteMessages, .expunge]
        switch view {
        case .campaign(let campaign), .stage(let campaign, _):
            guard let access = member.access(toCampaign: campaign) else { return [] }
            if access == .write { rights.insert(.insert) }
        default:
            if view.acts { rights.insert(.insert) }
        }
        return rights
    }
}

extension AccessRights {
    /// All that can be done with an account's folder.
    fileprivate static let all: Self = [
        .lookUp, .read, .seen, .write, .insert, .create, .delete, .deleteMessages, .expunge,
    ]
}

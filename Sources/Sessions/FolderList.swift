internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store
internal import Views

/// The folders that a member sees, with the paths that their client sees them under.
///
/// The account of a member with one account stands at the root; further accounts stand under
/// `Shared/<account>/` (RFC 2342).
struct FolderList: Sendable {
    struct Folder: Sendable {
        let row: MailboxRow
        let name: MailboxName
        /// The configured account it belongs to; nil for a view.
        let account: AccountSettings?
        let isWritable: Bool
    }

    /// In order of name.
    let folders: [Folder]

    init(_ member: Member, _ rulebook: Rulebook, _ transaction: ReadTransaction) throws(StoreError) {
        var folders: [Folder] = []
        for (index, account) in rulebook.accounts(of: member.id).enumerated() {
            guard let row = try transaction.account(named: account.name) else { continue }
            let prefix = index == 0 ? "" : rulebook.sharedPrefix(of: account)
            for mailbox in try transaction.mailboxes(of: row.id) {
                folders.append(
                    Folder(
                        row: mailbox,
                        name: MailboxName(unchecked: prefix + mailbox.name),
                        account: account,
                        isWritable: member.access(toAccount: account.name) == .write
                    )
                )
            }
        }
        if let house = try transaction.account(named: HouseAccount.name) {
            let wanted = Set(Self.views(of: member, rulebook))
            for mailbox in try transaction.mailboxes(of: house.id) {
                guard mailbox.member.isEmpty || mailbox.member == member.id.rawValue, let view = View(key: mailbox.key),
                    wanted.contains(view)
                else { continue }
                folders.append(
                    Folder(row: mailbox, name: MailboxName(unchecked: mailbox.name), account: nil, isWritable: true)
                )
            }
        }
        self.folders = folders.sorted { $0.name < $1.name }
    }

    func folder(_ name: MailboxName) -> Folder? { folders.first { $0.name == name } }

    /// The views that a member sees: approvals, what nobody could attach, the team, and the
    /// campaigns they follow and may read (DESIGN §1).
    static func views(of member: Member, _ rulebook: Rulebook) -> [View] {
        var views: [View] = [.waiting, .approve, .reject, .decided, .queue(.unmatched)]
        views += rulebook.configuration.team.members.map { .team($0.id) }
        for campaign in member.follows where member.access(toCampaign: campaign) != nil {
            guard rulebook.directory.campaign(campaign) != nil else { continue }
            views.append(.campaign(campaign))
            if !rulebook.isPast(campaign) { views += Stage.allCases.map { .stage(campaign, $0) } }
        }
        return views
    }
}

extension Rulebook {
    /// `Shared/<account>/`.
    func sharedPrefix(of account: AccountSettings) -> String {
        "\(configuration.gateway.folders.shared)/\(account.name)/"
    }
}

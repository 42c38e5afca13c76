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
        /// Its counters are those of the time when the list was read.
        let row: MailboxRow
        let name: MailboxName
        /// The configured account it belongs to; nil for a view.
        let account: AccountSettings?
        let isWritable: Bool
    }

    /// In order of name.
    let folders: [Folder]
    /// The names that the member is subscribed to, there or not.
    let subscribed: Set<String>
    /// What LIST shows, in order of name: the folders, the names above them that are none, and what
    /// the member subscribed to.
    let names: MailboxNames
    /// Whether every folder is there that the member should have.
    let isComplete: Bool
    private let places: [MailboxName: Int]

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
        let sorted = folders.sorted { $0.name < $1.name }
        let subscribed = Set(try transaction.subscriptions(of: member.id.rawValue))
        self.folders = sorted
        self.subscribed = subscribed
        names = MailboxNames(Self.listings(sorted, subscribed, member))
        places = Dictionary(sorted.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let standing = sorted.count { $0.account != nil && StandardFolder(key: $0.row.key) != nil }
        let shown = sorted.count { $0.account == nil }
        isComplete =
            standing == rulebook.accounts(of: member.id).count * StandardFolder.allCases.count
            && shown == Self.views(of: member, rulebook).count
    }

    func folder(_ name: MailboxName) -> Folder? { places[name].map { folders[$0] } }

    private static func listings(
        _ folders: [Folder],
        _ subscribed: Set<String>,
        _ member: Member
    ) -> [MailboxListing] {
        var listings: [MailboxName: MailboxListing] = [:]
        for folder in folders {
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
        for folder in folders {
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

    /// The views that a member sees: approvals, what nobody could attach, the team, and the
    /// campaigns they follow and may read (DESIGN §1).
    ///
    /// Who has no account but one that only approves sees Approvals alone.
    static func views(of member: Member, _ rulebook: Rulebook) -> [View] {
        var views: [View] = [.waiting, .approve, .reject, .decided]
        let accounts = rulebook.accounts(of: member.id)
        guard accounts.isEmpty || accounts.contains(where: { $0.kind != .approver }) else { return views }
        views.append(.queue(.unmatched))
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

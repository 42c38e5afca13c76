package import Base
internal import Campaigns
package import Config
package import Store

/// The folders that every mail account has.
package enum StandardFolder: String, Sendable, CaseIterable {
    case inbox
    case sent
    case drafts
    case trash
    case junk
    case archive

    package init?(key: String) { self.init(rawValue: key) }

    /// The stable key in the store.
    package var key: String { rawValue }

    package var name: String {
        switch self {
        case .inbox: "INBOX"
        case .sent: "Sent"
        case .drafts: "Drafts"
        case .trash: "Trash"
        case .junk: "Junk"
        case .archive: "Archive"
        }
    }

    /// The special-use attribute (RFC 6154); empty for INBOX.
    package var role: String {
        switch self {
        case .inbox: ""
        case .sent: "\\Sent"
        case .drafts: "\\Drafts"
        case .trash: "\\Trash"
        case .junk: "\\Junk"
        case .archive: "\\Archive"
        }
    }
}

extension Transaction {
    /// The account of a configured one, made where it is missing.
    package func ensureAccount(_ account: AccountSettings) throws(StoreError) -> AccountID {
        let kind: AccountRow.Kind =
            switch account.kind {
            case .local: .local
            case .mirrored: .mirrored
            case .approver: .approver
            }
        var owner: String?
        if case .personal(let member) = account.ownership { owner = member.rawValue }
        return try ensureAccount(named: account.name, kind: kind, owner: owner)
    }

    /// One of an account's own folders, made where it is missing.
    package func ensureFolder(_ folder: StandardFolder, of account: AccountSettings) throws(StoreError) -> MailboxRow {
        try ensureMailbox(
            NewMailbox(
                account: try ensureAccount(account),
                key: folder.key,
                name: folder.name,
                role: folder.role,
                hasPrivateSeen: account.seen == .each && account.ownership == .shared
            )
        )
    }
}

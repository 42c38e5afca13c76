internal import Base
package import Campaigns
package import Store
package import Views

extension Transaction {
    /// The mailbox of a view, made where it is missing, named as the rules say now.
    package func ensureView(_ view: View, member: MemberID?, _ rulebook: Rulebook) throws(StoreError) -> MailboxRow {
        try ensureMailbox(mailbox(of: view, member, rulebook))
    }

    /// The number of that mailbox: mostly nothing is read for it.
    func ensureViewID(_ view: View, member: MemberID?, _ rulebook: Rulebook) throws(StoreError) -> MailboxID {
        try ensureMailboxID(mailbox(of: view, member, rulebook))
    }

    private func mailbox(of view: View, _ member: MemberID?, _ rulebook: Rulebook) throws(StoreError) -> NewMailbox {
        NewMailbox(
            account: try ensureAccount(named: HouseAccount.name, kind: .house, owner: nil),
            key: view.key,
            name: rulebook.path(of: view),
            member: member?.rawValue ?? "",
            hasPrivateSeen: true
        )
    }
}

/// The account that holds what belongs to no mail account: views and letters.
package enum HouseAccount {
    package static let name = "greenroom"
}

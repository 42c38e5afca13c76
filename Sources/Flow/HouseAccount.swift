package import Campaigns
package import Store
package import Views

extension Transaction {
    /// The mailbox of a view, made where it is missing, named as the rules say now.
    package func ensureView(_ view: View, member: MemberID?, _ rulebook: Rulebook) throws(StoreError) -> MailboxRow {
        let house = try ensureAccount(named: HouseAccount.name, kind: .house, owner: nil)
        return try ensureMailbox(
            NewMailbox(
                account: house,
                key: view.key,
                name: rulebook.path(of: view),
                member: member?.rawValue ?? "",
                hasPrivateSeen: true
            )
        )
    }
}

/// The account that holds what belongs to no mail account: views and letters.
package enum HouseAccount {
    package static let name = "greenroom"
}

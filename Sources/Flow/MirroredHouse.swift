package import Base
internal import Campaigns
internal import Config
package import IMAPWire
internal import Message
package import Mirror
internal import Store

// The way in for mail of mirrored accounts: found upstream, filed as LMTP files, and bound in the
// same change.

/// The house as the mirror of one account sees it.
package struct MirroredHouse: MirrorHouse {
    private let house: House
    private let name: String

    package init(house: House, account name: String) {
        self.house = house
        self.name = name
    }

    /// The folders that are followed; into the others changes only go out.
    private static let followed: [StandardFolder] = [.inbox, .sent]

    package func folders() async throws(HouseError) -> (account: AccountID, folders: [MirroredFolder]) {
        let account = try settings()
        return try await house.change { transaction in
            let id = try transaction.ensureAccount(account)
            for folder in StandardFolder.allCases { _ = try transaction.ensureFolder(folder, of: account) }
            let folders = try transaction.mailboxes(of: id).map { row in
                MirroredFolder(
                    mailbox: row.id,
                    name: row.name,
                    role: row.role,
                    isFollowed: StandardFolder(key: row.key).map(Self.followed.contains) ?? false,
                    sharesSeen: !row.hasPrivateSeen
                )
            }
            return (id, folders)
        }
    }

    package func receive(_ mail: UpstreamMail) async throws(HouseError) {
        let account = try settings()
        let cleaned = ParsedMessage(mail.bytes).removingFields(.internal, fromAttachedMessages: FieldSelection()).bytes
        let parsed = ParsedMessage(cleaned)
        let input = MatchInput(parsed)
        let body = try await house.keep(cleaned)
        let rulebook = house.rulebook
        let sealKey = house.sealKey
        // What the creator wrote may hold or cancel what waits for them.
        defer { house.outboundChanged() }
        try await house.change { transaction in
            if try mail.settle(messageID: input.messageID, transaction) { return }
            let reception = Reception(
                mailbox: mail.folder.mailbox,
                received: mail.received,
                flags: mail.flags,
                isSeen: mail.isSeen,
                isHistory: account.since.map { mail.received < $0 } ?? false
            )
            if let known = try Self.known(mail, body, transaction) {
                try Self.place(known, reception, transaction)
                try mail.bind(to: known, transaction)
                return
            }
            let arrival = Arrival(
                rulebook: rulebook,
                account: account,
                authservID: account.authservID,
                sealKey: sealKey,
                transaction: transaction
            )
            try mail.bind(to: try arrival.file(parsed, input, body: body, as: reception), transaction)
        }
    }

    package func accepts(_ keyword: Keyword) -> Bool { !StateKeyword.isOwn(keyword) }

    /// A message with the same bytes that has left its place upstream or stands in another folder:
    /// somebody moved or copied it there.
    private static func known(
        _ mail: UpstreamMail,
        _ body: StoredBody,
        _ transaction: Transaction
    ) throws(StoreError) -> MessageID? {
        for row in try transaction.messages(of: mail.account, withBody: body.hash) where row.direction != "held" {
            let isHere = try transaction.upstreamPlaces(of: row.id).contains { $0.mailbox == mail.folder.mailbox }
            if !isHere { return row.id }
        }
        return nil
    }

    private static func place(
        _ message: MessageID,
        _ reception: Reception,
        _ transaction: Transaction
    ) throws(StoreError) {
        guard let edition = try transaction.editions(of: message).last,
            try !transaction.placements(of: message).contains(where: { $0.mailbox == reception.mailbox })
        else { return }
        _ = try transaction.place(
            edition.id,
            in: reception.mailbox,
            received: reception.received,
            isSeen: reception.isSeen
        )
    }

    private func settings() throws(HouseError) -> AccountSettings {
        guard let account = house.rulebook.configuration.gateway.account(name) else {
            throw .refused("there is no account \(name) any more")
        }
        return account
    }
}

package import Base
internal import Config
internal import Ledger
internal import Message
internal import Mirror
internal import Outbound
internal import Policy
package import Store

/// The copies that clients file in Sent (DESIGN §4): one outbound message has one item, and a held
/// one stands in Waiting, not in Sent (D11).
package enum SentCopies {
    /// Whether a message that a client appends to Sent is a copy of one that we have: it is then
    /// accepted and leaves, since ours is shown, now or when it was sent.
    ///
    /// Who corrects a colleague's mail may file their copy in another account than it leaves from.
    package static func original(
        messageID: String,
        account: AccountID,
        _ transaction: ReadTransaction
    ) throws(StoreError) -> OutboundID? {
        try transaction.outbound(withMessageID: messageID).first { $0.account == account || $0.editor != nil }?.id
    }

    /// Takes out copies that the client appended before it submitted.
    static func remove(messageID: String, from account: AccountSettings, _ transaction: Transaction) throws(StoreError)
    {
        let copies = try transaction.messages(withMessageID: ThreadKey.messageID(messageID))
        guard !copies.isEmpty else { return }
        let sent = try transaction.ensureFolder(.sent, of: account)
        for message in copies {
            for placement in try transaction.placements(of: message.id) where placement.mailbox == sent.id {
                _ = try transaction.expunge([placement.uid], from: sent.id)
                try JournalWriter(transaction).expunged(message.id, from: sent)
            }
        }
    }
}

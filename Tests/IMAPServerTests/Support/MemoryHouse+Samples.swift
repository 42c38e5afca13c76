import IMAPWire
import Synchronization

@testable import IMAPServer

extension MemoryHouse {
    /// A house with folders at several levels, two of them subscribed to and one that cannot be selected.
    static func withFolders() -> MemoryHouse {
        let house = MemoryHouse()
        house.addMailbox("Sent", use: .sent, subscribed: true)
        house.addMailbox("Campaigns", selectable: false)
        house.addMailbox("Campaigns/Frühling", subscribed: true)
        house.addMailbox("Campaigns/Frühling/2 replied")
        house.addMailbox("R&D")
        return house
    }

    /// The quota of the account that every mailbox belongs to.
    func setQuota() {
        state.withLock {
            $0.quota = QuotaRoot(
                name: "team",
                resources: [
                    QuotaRoot.Resource(name: "STORAGE", usage: 3, limit: 100),
                    QuotaRoot.Resource(name: "MESSAGE", usage: 1, limit: 2),
                ]
            )
        }
    }
}

extension Conversation {
    /// Logged in with four messages in INBOX, a folder, and a folder that acts.
    static func withFourMessages() async -> Conversation {
        let house = MemoryHouse()
        for _ in 1...4 { house.deliver("a: b\n\nc") }
        house.addMailbox("Archive")
        house.addMailbox("Approvals/Approve")
        house.state.withLock { _ = $0.acting.insert(MailboxName(unchecked: "Approvals/Approve")) }
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }
}

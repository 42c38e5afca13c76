import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

@Suite struct CollectionTests {
    private static func file(_ text: [UInt8], in mailbox: MailboxID, _ house: House) throws -> PlacementRow {
        let body = try house.store.prepareNow(text)
        return try house.store.writeNow { transaction in
            let account = try transaction.ensureAccount(named: "team", kind: .local, owner: nil)
            let new = NewMessage(
                account: account,
                messageID: "",
                body: body,
                internalDate: transaction.now,
                direction: "filed"
            )
            return try transaction.insertMessage(new, in: mailbox, received: transaction.now)
        }
    }

    @Test("A draft that was saved again goes for good, one round after it was removed")
    func drafts() async throws {
        let house = try House()
        let drafts = try house.mailbox("drafts")
        let small = try Self.file([1, 2, 3], in: drafts, house)
        let large = try Self.file([UInt8](repeating: 7, count: Limits.bodyInDatabase + 1), in: drafts, house)
        let kept = try Self.file([4, 5, 6], in: drafts, house)
        _ = try house.store.writeNow { try $0.expunge([small.uid, large.uid], from: drafts) }
        let first = try await house.store.collectMessages([])
        #expect(first == [small.message, large.message])
        // Until then a session that was not told may fetch it.
        #expect(try house.store.readNow { try $0.bytes(of: small.edition) } == [1, 2, 3])
        #expect(try await house.store.collectMessages(first) == [])
        for gone in [small, large] {
            #expect(try house.store.readNow { try $0.message(gone.message) } == nil)
            #expect(try house.store.readNow { try $0.edition(gone.edition) } == nil)
        }
        #expect(try house.store.readNow { try $0.bytes(of: kept.edition) } == [4, 5, 6])
        #expect(try house.store.context.bodies.list().isEmpty)
    }

    @Test("What is placed again, shares its body or was delivered stays")
    func kept() async throws {
        let house = try House()
        let (drafts, inbox) = (try house.mailbox("drafts"), try house.mailbox("inbox"))
        let moved = try Self.file([1], in: drafts, house)
        let twin = try Self.file([2], in: drafts, house)
        let other = try Self.file([2], in: inbox, house)
        let delivered = try house.deliver("a: b\r\n\r\n", to: inbox)
        _ = try house.store.writeNow { try $0.expunge([moved.uid, twin.uid], from: drafts) }
        _ = try house.store.writeNow { try $0.expunge([delivered.uid], from: inbox) }
        let candidates = try await house.store.collectMessages([])
        #expect(candidates == [moved.message, twin.message])
        _ = try house.store.writeNow { try $0.place(moved.edition, in: inbox, received: moved.received) }
        #expect(try await house.store.collectMessages(candidates) == [])
        #expect(try house.store.readNow { try $0.message(moved.message) } != nil)
        #expect(try house.store.readNow { try $0.message(delivered.message) } != nil)
        #expect(try house.store.readNow { try $0.message(twin.message) } == nil)
        #expect(try house.store.readNow { try $0.bytes(of: other.edition) } == [2])
    }
}

import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

@Suite struct RecordTests {
    @Test("an outbound message is changed only at the version that was decided on")
    func compareAndSet() throws {
        let house = try House()
        let id = try house.store.writeNow { try $0.insertOutbound(.sample(at: $0.now)) }
        var row = try #require(try house.store.readNow { try $0.outbound(id) })
        #expect(row.version == 1)
        row.state = "approved"
        row.releaseAt = house.clock.now
        row.required = "managers=1"
        let changed = row
        #expect(try house.store.writeNow { try $0.updateOutbound(changed, expectedVersion: 1) })
        #expect(try house.store.writeNow { try $0.updateOutbound(changed, expectedVersion: 1) } == false)
        row.version = 2
        #expect(try house.store.readNow { try $0.outbound(id) } == row)
        #expect(try house.store.readNow { try $0.outbound(inState: "approved").map(\.id) } == [id])
        #expect(try house.store.readNow { try $0.nextRelease(inState: "approved") } == house.clock.now)
        #expect(try house.store.readNow { try $0.outbound(withMessageID: "<o@mail.example>").map(\.id) } == [id])
    }

    @Test("the number of an outbound message is never given again")
    func numbers() throws {
        let house = try House()
        let first = try house.store.writeNow { try $0.insertOutbound(.sample(at: $0.now)) }
        #expect(throws: Refusal.self) {
            try house.store.writeNow { transaction in
                _ = try transaction.insertOutbound(.sample(at: transaction.now))
                throw Refusal()
            }
        }
        let second = try house.store.writeNow { try $0.insertOutbound(.sample(at: $0.now)) }
        #expect(second > first)
    }

    @Test("a revision keeps both forms, the envelope and each recipient's progress (INV-1)")
    func revision() async throws {
        let house = try House()
        let submitted = try house.store.prepareNow(Array("submitted".utf8))
        let transmit = try house.store.prepareNow([UInt8](repeating: 9, count: Limits.bodyInDatabase + 80))
        let now = house.clock.now
        let id = try house.store.writeNow { transaction in
            let id = try transaction.insertOutbound(.sample(at: transaction.now))
            try transaction.insertRevision(
                1,
                of: id,
                submitted: submitted,
                transmit: transmit,
                mailFrom: "ann@team.example",
                mailParameters: "BODY=8BITMIME",
                releaseHash: [5],
                recipients: [
                    NewRecipient(address: "b@x.example", parameters: "", isBcc: false),
                    NewRecipient(address: "a@x.example", parameters: "NOTIFY=NEVER", isBcc: true),
                ],
                state: "waiting"
            )
            try transaction.setRecipients(of: id, revision: 1, state: "queued", nextAttempt: now)
            return id
        }
        let due = try house.store.readNow { try $0.dueRecipients(inState: "queued", at: now, limit: 9) }
        #expect(due.map(\.address) == ["b@x.example", "a@x.example"])
        let attempt = try house.store.writeNow { try $0.beginAttempt(of: id, revision: 1, host: "relay.example") }
        #expect(try house.store.readNow { try $0.openAttempts().map(\.id) } == [attempt])
        try house.store.writeNow { transaction in
            try transaction.updateRecipient(
                0,
                of: id,
                revision: 1,
                state: "sent",
                lastReply: "250 ok",
                attempts: 1,
                nextAttempt: nil
            )
            try transaction.endAttempt(attempt, outcome: "sent")
        }
        let after = try house.store.readNow { try $0.recipients(of: id, revision: 1) }
        #expect(after.map(\.state) == ["sent", "queued"])
        #expect(after.map(\.isBcc) == [false, true])
        #expect(try house.store.readNow { try $0.openAttempts() } == [])
        #expect(try await house.store.collectBodies() == 0)
        #expect(try house.store.readNow { try $0.outbound(withSubmitted: submitted.hash) } == [id])
        #expect(try house.store.readNow { try $0.revision(1, of: id) }?.transmit == transmit.hash)
    }

    @Test("decisions and notices are found again by revision and by Message-ID")
    func decisions() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let row = try house.deliver("notice", to: inbox)
        let now = house.clock.now
        let id = try house.store.writeNow { transaction in
            let id = try transaction.insertOutbound(.sample(at: now))
            for revision in [1, 2] {
                try transaction.insertDecision(
                    of: "ben",
                    about: id,
                    revision: revision,
                    groups: "managers",
                    verb: "approve",
                    reason: "",
                    effectiveAt: now.advanced(by: .seconds(30))
                )
            }
            try transaction.insertNotice(
                about: id,
                revision: 2,
                to: "ben",
                kind: "approver",
                message: row.message,
                edition: row.edition,
                messageID: "<n@command.invalid>"
            )
            return id
        }
        #expect(try house.store.writeNow { try $0.removeDecisions(of: "ben", about: id, revision: 1) })
        #expect(try house.store.writeNow { try $0.removeDecisions(of: "ben", about: id, revision: 1) } == false)
        #expect(try house.store.readNow { try $0.decisions(of: id, revision: 1) } == [])
        #expect(try house.store.readNow { try $0.decisions(of: id, revision: 2) }.first?.member == "ben")
        #expect(try house.store.readNow { try $0.notice(withMessageID: "<n@command.invalid>") }?.revision == 2)
    }

    @Test("conversations and collaborations are changed only at the version that was decided on")
    func versions() throws {
        let house = try House()
        let id = try house.store.writeNow {
            try $0.insertConversation(creator: "mia", campaign: "spring", stage: "contacted", openedAt: $0.now)
        }
        var row = try #require(try house.store.readNow { try $0.conversation(creator: "mia", campaign: "spring") })
        #expect(row.id == id && row.version == 1)
        row.stage = "replied"
        row.lastInbound = house.clock.now
        let changed = row
        #expect(try house.store.writeNow { try $0.updateConversation(changed, expectedVersion: 1) })
        #expect(try house.store.writeNow { try $0.updateConversation(changed, expectedVersion: 1) } == false)
        #expect(try house.store.readNow { try $0.conversation(id) }?.lastInbound == house.clock.now)

        func save(_ stage: String, _ version: Int?) throws -> Bool {
            try house.store.writeNow {
                try $0.saveCollaboration(
                    creator: "mia",
                    campaign: "spring",
                    stage: stage,
                    fields: "",
                    expectedVersion: version
                )
            }
        }
        #expect(try save("contacted", 1) == false)
        #expect(try save("contacted", 0))
        #expect(try save("replied", 0) == false)
        #expect(try save("replied", nil))
        #expect(try house.store.readNow { try $0.collaborations() }.map(\.version) == [2])
    }

    @Test("several messages may share a Message-ID")
    func threads() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let first = try house.deliver("same", to: inbox)
        let second = try house.deliver("same", to: inbox)
        let id = try #require(try house.store.readNow { try $0.message(first.message) }).messageID
        #expect(
            try house.store.readNow { try $0.messages(withMessageID: id).map(\.id) } == [first.message, second.message]
        )
        try house.store.writeNow { try $0.listMessage(first.message, underMessageID: "<other@mail.example>") }
        let found = try house.store.readNow { try $0.messages(withMessageID: "<other@mail.example>") }
        #expect(found.map(\.id) == [first.message])
    }

    @Test("the journal keeps order per message, and one message's wait holds up no other")
    func journal() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let one = try house.deliver("one", to: inbox).message
        let two = try house.deliver("two", to: inbox).message
        let now = house.clock.now
        let account = try #require(try house.store.readNow { try $0.account(named: "team") }).id
        let ids = try house.store.writeNow { transaction in
            try [one, one, two].map {
                try transaction.queueOperation("flags", of: $0, account: account, arguments: [])
            }
        }
        func due() throws -> [Int64] {
            try house.store.readNow { try $0.dueJournal(of: account, at: now, limit: 9).map(\.id) }
        }
        #expect(try due() == [ids[0], ids[2]])
        try house.store.writeNow { try $0.postpone(ids[0], until: now.advanced(by: .seconds(60))) }
        #expect(try due() == [ids[2]])
        try house.store.writeNow { try $0.markSent(ids[2], targetUIDNext: 40) }
        #expect(try house.store.readNow { try $0.journal(of: two) }.first?.targetUIDNext == 40)
        try house.store.writeNow { try $0.finishOperation(ids[0]) }
        #expect(try due() == [ids[1], ids[2]])
    }

    @Test("what was seen upstream is bound to our messages")
    func upstream() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let message = try house.deliver("one", to: inbox).message
        let seen = UpstreamMessageRow(
            mailbox: inbox,
            uidValidity: 7,
            uid: 12,
            message: message,
            modSeq: 3,
            flags: Flags([.seen, .answered], keywords: [Keyword("Blue")])
        )
        try house.store.writeNow { transaction in
            try transaction.saveUpstreamMailbox(
                UpstreamMailboxRow(mailbox: inbox, name: "INBOX", uidValidity: 7, uidNext: 13, highestModSeq: 3)
            )
            try transaction.saveUpstreamMessage(seen)
        }
        #expect(try house.store.readNow { try $0.upstreamMessages(in: inbox, uidValidity: 7) } == [seen])
        #expect(try house.store.readNow { try $0.upstreamPlaces(of: message) } == [seen])
        #expect(try house.store.readNow { try $0.upstreamMailbox(of: inbox) }?.uidNext == 13)
        try house.store.writeNow { try $0.removeUpstreamMessage(12, uidValidity: 7, in: inbox) }
        #expect(try house.store.readNow { try $0.upstreamMessage(12, uidValidity: 7, in: inbox) } == nil)
    }
}

extension OutboundRow {
    static func sample(at time: Timestamp, state: String = "held") -> Self {
        Self(
            account: AccountID(rawValue: 1),
            author: "ann",
            device: "laptop",
            state: state,
            from: "ann@team.example",
            subject: "Offer",
            messageID: "<o@mail.example>",
            submittedAt: time
        )
    }
}

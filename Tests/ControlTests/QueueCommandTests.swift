import Base
import Campaigns
import Config
import Flow
import Ledger
import Outbound
import SMTPWire
import Store
import TestSupport
import Testing

@testable import Control

@Suite struct QueueCommandTests {
    /// A message of Mia's to a colleague, released and tried once.
    private func disk(isDown: Bool = false) async throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        let house = try house(MemoryPlace.small.configuration, on: disk)
        guard let account = house.rulebook.configuration.gateway.accounts.first,
            let sender = EnvelopeAddress("mia@glow.example"), let recipient = EnvelopeAddress("ben@glow.example")
        else { throw TestFailure("no account") }
        _ = try await house.submit(
            SubmittedMessage(
                envelope: Envelope(sender: sender, recipients: [EnvelopeRecipient(recipient)]),
                bytes: Array("From: mia@glow.example\r\nSubject: Lunch\r\n\r\nAt noon?\r\n".utf8),
                author: "mia",
                device: "Laptop",
                account: account,
                received: "from test by localhost; Sun, 22 Nov 2026 09:00:00 +0000"
            )
        )
        try house.store.writeNow { transaction in
            let row = try transaction.recipients(of: OutboundID(rawValue: 1), revision: 1)[0]
            try transaction.update(
                row,
                .waiting,
                reply: "450 4.2.0 later",
                attempts: 1,
                next: transaction.now.advanced(by: .seconds(60))
            )
            guard isDown else { return }
            var smarthost = SmarthostRow(host: "sink")
            smarthost.failures = 2
            smarthost.lastFailure = "connect: connection refused"
            smarthost.nextAttempt = transaction.now.advanced(by: .seconds(300))
            try transaction.saveSmarthost(smarthost)
        }
        house.store.close()
        return disk
    }

    private func row(_ disk: SimulatedDisk) throws -> OutboundRecipientRow? {
        let house = try house(MemoryPlace.small.configuration, on: disk)
        defer { house.store.close() }
        return try house.store.readNow { try $0.recipients(of: OutboundID(rawValue: 1), revision: 1).first }
    }

    @Test func listsWhatWaitsAndWhy() async throws {
        let heard = try await greenroom("queue", "list", disk: disk(isDown: true))
        #expect(heard.code == .success)
        #expect(
            heard.out == [
                "sink was not reached 2 times in a row, tried again at 2025-06-15T15:11:40Z: connect: connection refused",
                "A-1  released 0 seconds ago  Lunch",
                "    ben@glow.example  next attempt 2025-06-15T15:07:40Z, attempts: 1: 450 4.2.0 later",
            ]
        )
        let json = try await greenroom("queue", "list", "--json", disk: disk())
        #expect(json.out.count == 1)
        for part in [
            #""smarthost":{"host":"sink","failures":0"#, #""id":"A-1","author":"mia","subject":"Lunch""#,
            #""address":"ben@glow.example","state":"waiting","attempts":1"#, #""lastReply":"450 4.2.0 later""#,
        ] {
            #expect(json.out.first?.contains(part) == true, "\(part)")
        }
    }

    @Test("INV-6: holding, retrying and dropping stand in the ledger with who and why")
    func steers() async throws {
        let disk = try await disk()
        let held = try await greenroom("queue", "hold", "A-1", "--why", "wrong price", disk: disk)
        #expect(held.code == .success && held.out == ["A-1 is on hold"])
        #expect(try row(disk)?.progress == .parked)
        #expect(try await greenroom("queue", "list", disk: disk).out.last?.contains("on hold, attempts: 1") == true)
        #expect(try await greenroom("queue", "retry", disk: disk).code == .success)
        #expect(try row(disk)?.progress == .parked)
        #expect(try await greenroom("queue", "retry", "A-1", disk: disk).out == ["A-1 is tried now"])
        #expect(try row(disk)?.progress == .waiting)
        let dropped = try await greenroom("queue", "drop", "A-1", "--why", "the shop closed", disk: disk)
        #expect(dropped.out == ["A-1 is out of the queue; mia is told"])
        #expect(try row(disk)?.progress == .dropped)
        #expect(try await greenroom("queue", "list", disk: disk).out == ["nothing waits to leave"])
        let again = try await greenroom("queue", "drop", "A-1", "--why", "twice", disk: disk)
        #expect(again.code == .failure && again.err.last?.hasSuffix("A-1 is not in the queue: it is canceled") == true)
        let ledger = try await greenroom("ledger", "--about", "A-1", disk: disk)
        for words in [
            "operator/uid-1000  outbound.queue-held  A-1  wrong price",
            "operator/uid-1000  outbound.dropped  A-1  the shop closed",
        ] {
            #expect(ledger.out.contains { $0.hasSuffix(words) }, "\(ledger)")
        }
    }

    @Test func othersNeitherSeeNorSteer() async throws {
        let disk = try await disk()
        let house = try house(MemoryPlace.small.configuration, on: disk)
        defer { house.store.close() }
        let desk = ControlDesk(house: house, files: disk, user: 1000)
        for (user, isAllowed) in [(UInt32(1001), false), (4711, false), (0, true)] {
            let heard = Heard()
            let code = await desk.answer(["queue", "hold", "A-1", "--why", "x"], from: user, to: heard.console)
            #expect((code == .success) == isAllowed, "\(user): \(heard.err)")
            let list = Heard()
            _ = await desk.answer(["queue", "list"], from: user, to: list.console)
            #expect(list.out.contains { $0.hasPrefix("A-1 ") } == isAllowed)
            let all = Heard()
            #expect((await desk.answer(["queue", "retry"], from: user, to: all.console) == .success) == isAllowed)
        }
    }

    @Test(arguments: [
        ["queue"], ["queue", "drp", "A-1"], ["queue", "drop"], ["queue", "drop", "A-1"], ["queue", "hold", "A-1"],
        ["queue", "list", "A-1"], ["queue", "retry", "1"],
    ])
    func usage(words: [String]) async throws {
        let told = try await greenroom(words)
        #expect(told.code == .usage)
        #expect(told.out.isEmpty && !told.err.isEmpty)
    }
}

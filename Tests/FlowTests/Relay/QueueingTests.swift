import Base
import Ledger
import Message
import Outbound
import Policy
import Reactor
import Store
import TestSupport
import Testing

@testable import Flow

/// What an operator does to the queue.
@Suite("Relay: queue")
struct QueueingTests {
    private static let root = Actor.machine("root")

    @Test("On hold nothing is tried; retry goes on at once, and the ledger knows who and why (INV-6)")
    func hold() async throws {
        let house = try RelayHouse()
        let id = try await house.submit(to: "ben@glow.example")
        let held = try await house.queue { try $0.hold(id, by: Self.root, why: "wrong price") }
        #expect(held == .done("A-1 is on hold"))
        #expect(
            try await house.queue { try $0.hold(id, by: Self.root, why: "again") } == .refused("A-1 is on hold already")
        )
        try await house.live(for: .seconds(6 * 24 * 3600))
        #expect(house.peer.dials == 0)
        #expect(try house.state(id) == .queued)
        let retried = try await house.queue { try $0.retry(id, by: Self.root, why: "right after all") }
        #expect(retried == .done("A-1 is tried now"))
        try await house.run()
        #expect(try house.state(id) == .sent)
        let events = try house.flow.events().filter { $0.kind == .queueHeld || $0.kind == .queueRetried }
        #expect(events.map(\.actor) == [Self.root, Self.root])
        #expect(events.map { $0.fields["why"] } == ["wrong price", "right after all"])
    }

    @Test("Dropped: nobody gets it any more, and its author reads why")
    func drop() async throws {
        let house = try RelayHouse()
        let id = try await house.submit(to: "ben@glow.example")
        let outcome = try await house.queue { try $0.drop(id, by: Self.root, named: "root", why: "the shop closed") }
        #expect(outcome == .done("A-1 is out of the queue; mia is told"))
        #expect(try house.state(id) == .canceled)
        #expect(try house.rows(id).map(\.state) == ["dropped"])
        try await house.live(for: .seconds(3600))
        #expect(house.peer.dials == 0)
        let letter = try #require(try house.decided().first { $0.subject == "[A-1.1] Taken out of the queue: Lunch" })
        #expect(letter.text.contains("the shop closed") && letter.text.contains("It had not left."))
        let again = try await house.queue { try $0.drop(id, by: Self.root, named: "root", why: "x") }
        #expect(again == .refused("A-1 is not in the queue: it is canceled"))
        #expect(try await house.queue { try $0.retry(id, by: Self.root, why: "") } == again)
    }

    @Test("Who has it has it: a message that some got stays sent when the rest is dropped")
    func dropTheRest() async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT TO:<lea@", .say("450 4.2.0 later"))
        let id = try await house.submit(to: "ben@glow.example", "lea@glow.example")
        try await house.run()
        let outcome = try await house.queue { try $0.drop(id, by: Self.root, named: "root", why: "late") }
        #expect(outcome.text.contains("may have left"))
        #expect(try house.rows(id).map(\.state) == ["relayed", "dropped"])
        #expect(try house.state(id) == .sent)
    }

    @Test("Attempts are forgotten after a while, but not while somebody may still get the message")
    func attempts() async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT TO:<lea@", .say("450 4.2.0 later"))
        let id = try await house.submit(to: "ben@glow.example", "lea@glow.example")
        try await house.run()
        let store = house.flow.house.store
        let later = house.flow.clock.now.advanced(by: .seconds(1))
        #expect(try house.state(id) == .sent)
        #expect(try await store.trimAttempts(endedBefore: later) == 0)
        _ = try await house.queue { try $0.drop(id, by: Self.root, named: "root", why: "late") }
        #expect(try await store.trimAttempts(endedBefore: house.flow.clock.now) == 0)
        #expect(try await store.trimAttempts(endedBefore: later, slice: 1) == 1)
        #expect(try store.readNow { try $0.attempts(of: id) }.isEmpty)
    }

    @Test("What is being sent cannot be dropped; put on hold, it is not tried again")
    func whileItIsSent() async throws {
        let house = try RelayHouse()
        house.peer.answer(".", .silence)
        let id = try await house.submit(to: "ben@glow.example")
        let task = house.loop.spawn { try? await house.relay.sendDue(on: house.loop) }
        house.loop.settle()
        guard
            case .refused(let why) = try await house.queue({ try $0.drop(id, by: Self.root, named: "root", why: "x") })
        else {
            Issue.record("dropped")
            return
        }
        #expect(why.contains("is being sent just now"))
        #expect(try await house.queue { try $0.hold(id, by: Self.root, why: "x") }.text.contains("may leave once more"))
        house.loop.run(for: .seconds(700), house.flow.clock)
        _ = await task.value
        #expect(try house.rows(id).map(\.state) == ["parked"])
        try await house.live(for: .seconds(3600))
        #expect(house.peer.messages.count == 1)
    }

    @Test("Retry without a message forgets every pause but lets what is on hold be")
    func retryAll() async throws {
        let house = try RelayHouse()
        house.peer.setDown(true)
        let first = try await house.submit(to: "ben@glow.example")
        let second = try await house.submit(to: "lea@glow.example")
        _ = try await house.queue { try $0.hold(second, by: Self.root, why: "x") }
        try await house.run()
        house.peer.setDown(false)
        try await house.run()
        #expect(try house.state(first) == .queued)
        _ = try await house.queue { try $0.retryAll() }
        try await house.run()
        #expect(try house.state(first) == .sent)
        #expect(try house.state(second) == .queued)
    }

    @Test("Restored from a backup: what some had already goes to the others only when somebody says so (D25)")
    func restored() async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT TO:<lea@", .say("450 4.2.0 later"), .say("250 ok"))
        let id = try await house.submit(to: "ben@glow.example", "lea@glow.example")
        try await house.run()
        house.peer.forget()
        try house.flow.house.store.writeNow { transaction in
            try transaction.beginGeneration()
        }
        try await house.flow.house.tellRestore()
        try await house.live(for: .seconds(3600))
        #expect(house.peer.dials == 0)
        #expect(try house.rows(id).map(\.state) == ["relayed", "parked"])
        #expect(try house.kinds(id).last == .queueHeld)
        _ = try await house.queue { try $0.retry(id, by: Self.root, why: "asked her") }
        try await house.run()
        #expect(house.peer.commands("RCPT") == ["RCPT TO:<lea@glow.example>"])
    }

    @Test("Nothing of it lets out what was not released (INV-1)")
    func notReleased() async throws {
        let house = try RelayHouse()
        guard case .held = try await house.flow.submit(to: ["kofi@kofimakes.example"], number: 1, text: "Hello.") else {
            Issue.record("not held")
            return
        }
        let id = OutboundID(rawValue: 1)
        let answer = DecisionOutcome.refused("A-1 is not released yet; decide on it with greenroom approvals")
        #expect(try await house.queue { try $0.retry(id, by: Self.root, why: "") } == answer)
        #expect(try await house.queue { try $0.hold(id, by: Self.root, why: "") } == answer)
        #expect(try await house.queue { try $0.drop(id, by: Self.root, named: "root", why: "") } == answer)
        _ = try await house.queue { try $0.retryAll() }
        try await house.run()
        #expect(house.peer.dials == 0)
    }
}

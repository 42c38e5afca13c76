import Base
import Ledger
import Message
import Net
import Outbound
import Policy
import Reactor
import SMTPClient
import SMTPWire
import Store
import TestSupport
import Testing

@testable import Flow

/// Connections that break, servers that hang, stores that are damaged.
@Suite("Relay: failures")
struct RelayFailureTests {
    @Test("The smarthost hangs up before the final dot: sent again, once (INV-2)", arguments: ["MAIL", "RCPT", "DATA"])
    func hangUpBefore(_ command: String) async throws {
        let house = try RelayHouse()
        house.peer.answer(command, .hangUp, .say(command == "DATA" ? "354 go" : "250 ok"))
        let id = try await house.submit(to: "ben@glow.example")
        try await house.run()
        #expect(try house.progress(id) == ["waiting 1 60"])
        #expect(house.peer.messages.isEmpty)
        house.advance(.seconds(60))
        try await house.run()
        #expect(house.peer.messages.count == 1)
        #expect(try house.state(id) == .sent)
    }

    @Test("It hangs up at greeting or EHLO: nothing was tried, the smarthost rests", arguments: ["GREETING", "EHLO"])
    func hangUpAtOnce(_ command: String) async throws {
        let house = try RelayHouse()
        house.peer.answer(command, .hangUp)
        let id = try await house.submit(to: "ben@glow.example")
        try await house.run()
        #expect(try house.attempts(id).isEmpty)
        #expect(try house.smarthost()?.failures == 1)
    }

    @Test("It hangs up behind the final dot: nobody knows, so it is sent again with the same Message-ID (INV-2)")
    func hangUpBehind() async throws {
        let house = try RelayHouse()
        house.peer.answer(".", .hangUp, .say("250 2.0.0 taken"))
        let id = try await house.submit(to: "ben@glow.example")
        try await house.run()
        #expect(try house.progress(id) == ["waiting 1 60"])
        #expect(try house.kinds(id) == [.submitted])
        house.advance(.seconds(60))
        try await house.run()
        #expect(house.peer.messages.count == 2)
        #expect(Set(house.peer.messages).count == 1)
        #expect(house.peer.messages.first?.contains("Message-ID: <m0@glow.example>") == true)
        #expect(try house.kinds(id) == [.submitted, .relayed])
    }

    @Test(
        "A final dot answered with no is final: nothing is sent twice",
        arguments: [("451 4.3.0 later", false), ("554 5.7.1 no", true)]
    )
    func refusedEnd(_ reply: String, _ isPermanent: Bool) async throws {
        let house = try RelayHouse()
        house.peer.answer(".", .say(reply))
        let id = try await house.submit(to: "ben@glow.example")
        try await house.run()
        #expect(try house.state(id) == (isPermanent ? .bounced : .queued))
        #expect(house.peer.messages.count == 1)
    }

    @Test("A smarthost that hangs is left after its time, and others go before it is tried again")
    func silent() async throws {
        let house = try RelayHouse(limits: RelayLimits(connections: 2))
        house.peer.answer("MAIL", .silence, .say("250 ok"))
        let slow = try await house.submit(to: "ben@glow.example")
        let quick = try await house.submit(to: "lea@glow.example")
        try await house.run(taking: .seconds(301))
        #expect(try house.state(quick) == .sent)
        #expect(try house.rows(slow).map(\.state) == ["waiting"])
        #expect(try house.attempts(slow).map(\.outcome) == ["mail: timed out"])
    }

    @Test("What comes due while a session waits for an answer goes over another one")
    func arrivesMeanwhile() async throws {
        let house = try RelayHouse(limits: RelayLimits(connections: 2))
        house.peer.answer("MAIL", .silence, .say("250 ok"))
        let slow = try await house.submit(to: "ben@glow.example")
        let run = house.loop.spawn { try? await house.relay.sendDue(on: house.loop) }
        house.loop.run(for: .seconds(1), house.flow.clock)
        let quick = try await house.submit(to: "lea@glow.example")
        house.relay.lookAgain(on: house.loop)
        house.loop.run(for: .seconds(1), house.flow.clock)
        #expect(try house.state(quick) == .sent)
        #expect(try house.state(slow) == .queued)
        house.loop.run(for: .seconds(300), house.flow.clock)
        _ = await run.value
        #expect(try house.rows(slow).map(\.state) == ["waiting"])
    }

    @Test("A stop ends every session: none goes on with what is left, and nothing stays begun")
    func stops() async throws {
        let house = try RelayHouse(limits: RelayLimits(connections: 3))
        house.peer.answer("MAIL", .silence, .silence, .silence)
        let ids = [
            try await house.submit(to: "ben@glow.example"), try await house.submit(to: "lea@glow.example"),
            try await house.submit(to: "mia@glow.example"), try await house.submit(to: "ben@glow.example"),
        ]
        let run = house.loop.spawn { try? await house.relay.sendDue(on: house.loop) }
        house.loop.run(for: .seconds(1), house.flow.clock)
        #expect(house.peer.dials == 3)
        run.cancel()
        house.loop.run(for: .seconds(1), house.flow.clock)
        _ = await run.value
        #expect(house.peer.messages.isEmpty)
        #expect(try house.flow.house.store.readNow { try $0.openAttempts() }.isEmpty)
        for id in ids { #expect(try house.state(id) == .queued) }
    }

    @Test("A final dot that takes long is waited for: no other session sends the same meanwhile")
    func slowEnd() async throws {
        let house = try RelayHouse(limits: RelayLimits(connections: 3))
        house.peer.answer(".", .silence)
        let id = try await house.submit(to: "ben@glow.example")
        let other = house.loop.spawn { try? await house.relay.sendDue(on: house.loop) }
        house.loop.run(for: .seconds(120), house.flow.clock)
        // Its next attempt would be due by now.
        try await house.run()
        #expect(house.peer.messages.count == 1)
        #expect(try house.flow.house.store.readNow { try $0.isBeingSent(id) })
        house.loop.run(for: .seconds(600), house.flow.clock)
        _ = await other.value
        #expect(try house.attempts(id).count == 1)
        #expect(try house.rows(id).map(\.state) == ["waiting"])
    }

    @Test("A crash while it is sent: sent again after the time that was committed with the attempt, not before")
    func cutOff() async throws {
        let house = try RelayHouse()
        let id = try await house.submit(to: "ben@glow.example")
        // As a process leaves it that dies behind the final dot.
        try house.flow.house.store.writeNow { transaction in
            _ = try transaction.beginAttempt(of: id, revision: 1, host: RelayHouse.smarthost)
            for row in try transaction.recipients(of: id, revision: 1) {
                try transaction.update(
                    row,
                    .waiting,
                    reply: "",
                    attempts: 1,
                    next: transaction.now.advanced(by: BackOff.wait(after: 0))
                )
            }
        }
        house.advance(.seconds(10))
        try await house.relay.recover()
        try await house.run()
        #expect(house.peer.messages.isEmpty)
        #expect(try house.progress(id) == ["waiting 1 50"])
        #expect(try house.rows(id).map(\.lastReply).first?.contains("it may have left already") == true)
        #expect(try house.flow.house.store.readNow { try $0.openAttempts() }.isEmpty)
        house.advance(.seconds(50))
        try await house.run()
        #expect(try house.state(id) == .sent)
        #expect(house.peer.messages.count == 1)
    }

    @Test("Damaged bytes stop their message alone: nothing of it leaves, author and operator hear of it (D16)")
    func damaged() async throws {
        let house = try RelayHouse()
        let long = String(repeating: "All of it is here.\r\n", count: Limits.bodyInDatabase / 20 + 1)
        let bad = try await house.submit(to: "ben@glow.example", subject: "Long", text: long)
        let good = try await house.submit(to: "lea@glow.example")
        let hash = try house.flow.house.store.readNow { try $0.revision(1, of: bad)?.transmit }
        let name = Hexadecimal.encode(try #require(hash))
        let path = try #require(house.flow.disk.paths.first { $0.hasSuffix(name) })
        house.flow.disk.damage(path, at: 5000)
        try await house.run()
        #expect(house.peer.messages.count == 1)
        #expect(try house.state(good) == .sent)
        #expect(try house.state(bad) == .queued)
        #expect(try house.rows(bad).map(\.state) == ["parked"])
        #expect(try house.kinds(bad) == [.submitted, .queueHeld])
        #expect(try house.decided().contains { $0.subject == "[A-1.1] Put on hold: Long" })
        try await house.live(for: .seconds(3600))
        #expect(house.peer.messages.count == 1)
    }

    @Test("INV-1: bytes other than the released ones never get a final dot, and stay here")
    func otherBytes() async throws {
        let house = try RelayHouse()
        let id = try await house.submit(to: "ben@glow.example")
        try house.flow.house.store.writeNow { transaction in
            guard var row = try transaction.outbound(id) else { throw TestFailure("no row") }
            row.releaseHash[0] ^= 1
            #expect(try transaction.updateOutbound(row, expectedVersion: row.version))
        }
        try await house.run()
        #expect(house.peer.messages.isEmpty)
        #expect(try house.rows(id).map(\.state) == ["parked"])
        #expect(try house.state(id) == .queued)
    }

    @Test("What was cancelled before an attempt is not sent, and holds nobody up (INV-1)")
    func cancelled() async throws {
        let house = try RelayHouse()
        let id = try await house.submit(to: "ben@glow.example")
        let other = try await house.submit(to: "lea@glow.example")
        try house.flow.house.store.writeNow { transaction in
            #expect(try !transaction.hasAttempt(of: id))
            try transaction.record(
                Event(
                    .canceled,
                    .outbound(id),
                    by: .gateway,
                    at: transaction.now,
                    policyVersion: "",
                    fields: [OutboundFold.Field.state: OutboundState.canceled.rawValue]
                )
            )
        }
        try await house.run()
        #expect(house.peer.messages.count == 1)
        #expect(try house.rows(id).map(\.state) == ["held"])
        #expect(try house.state(other) == .sent)
        #expect(try house.flow.house.store.readNow { try $0.hasAttempt(of: other) })
    }

    @Test("A token that has ended is fetched anew, once", arguments: [1, 2])
    func token(_ refusals: Int) async throws {
        let house = try RelayHouse(token: true)
        house.peer.offer(["AUTH XOAUTH2"])
        let no = ScriptedPeer.Answer.say("535 5.7.8 expired")
        if refusals == 1 {
            house.peer.answer("AUTH", no, .say("235 2.7.0 in"))
        } else {
            house.peer.answer("AUTH", no)
        }
        let id = try await house.submit(to: "ben@glow.example")
        try await house.run()
        let tokens = house.peer.commands("AUTH").compactMap { line -> String? in
            let bytes = line.split(separator: " ").last.flatMap { Base64.decode($0.utf8) }
            return bytes.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(tokens.count == 2)
        #expect(tokens.first?.contains("Bearer token-1") == true && tokens.last?.contains("Bearer token-2") == true)
        #expect(try house.state(id) == (refusals == 1 ? .sent : .queued))
        #expect(try house.smarthost()?.failures == (refusals == 1 ? 0 : 1))
    }

    @Test("Without the TLS that is asked for nothing is said to the smarthost")
    func noTLS() async throws {
        let house = try RelayHouse(security: .startTLS)
        let id = try await house.submit(to: "ben@glow.example")
        try await house.run()
        #expect(house.peer.commands("MAIL").isEmpty)
        #expect(try house.smarthost()?.lastFailure.contains("no TLS") == true)
        #expect(try house.state(id) == .queued)
    }

    @Test("An idle session that the server ended is no answer to the next message")
    func endedSession() async throws {
        let house = try RelayHouse()
        house.peer.answer(".", .say("250 2.0.0 taken\n421 4.4.2 bye"), .say("250 2.0.0 taken"))
        let ids = [try await house.submit(to: "ben@glow.example"), try await house.submit(to: "lea@glow.example")]
        try await house.run()
        #expect(house.peer.dials == 2)
        for id in ids { #expect(try house.progress(id) == ["relayed 1"]) }
    }
}

/// What the provider allows.
@Suite("Relay: limits")
struct RelayLimitTests {
    @Test("One session carries what is due; several where they are allowed and there is work", arguments: [1, 3])
    func connections(_ allowed: Int) async throws {
        let house = try RelayHouse(limits: RelayLimits(connections: allowed))
        for _ in 0..<12 { try await house.submit(to: "ben@glow.example") }
        try await house.run()
        #expect(house.peer.messages.count == 12)
        #expect(Set(house.peer.messages).count == 12)
        #expect(house.peer.mostOpen == allowed)
        #expect(house.peer.dials == allowed)
    }

    @Test("No more messages in any minute than are allowed, also over a restart")
    func rate() async throws {
        let house = try RelayHouse(limits: RelayLimits(connections: 2, messagesPerMinute: 5))
        for _ in 0..<12 { try await house.submit(to: "ben@glow.example") }
        let next = try #require(try await house.run())
        #expect(house.peer.messages.count == 5)
        #expect(next.duration(since: house.flow.clock.now) == .seconds(60))
        house.advance(.seconds(59))
        try await house.run()
        #expect(house.peer.messages.count == 5)
        house.advance(.seconds(1))
        try await house.run()
        #expect(house.peer.messages.count == 10)
        house.advance(.seconds(60))
        try await house.run()
        #expect(house.peer.messages.count == 12)
    }

    @Test("A session stays open a little for the next message")
    func lingering() async throws {
        let house = try RelayHouse()
        try await house.submit(to: "ben@glow.example")
        let more = Once()
        let task = house.loop.spawn {
            try? await house.relay.sendDue(on: house.loop) {
                guard more.take() else { return false }
                _ = try? await house.submit(to: "lea@glow.example")
                return true
            }
        }
        house.loop.settle()
        _ = await task.value
        #expect(house.peer.messages.count == 2)
        #expect(house.peer.dials == 1)
    }

    @Test("What the smarthost offers is remembered by the store (INV-1: refused while it can be mended)")
    func remembered() async throws {
        let house = try RelayHouse()
        house.peer.offer(["SIZE 2000", "DSN"])
        try await house.submit(to: "ben@glow.example")
        try await house.run()
        let recalled = KnownSmarthost()
        try house.flow.house.store.readNow { try recalled.recall(RelayHouse.smarthost, from: $0) }
        #expect(recalled.capabilities == house.flow.house.carried)
        #expect(recalled.capabilities?.maximumSize == 2000)
        for (text, obstacle) in [
            ("Grüße", TransportObstacle.missingExtension("8BITMIME")),
            (String(repeating: "long\r\n", count: 500), .tooLarge(limit: 2000)),
        ] {
            do {
                try await house.submit(to: "ben@glow.example", text: text)
                Issue.record("\(text) was taken")
            } catch HouseError.uncarried(let found) {
                #expect(found == obstacle)
            }
        }
        house.peer.offer(["8BITMIME"])
        try await house.submit(to: "ben@glow.example")
        try await house.run()
        try await house.submit(to: "ben@glow.example", text: "Grüße")
        try await house.run()
        #expect(house.peer.commands("MAIL").last?.contains(" BODY=8BITMIME") == true)
    }
}

import Base
import Ledger
import Message
import Net
import Outbound
import Policy
import SMTPClient
import SMTPWire
import Store
import TestSupport
import Testing

@testable import Flow

/// What a smarthost answers, and what becomes of the message and its recipients.
@Suite("Relay: answers")
struct RelayAnswerTests {
    @Test("Some get it, some later, some never: each has its own state, and the author hears of the last")
    func partialDelivery() async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT TO:<ben@", .say("450 4.2.0 greylisted"), .say("250 2.1.5 now"))
        house.peer.answer("RCPT TO:<lea@", .say("550 5.1.1 no such user"))
        let id = try await house.submit(to: "mia@glow.example", "ben@glow.example", "lea@glow.example")
        try await house.run()
        #expect(try house.progress(id) == ["relayed 1", "waiting 1 60", "failed 1"])
        #expect(try house.state(id) == .sent)
        let reports = try house.reports()
        #expect(reports.map(\.subject) == ["Not delivered: Lunch"])
        let failed = try #require(reports.first?.report?.recipients.first)
        #expect(failed.address == "lea@glow.example" && failed.action == .failed && failed.status == "5.1.1")
        #expect(failed.diagnostic == "550 5.1.1 no such user")
        house.advance(.seconds(59))
        house.peer.forget()
        try await house.run()
        #expect(house.peer.dials == 0)
        house.advance(.seconds(1))
        try await house.run()
        #expect(house.peer.commands("RCPT") == ["RCPT TO:<ben@glow.example>"])
        #expect(try house.progress(id) == ["relayed 1", "relayed 2", "failed 1"])
        #expect(try house.kinds(id) == [.submitted, .relayed, .bounced, .relayed])
        #expect(try house.reports().count == 1)
        #expect(try house.attempts(id).map { $0.endedAt == nil } == [false, false])
    }

    @Test("Back-off: 1 m, 5 m, 15 m, 30 m, 1 h, 2 h, then every 4 h")
    func backOff() async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT", .say("450 4.2.0 later"))
        let id = try await house.submit(to: "ben@glow.example")
        var waits: [Int64] = []
        for _ in 0..<9 {
            try await house.run()
            let next = try #require(try house.rows(id).first?.nextAttempt)
            waits.append(next.duration(since: house.flow.clock.now).components.seconds / 60)
            house.advance(next.duration(since: house.flow.clock.now))
        }
        #expect(waits == [1, 5, 15, 30, 60, 120, 240, 240, 240])
    }

    @Test("Never taken: told once after four hours, given up after five days from the release (RFC 3464)")
    func givenUp() async throws {
        let house = try RelayHouse()
        house.peer.answer("MAIL", .say("451 4.3.0 not now"))
        let id = try await house.submit(to: "ben@glow.example")
        try await house.live(for: .seconds(4 * 3600 - 60))
        #expect(try house.reports().isEmpty)
        try await house.live(for: .seconds(120))
        let delayed = try #require(try house.reports().first)
        #expect(delayed.subject == "Delayed: Lunch")
        #expect(delayed.report?.recipients.map(\.action) == [.delayed])
        #expect(delayed.text.contains("451 4.3.0 not now") && delayed.text.contains("Will-Retry-Until: "))
        try await house.live(for: .seconds(5 * 24 * 3600))
        #expect(try house.progress(id).first?.hasPrefix("failed ") == true)
        #expect(try house.state(id) == .bounced)
        let reports = try house.reports()
        #expect(reports.map(\.subject) == ["Delayed: Lunch", "Not delivered: Lunch"])
        #expect(reports.last?.report?.recipients.map(\.status) == ["5.4.7"])
        #expect(try house.kinds(id) == [.submitted, .delayed, .bounced])
        house.peer.forget()
        try await house.live(for: .seconds(24 * 3600))
        #expect(house.peer.dials == 0)
    }

    @Test("A smarthost that is down costs no message an attempt; it is tried at growing distances, then all leave")
    func down() async throws {
        let house = try RelayHouse()
        house.peer.setDown(true)
        let first = try await house.submit(to: "ben@glow.example")
        let second = try await house.submit(to: "lea@glow.example")
        var waits: [Int64] = []
        for count in 0..<7 {
            let next = try #require(try await house.run())
            waits.append(next.duration(since: house.flow.clock.now).components.seconds / 60)
            if count < 6 { house.advance(next.duration(since: house.flow.clock.now)) }
        }
        #expect(waits == [1, 5, 15, 30, 60, 120, 240])
        #expect(house.peer.dials == 7)
        for id in [first, second] {
            #expect(try house.rows(id).map(\.attempts) == [0])
            #expect(try house.attempts(id).isEmpty)
        }
        // New mail is no reason to bother it before its time.
        house.peer.forget()
        try await house.submit(to: "mia@glow.example")
        try await house.run()
        #expect(house.peer.dials == 0)
        house.peer.setDown(false)
        house.advance(.seconds(4 * 3600))
        try await house.run()
        #expect(house.peer.messages.count == 3)
        #expect(house.peer.dials == 1)
        #expect(try house.smarthost()?.failures == 0)
    }

    @Test("While the smarthost is down authors hear of delays and of the end, message by message")
    func downForDays() async throws {
        let house = try RelayHouse()
        house.peer.setDown(true)
        let ids = [try await house.submit(to: "ben@glow.example"), try await house.submit(to: "lea@glow.example")]
        try await house.live(for: .seconds(4 * 3600 + 60))
        #expect(try house.reports().map(\.subject) == ["Delayed: Lunch", "Delayed: Lunch"])
        try await house.live(for: .seconds(5 * 24 * 3600))
        for id in ids { #expect(try house.state(id) == .bounced) }
        #expect(try house.reports().count == 4)
    }

    @Test("What was never tried, since we were away, is tried before it is given up")
    func away() async throws {
        let house = try RelayHouse()
        let id = try await house.submit(to: "ben@glow.example")
        house.advance(.seconds(6 * 24 * 3600))
        try await house.relay.lookForLate()
        #expect(try house.state(id) == .queued)
        try await house.run()
        #expect(try house.state(id) == .sent)
        #expect(try house.reports().isEmpty)
    }

    @Test("More recipients than the server takes at once: the rest follows in the next transaction (RFC 9422)")
    func recipientLimit() async throws {
        let house = try RelayHouse()
        house.peer.offer(["PIPELINING", "LIMITS RCPTMAX=2"])
        let people = ["mia", "ben", "lea"].map { "\($0)@glow.example" }
        try await house.submit(to: people[0])
        try await house.run()
        house.peer.forget()
        let id = try await house.submit(people.map { ($0, "") })
        try await house.run()
        #expect(house.peer.messages.count == 2)
        #expect(house.peer.commands("RCPT").count == 3)
        #expect(try house.rows(id).map(\.state) == ["relayed", "relayed", "relayed"])
    }

    @Test("452 for one too many: tried at once again, not a minute later (RFC 5321 §4.5.3.1.10)")
    func tooManyRecipients() async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT TO:<lea@", .say("452 4.5.3 too many"), .say("250 ok"))
        let id = try await house.submit(to: "ben@glow.example", "lea@glow.example")
        try await house.run()
        #expect(try house.rows(id).map(\.state) == ["relayed", "relayed"])
        #expect(house.peer.messages.count == 2)
    }

    @Test("INV-1: what leaves is the transmit form that was released, stuffed and nothing else")
    func wire() async throws {
        let house = try RelayHouse()
        let id = try await house.submit(
            [("ben@glow.example", "")],
            text: ".hidden\r\n..two\r\n. \r\nlast",
            fields: ["Bcc: lea@glow.example", "Greenroom-Stage: accepted"]
        )
        try await house.run()
        let sent = try #require(house.peer.messages.first)
        #expect(sent.hasSuffix("\r\n\r\n..hidden\r\n...two\r\n.. \r\nlast\r\n"))
        let form = try house.flow.house.store.readNow { transaction in
            try transaction.revision(1, of: id).map { try transaction.bytes(ofBody: $0.transmit) }
        }
        let lines = sent.components(separatedBy: "\r\n").map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 }
        #expect(form.map { String(decoding: $0, as: UTF8.self) } == lines.joined(separator: "\r\n"))
        #expect(!sent.contains("Bcc") && !sent.contains("Greenroom-"))
    }
}

extension String {
    /// The pieces between a separator.
    fileprivate func components(separatedBy separator: String) -> [String] {
        var result: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            result.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return result + [String(rest)]
    }
}

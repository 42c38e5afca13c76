import Base
import Campaigns
import Config
import Ledger
import Policy
import Store
import TestSupport
import Testing
import Views

@testable import Flow

/// Who is told when: never a flood (DESIGN §1).
@Suite("When notices come")
struct NoticeTimesTests {
    @Test("The author hears nothing for two minutes, then once; the letter goes with the decision")
    func author() async throws {
        let flow = try FlowHouse()
        let id = try await flow.write()
        try await flow.pass(.seconds(119))
        #expect(try flow.letters(of: "mia").isEmpty)
        try await flow.pass(.seconds(1))
        let letter = try #require(try flow.letters(of: "mia").first)
        #expect(letter.subject == "[\(id).1] Waits: Mail")
        #expect(letter.text.contains("1 of managers") && letter.text.contains("withdraw"), "\(letter.text)")
        try await flow.pass(.seconds(3600))
        #expect(try flow.letters(of: "mia").count == 1)
        try flow.approve(id)
        try await flow.pass(flow.undoTime)
        #expect(try flow.letters(of: "mia").isEmpty)
    }

    @Test("What is decided within two minutes tells its author nothing")
    func decidedSoon() async throws {
        let flow = try FlowHouse()
        let id = try await flow.write()
        try await flow.pass(.seconds(60))
        try flow.approve(id)
        try await flow.pass(.seconds(600))
        #expect(try flow.state(id) == .queued)
        #expect(try flow.letters(of: "mia").isEmpty && flow.letters(.decided, of: "mia").isEmpty)
    }

    @Test("Mail that waits for a time only tells its author until when")
    func delayed() async throws {
        let flow = try FlowHouse()
        try await flow.permitAfter(.seconds(3600))
        let id = try await flow.write()
        let until = try #require(try flow.record(id)?.effectiveAt)
        try await flow.pass(.seconds(120))
        let letter = try #require(try flow.letters(of: "mia").first)
        #expect(letter.text.contains("It leaves at \(CivilTime(until).iso8601)."), "\(letter.text)")
        try await flow.pass(.seconds(3600))
        #expect(try flow.leaving() == [id])
        #expect(try flow.letters(of: "mia").isEmpty)
    }

    @Test("From the fourth open message on an approver has one digest, replaced and never added")
    func digest() async throws {
        let flow = try FlowHouse()
        var ids: [OutboundID] = []
        for _ in 0..<5 { ids.append(try await flow.write()) }
        #expect(try flow.letters(of: "ben").count == 3)
        try await flow.pass(Notices.digestPause)
        var letters = try flow.letters(of: "ben")
        #expect(letters.count == 4)
        #expect(letters.last?.subject == "2 more messages wait for you" && letters.last?.isSeen == false)
        #expect(letters.last?.text.contains("[\(ids[4]).1]") == true)

        // More in it: the digest is new. Less in it: it was read.
        ids.append(try await flow.write())
        try await flow.pass(Notices.digestPause)
        letters = try flow.letters(of: "ben")
        #expect(letters.count == 4 && letters.last?.subject == "3 more messages wait for you")
        try flow.approve(ids[4])
        try await flow.pass(Notices.digestPause)
        letters = try flow.letters(of: "ben")
        #expect(letters.count == 4 && letters.last?.subject == "2 more messages wait for you")
        #expect(letters.last?.isSeen == true)

        // A letter that goes brings none of the digest's messages back as a letter.
        try flow.approve(ids[0])
        try await flow.pass(Notices.digestPause)
        #expect(try flow.letters(of: "ben").count == 3)
        // New mail has a letter of its own again, and the digest stays as it is.
        try await flow.write()
        #expect(try flow.letters(of: "ben").count == 4)
        for id in ids[1...] { try flow.approve(id) }
        try await flow.pass(Notices.digestPause)
        #expect(try flow.letters(of: "ben").count == 1)
    }

    @Test("A hundred messages at once make three letters and one digest")
    func flood() async throws {
        let flow = try FlowHouse()
        for _ in 0..<100 { try await flow.write() }
        try await flow.pass(Notices.digestPause)
        let letters = try flow.letters(of: "ben")
        #expect(letters.count == 4)
        #expect(letters.last?.subject == "97 more messages wait for you")
        #expect(letters.last?.text.contains("and 47 more.") == true)
    }

    @Test("A decision that is taken back asks again, by letter or in the digest")
    func takenBack() async throws {
        let flow = try FlowHouse()
        var ids: [OutboundID] = []
        for _ in 0..<4 { ids.append(try await flow.write()) }
        let ben = flow.acting("ben")
        for id in [ids[0], ids[3]] {
            try flow.approve(id)
            _ = try flow.decide { try $0.takeBack(id, by: ben) }
        }
        try await flow.pass(Notices.digestPause)
        let letters = try flow.letters(of: "ben")
        #expect(letters.count == 4)
        #expect(letters.filter { $0.subject.hasPrefix("[\(ids[0]).1]") }.count == 1)
        #expect(letters.last?.text.contains("[\(ids[3]).1]") == true)
    }

    // MARK: Restarts

    @Test("After a power cut everything that is due is found again, and nothing that is not")
    func restart() async throws {
        let flow = try FlowHouse()
        let approved = try await flow.write()
        let held = try await flow.write(to: [FlowHouse.kofi])
        for _ in 0..<3 { try await flow.write() }
        try flow.approve(approved)
        let due = try #require(try await flow.house.nextDue())
        let again = try FlowHouse(on: flow.disk.afterPowerCut(), flow.clock, flow.house.rulebook.configuration)
        #expect(try await again.house.nextDue() == due)
        try await again.pass(again.undoTime)
        #expect(try again.leaving() == [approved])
        try await again.pass(.seconds(120))
        #expect(try again.letters(of: "mia").contains { $0.subject.hasPrefix("[\(held).1] Waits") })
        #expect(try again.letters(of: "ben").last?.subject == "2 more messages wait for you")
    }
}

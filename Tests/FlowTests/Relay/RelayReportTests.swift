import Base
import Ledger
import Message
import Outbound
import Policy
import SMTPWire
import Store
import TestSupport
import Testing

@testable import Flow

/// What authors hear of their mail, as they asked (RFC 3461, RFC 3464).
@Suite("Relay: reports")
struct RelayReportTests {
    @Test("RET, ENVID, NOTIFY and ORCPT go to a smarthost that knows them, and none of our reports of success")
    func passed() async throws {
        let house = try RelayHouse()
        let id = try await house.submit(
            [("ben@glow.example", " NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Ben+2Bx@glow.example")],
            parameters: " RET=HDRS ENVID=Q+2B1"
        )
        try await house.run()
        #expect(house.peer.commands("MAIL").first?.hasSuffix(" RET=HDRS ENVID=Q+2B1") == true)
        let rcpt = "RCPT TO:<ben@glow.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Ben+2Bx@glow.example"
        #expect(house.peer.commands("RCPT") == [rcpt])
        #expect(try house.state(id) == .sent)
        #expect(try house.reports().isEmpty)
    }

    @Test("Where the smarthost knows no DSN, a success that was asked for is reported as relayed")
    func relayed() async throws {
        let house = try RelayHouse()
        house.peer.offer(["PIPELINING"])
        try await house.submit(
            [("ben@glow.example", " NOTIFY=SUCCESS ORCPT=rfc822;Ben+2Bx@glow.example"), ("lea@glow.example", "")],
            parameters: " ENVID=Q+2B1"
        )
        try await house.run()
        #expect(house.peer.commands("RCPT") == ["RCPT TO:<ben@glow.example>", "RCPT TO:<lea@glow.example>"])
        let report = try #require(try house.reports().first)
        #expect(try house.reports().count == 1)
        #expect(report.subject == "Handed on: Lunch")
        #expect(report.report?.recipients.map(\.action) == [.relayed])
        #expect(report.report?.recipients.map(\.original) == ["Ben+x@glow.example"])
        #expect(report.text.contains("\r\nOriginal-Envelope-Id: Q+1\r\n"))
        #expect(report.text.hasPrefix("Return-Path: <>\r\n"))
        #expect(report.text.contains("\r\nRemote-MTA: dns; smtp.example:587\r\n"))
        #expect(report.header.text("To") == "hello@glow.example")
    }

    @Test("Who wants to hear nothing hears nothing", arguments: ["NEVER", "SUCCESS", "DELAY"])
    func spared(_ notify: String) async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT", .say("550 5.1.1 no such user"))
        let id = try await house.submit([("ben@glow.example", " NOTIFY=\(notify)")])
        try await house.run()
        #expect(try house.state(id) == .bounced)
        #expect(try house.reports().isEmpty)
    }

    @Test("No delay is told to who did not ask for it")
    func noDelay() async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT", .say("450 4.2.0 later"))
        try await house.submit([("ben@glow.example", " NOTIFY=FAILURE")])
        try await house.live(for: .seconds(5 * 3600))
        #expect(try house.reports().isEmpty)
    }

    @Test(
        "RET=FULL returns the text, else the header is enough",
        arguments: [("FULL", true), ("HDRS", false), ("", false)]
    )
    func returned(_ ret: String, _ isWhole: Bool) async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT", .say("550 5.1.1 no such user"))
        try await house.submit([("ben@glow.example", "")], parameters: ret.isEmpty ? "" : " RET=\(ret)")
        try await house.run()
        let report = try #require(try house.reports().first)
        #expect(report.text.contains("At noon?") == isWhole)
        #expect(report.text.contains("Message-ID: <m0@glow.example>"))
        #expect(report.report?.originalMessageID == "m0@glow.example")
    }

    @Test("A failed blind copy is told to the author alone, not in an INBOX that others read")
    func blindCopy() async throws {
        let house = try RelayHouse()
        house.peer.answer("RCPT", .say("550 5.1.1 no such user"))
        // The To field names ben, lea and mia; kofi would be held, so another colleague is the hidden one.
        try await house.submit([("ben@glow.example", ""), ("hello@glow.example", "")])
        try await house.run()
        #expect(try house.reports().map { $0.report?.recipients.map(\.address) } == [["ben@glow.example"]])
        let letters = try house.decided().filter { $0.report != nil }
        #expect(letters.map { $0.report?.recipients.map(\.address) } == [["hello@glow.example"]])
    }

    @Test("What the smarthost cannot carry after all comes back with what is missing")
    func uncarried() async throws {
        let house = try RelayHouse()
        house.peer.offer(["SIZE 100"])
        let id = try await house.submit(to: "ben@glow.example")
        try await house.run()
        #expect(try house.state(id) == .bounced)
        #expect(try house.reports().first?.report?.recipients.map(\.status) == ["5.3.4"])
        #expect(house.peer.commands("MAIL").isEmpty)
    }
}

import Base
import Campaigns
import IMAPWire
import Ledger
import Outbound
import Policy
import Store
import TestSupport
import Testing
import Views

@testable import Flow

/// What moves, copies and copies brought back do to waiting mail (DESIGN §4).
@Suite("Filing")
struct FilingTests {
    private static let id = OutboundID(rawValue: 1)

    private static func hold(_ flow: FlowHouse) async throws {
        _ = try await flow.submit(to: ["kofi@kofimakes.example"], number: 1, text: "Hello.")
    }

    @Test("Outlook's move: COPY into Approve, then \\Deleted and EXPUNGE within ten minutes deletes nothing")
    func copyThenDelete() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let uid = try flow.only(.waiting, of: "ben")
        try flow.file("ben") { try $0.copy([uid], from: $1(.waiting), to: $1(.approve)) }
        #expect(try flow.record(Self.id)?.state == .approved)
        // A client that has not seen it go deletes what it thinks is there.
        try flow.file("ben") { filing, view in
            try filing.expunge([uid], from: view(.waiting))
            return []
        }
        #expect(try flow.record(Self.id)?.state == .approved)
        #expect(try flow.places(Self.id, of: "ben") == ["approvals/approve"])
    }

    @Test("A refused copy and its deletion withdraw nothing within ten minutes; later it is a plain deletion")
    func refusedCopyThenDelete() async throws {
        for (pause, state) in [(Duration.seconds(9 * 60), OutboundState.held), (.seconds(11 * 60), .withdrawn)] {
            let flow = try FlowHouse()
            try await Self.hold(flow)
            let uid = try flow.only(.waiting, of: "mia")
            let results = try flow.file("mia") { try $0.copy([uid], from: $1(.waiting), to: $1(.approve)) }
            #expect(results.first?.note?.contains("own mail") == true)
            flow.clock.advance(by: pause)
            try flow.file("mia") { filing, view in
                try filing.expunge([uid], from: view(.waiting))
                return []
            }
            #expect(try flow.record(Self.id)?.state == state)
        }
    }

    @Test("A refused move comes back under a new UID, with a letter that says why, once in a while")
    func refusedMove() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        var uids: [UID] = []
        for _ in 0..<3 {
            let uid = try flow.only(.waiting, of: "mia")
            uids.append(uid)
            try flow.file("mia") { try $0.move([uid], from: $1(.waiting), to: $1(.approve)) }
        }
        #expect(Set(uids).count == 3)
        let letters = try flow.house.store.readNow { try $0.notices(of: Self.id) }
            .filter { $0.kind == NoticeKind.refusal.rawValue }
        #expect(letters.map(\.member) == ["mia"])
        let letter = try #require(letters.first)
        #expect(try flow.text(letter).contains("nobody decides on their own mail"))
        #expect(try flow.places(letter) == ["approvals/waiting"])
        let mia = flow.acting("mia")
        _ = try flow.decide { try $0.withdraw(Self.id, by: mia) }
        #expect(try flow.places(letter).isEmpty)
    }

    @Test("Moved to Team/<member> it is theirs to look at, and comes back to Waiting for everybody (C40)")
    func claim() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let uid = try flow.only(.waiting, of: "mia")
        try flow.file("mia") { try $0.move([uid], from: $1(.waiting), to: $1(.team("ben"))) }
        #expect(try flow.record(Self.id)?.assignee == "ben")
        #expect(try flow.only(.waiting, of: "mia") > uid)
        let work = try flow.only(.team("ben"), of: "ben")
        // Put away from the work list, it waits all the same.
        try flow.file("ben") { filing, view in
            try filing.expunge([work], from: view(.team("ben")))
            return []
        }
        #expect(try flow.record(Self.id)?.state == .held)
        #expect(try flow.places(Self.id, of: "ben") == ["approvals/waiting"])
        // And from there it is approved.
        try flow.file("mia") { filing, view in
            try filing.move([try flow.only(.waiting, of: "mia", filing)], from: view(.waiting), to: view(.team("mia")))
        }
        let waiting = try flow.only(.waiting, of: "ben")
        try flow.file("ben") { try $0.move([waiting], from: $1(.waiting), to: $1(.approve)) }
        #expect(try flow.record(Self.id)?.state == .approved)
    }

    @Test("Withdrawn into Drafts, the text is a draft like any other: it can be moved and deleted")
    func withdrawnDraft() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let account = try flow.account()
        let uid = try flow.only(.waiting, of: "mia")
        let filed = try flow.file("mia") { filing, view in
            let drafts = try filing.transaction.ensureFolder(.drafts, of: account)
            return try filing.move([uid], from: view(.waiting), to: drafts)
        }
        let draft = try #require(filed.first?.target)
        let moved = try flow.file("mia") { filing, _ in
            let drafts = try filing.transaction.ensureFolder(.drafts, of: account)
            let trash = try filing.transaction.ensureFolder(.trash, of: account)
            return try filing.move([draft], from: drafts, to: trash)
        }
        #expect(moved.first?.target != nil)
        #expect(try flow.record(Self.id)?.state == .withdrawn)
    }

    // MARK: FETCH and APPEND

    /// What a client fetches of the message that a member sees waiting.
    private static func shown(_ flow: FlowHouse) throws -> [UInt8] {
        try flow.house.store.readNow { transaction in
            guard let message = try transaction.outbound(Self.id)?.message,
                let edition = try transaction.editions(of: message).last,
                let row = try transaction.message(message)
            else { throw TestFailure("nothing shown") }
            return edition.block + (try transaction.bytes(ofBody: row.body))
        }
    }

    private static func act(_ flow: FlowHouse, _ bytes: [UInt8], as member: String, into view: View) throws
        -> DecisionOutcome?
    {
        guard let copy = flow.house.sealedCopy(bytes) else { return nil }
        let rulebook = flow.house.rulebook
        let acting = flow.acting(member)
        return try flow.house.store.writeNow { transaction in
            let waiting = try transaction.ensureView(.waiting, member: acting.id, rulebook)
            let target = try transaction.ensureView(view, member: acting.id, rulebook)
            return try Filing(rulebook: rulebook, transaction: transaction, member: acting)
                .act(on: copy, into: target, visible: [waiting.id])
        }
    }

    @Test("FETCH and APPEND into Approve is the approval, and the deletion that follows deletes nothing")
    func appended() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let uid = try flow.only(.waiting, of: "ben")
        guard case .done? = try Self.act(flow, try Self.shown(flow), as: "ben", into: .approve) else {
            throw TestFailure("refused")
        }
        #expect(try flow.record(Self.id)?.state == .approved)
        try flow.file("ben") { filing, view in
            try filing.expunge([uid], from: view(.waiting))
            return []
        }
        #expect(try flow.record(Self.id)?.state == .approved)
    }

    @Test("An appended copy acts only with our seal on exactly these bytes, for who sees it and may (INV-1)")
    func appendedForged() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let shown = try Self.shown(flow)
        for index in stride(from: 0, to: shown.count, by: 7) {
            var forged = shown
            forged[index] ^= 1
            #expect(flow.house.sealedCopy(forged) == nil)
        }
        #expect(flow.house.sealedCopy(Array(shown.dropFirst())) == nil)
        #expect(flow.house.sealedCopy(shown + [10]) == nil)
        #expect(flow.house.sealedCopy(Array("Greenroom-Seal: eA==\r\n".utf8) + shown) == nil)
        // Lea sees it nowhere; Mia does, and may not.
        for member in ["lea", "mia"] {
            guard case .refused? = try Self.act(flow, shown, as: member, into: .approve) else {
                throw TestFailure("\(member) decided")
            }
        }
        #expect(try flow.record(Self.id)?.state == .held)
    }

    @Test("A copy of a version that was replaced acts on nothing")
    func appendedOldVersion() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let shown = try Self.shown(flow)
        let lines = [
            "From: Mia <hello@glow.example>", "To: kofi@kofimakes.example", "Subject: [A-1.1] Mail 1",
            "Message-ID: <two@glow.example>", "", "Two.", "",
        ]
        _ = try await flow.hand(in: lines, as: "mia", to: ["kofi@kofimakes.example"])
        guard case .refused? = try Self.act(flow, shown, as: "ben", into: .approve) else { throw TestFailure("acted") }
        #expect(try flow.record(Self.id)?.state == .held)
        #expect(try flow.record(Self.id)?.decisions.isEmpty == true)
    }
}

extension FlowHouse {
    /// Files as a member does, with their views at hand.
    @discardableResult
    fileprivate func file(
        _ name: String,
        _ body: @escaping @Sendable (Filing, (View) throws -> MailboxRow) throws -> [Filing.Result]
    ) throws -> [Filing.Result] {
        let (rulebook, member) = (house.rulebook, acting(name))
        return try house.store.writeNow { transaction in
            try body(Filing(rulebook: rulebook, transaction: transaction, member: member)) { view in
                try transaction.ensureView(view, member: member.id, rulebook)
            }
        }
    }

    /// The only message in a member's view, letters apart.
    fileprivate func only(_ view: View, of name: String) throws -> UID {
        let (rulebook, member) = (house.rulebook, acting(name))
        return try house.store.writeNow { transaction in
            try self.only(view, of: name, Filing(rulebook: rulebook, transaction: transaction, member: member))
        }
    }

    fileprivate func only(_ view: View, of name: String, _ filing: Filing) throws -> UID {
        let mailbox = try filing.transaction.ensureView(view, member: MemberID(name), house.rulebook)
        let shown = try filing.transaction.placements(in: mailbox.id)
            .filter { try filing.transaction.notice(shownAs: $0.message) == nil }
        guard shown.count == 1, let placement = shown.first else { throw TestFailure("\(shown.count) messages") }
        return placement.uid
    }
}

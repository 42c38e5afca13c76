import Base
import IMAPClient
import IMAPWire
import Net
import Reactor
import SASL
import TestSupport
import Testing

@Suite struct CommandTests {
    @Test func `an answer comes with what was told before it`() {
        let dialogue = Dialogue.ready("IMAP4rev1")
        #expect(dialogue.begin("NOOP") == "G4 NOOP\r\n")
        _ = dialogue.hear("* 3 EXISTS\r\n* FOO bar\r\n* 1 FETCH (UID 7 FLAGS (\\Seen))\r\nG4 OK -\r\n")
        #expect(dialogue.told.count == 3)
        #expect(dialogue.told.first == .exists(3))
        #expect(dialogue.done?.condition == .ok)
        #expect(dialogue.isReady)
    }

    @Test(arguments: [("IMAP4rev1", true), ("IMAP4rev1 LITERAL+", false)])
    func `a message goes behind a question, or with LITERAL+ at once`(offered: String, asks: Bool) {
        let dialogue = Dialogue.ready(offered)
        let first = dialogue.begin("APPEND") { writer in
            writer.write(" x ")
            writer.literal(Array("a\r\n".utf8))
        }
        if asks {
            #expect(first == "G4 APPEND x {3}\r\n")
            #expect(dialogue.hear("+ go\r\n") == "a\r\n\r\n")
        } else {
            #expect(first == "G4 APPEND x {3+}\r\na\r\n\r\n")
        }
        _ = dialogue.hear("G4 OK [APPENDUID 5 9] -\r\n")
        #expect(dialogue.done?.code == .appendUID(validity: 5, uids: [9]))
    }

    @Test func `a refused literal is not sent`() {
        let dialogue = Dialogue.ready("IMAP4rev1")
        _ = dialogue.begin("APPEND") { writer in
            writer.write(" x ")
            writer.literal(Array("a".utf8))
        }
        #expect(dialogue.hear("G4 NO [OVERQUOTA] full\r\n") == "")
        #expect(dialogue.done?.code == .overQuota)
        #expect(dialogue.begin("NOOP") == "G5 NOOP\r\n")
    }

    @Test func `IDLE lasts until it is ended (RFC 2177)`() {
        let dialogue = Dialogue.ready("IMAP4rev1 IDLE")
        #expect(dialogue.idle() == "G4 IDLE\r\n")
        #expect(dialogue.hear("* 2 EXISTS\r\n+ waiting\r\n") == "")
        #expect(dialogue.isIdling)
        _ = dialogue.hear("* 1 EXPUNGE\r\n")
        #expect(dialogue.told == [.exists(2), .expunge(1)])
        #expect(dialogue.endIdle() == "DONE\r\n")
        _ = dialogue.hear("G4 OK done\r\n")
        #expect(dialogue.isReady)
    }

    @Test(arguments: [
        "G3 OK old\r\n", "+ what\r\n", "G4\r\n", "* 1 FETCH (BODY[] {99999999999}\r\n", "* BYE over\r\n",
    ])
    func `a server out of step is left`(line: String) {
        let dialogue = Dialogue.ready("IMAP4rev1")
        _ = dialogue.begin("NOOP")
        _ = dialogue.hear(line)
        #expect(dialogue.failure?.stage == .command)
        #expect(dialogue.isClosed)
    }

    @Test func `an endless line ends the session (INV-9)`() {
        let dialogue = Dialogue.ready("IMAP4rev1")
        _ = dialogue.begin("NOOP")
        _ = dialogue.hear("* " + String(repeating: "x", count: Limits.imapServerLine))
        #expect(dialogue.failure?.description == "command: the server breaks the protocol: a response is too long")
    }

    @Test func `each part of an answer has its own time`() {
        let dialogue = Dialogue.ready("IMAP4rev1")
        _ = dialogue.begin("NOOP")
        let first = dialogue.deadline
        dialogue.clock.advance(by: .seconds(30))
        _ = dialogue.hear("* 1 EXISTS\r\n")
        #expect(dialogue.deadline == first.advanced(by: .seconds(30)))
        dialogue.fail(.transport(.timeout))
        #expect(dialogue.failure?.description == "command: timed out")
    }

    @Test func `whatever a server says, the engine goes on or ends`() {
        var generator = SeededGenerator(seed: 42)
        let script =
            "* 1 FETCH (UID 7 BODY[] {5}\r\nhello FLAGS (\\Seen))\r\n* SEARCH 1 2\r\n+ x\r\nG4 OK [UIDNEXT 4] -\r\n"
        for _ in 0..<2000 {
            var bytes = Array(script.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                }
            }
            let dialogue = Dialogue.ready("IMAP4rev1")
            _ = dialogue.begin("NOOP")
            dialogue.engine.receive(bytes)
            _ = dialogue.hear("")
            #expect(dialogue.told.count <= 64)
        }
    }

    @Test func `a session over a connection selects, fetches and ends`() async throws {
        try await withLoop { loop in
            let (near, far) = Connection.pair(on: loop)

            let script = [
                "* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\nG1 OK -\r\n", "G2 OK in\r\n",
                "* CAPABILITY IMAP4rev1 CONDSTORE\r\nG3 OK -\r\n",
                "* 2 EXISTS\r\n* OK [UIDVALIDITY 9] -\r\n* OK [UIDNEXT 12] -\r\n* OK [HIGHESTMODSEQ 77] -\r\n"
                    + "* OK [PERMANENTFLAGS (\\Seen \\*)] -\r\nG4 OK [READ-WRITE] -\r\n",
                "* 2 FETCH (UID 11 BODY[] {2}\r\nhi FLAGS (\\Seen) MODSEQ (70))\r\n* 1 FETCH (FLAGS ())\r\nG5 OK -\r\n",
                "G6 NO [NOPERM] no\r\n", "* BYE\r\nG7 OK -\r\n",
            ]
            let server = loop.spawn { () -> String in
                await far.use {
                    var heard: [UInt8] = []
                    for line in script {
                        try? await far.write(Array(line.utf8))
                        _ = try? await far.read(into: &heard, until: .distantFuture)
                    }
                    return String(decoding: heard, as: UTF8.self)
                }
            }
            try await near.use {
                let session = IMAPClientSession(
                    near,
                    configuration: IMAPClientConfiguration(
                        endpoint: Endpoint(host: "imap.example", port: 143),
                        security: .plaintext
                    ),
                    credentials: Dialogue.password,
                    tls: nil,
                    time: loop.clock
                )
                try await session.open()
                let mailbox = try await session.select(Array("a\"b".utf8))
                #expect(mailbox.uidValidity == 9 && mailbox.uidNext == 12 && mailbox.exists == 2)
                #expect(mailbox.highestModSeq == 77)
                let uids = SequenceSet(NumberSet([11]))
                let items: [FetchItem] = [.uid, .section(SectionSpec(), partial: nil, peek: true)]
                let messages = try await session.fetch(uids, items, changedSince: 5)
                #expect(messages.map(\.uid) == [11])
                #expect(messages.first?.body == Array("hi".utf8))
                #expect(messages.first?.modSeq == 70)
                let failure = await #expect(throws: IMAPClientFailure.self) {
                    try await session.store(NumberSet([11]), adding: true, Flags(.flagged))
                }
                #expect(failure?.refusal?.code == .noPermission)
                await session.logOut()
            }
            #expect(
                await server.value == """
                    G1 CAPABILITY\r
                    G2 LOGIN team "secret"\r
                    G3 CAPABILITY\r
                    G4 SELECT "a\\"b" (CONDSTORE)\r
                    G5 UID FETCH 11 (UID BODY.PEEK[]) (CHANGEDSINCE 5)\r
                    G6 UID STORE 11 +FLAGS.SILENT (\\Flagged)\r
                    G7 LOGOUT\r\n
                    """
            )
        }
    }
}

import Base
import IMAPWire
import Synchronization
import TestSupport
import Testing

@testable import IMAPServer

@Suite struct EngineTests {
    private static let plain = EngineSettings(
        peer: "192.0.2.1",
        isEncrypted: false,
        canStartTLS: true,
        allowsPlaintextLogIn: true
    )

    @Test func greets() {
        var engine = Engine(backend: MemoryHouse(), settings: Self.plain)
        guard case .write(let bytes) = engine.next() else { return #expect(Bool(false)) }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            text
                == "* OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE STARTTLS AUTH=SCRAM-SHA-256 AUTH=PLAIN] Greenroom ready\r\n"
        )
        guard case .wait(let patience) = engine.next() else { return #expect(Bool(false)) }
        #expect(patience == Limits.imapPatienceBeforeLogin)
    }

    @Test func pipelinedCommandsAreAnsweredInOrder() async {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc")
        await Conversation(house).play(
            """
            C+: a LOGIN anna secret
            C+: b EXAMINE INBOX
            C+: c FETCH 1 UID
            C: d LOGOUT
            S: a OK …
            S: * FLAGS …
            S: * 1 EXISTS
            S: * 0 RECENT
            S: * OK …
            S: * OK …
            S: * OK …
            S: * OK …
            S: * OK …
            S: * OK …
            S: b OK …
            S: * 1 FETCH (UID 1)
            S: c OK …
            S: * BYE …
            S: d OK …
            S: [closed: logged out]
            """
        )
    }

    @Test("A log-in that counts no more is ended before the next command, and before any news")
    func accessEnded() async {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc")
        let conversation = Conversation(house)
        await conversation.play(
            """
            C: a LOGIN anna secret
            S: a OK …
            C: b NOOP
            S: b OK …
            """
        )
        house.state.withLock { _ = $0.endedMembers.insert("anna") }
        await conversation.play(
            """
            C: c EXAMINE INBOX
            S: * BYE Your access has changed; log in again
            S: [closed: access ended by a reload]
            """
        )
    }

    @Test("INV-9: faulty commands end a connection")
    func faults() async {
        let conversation = Conversation()
        await conversation.enter()
        let client = await conversation.client(1)
        for _ in 0..<(Limits.faults - 1) { await conversation.send("x FROBNICATE\r\n", client) }
        #expect(client.lines.allSatisfy { $0 == "x BAD Unknown command" })
        client.lines = []
        await conversation.play(
            """
            C: x FROBNICATE
            S: x BAD Unknown command
            S: * BYE Too many faulty commands
            S: [closed: too many faulty commands]
            """
        )
    }

    @Test(
        "INV-9: other protocols are not answered",
        arguments: [
            ("GET / HTTP/1.1", "HTTP"), ("POST /x HTTP/1.0", "HTTP"), ("EHLO relay.example", "SMTP"),
            ("SSH-2.0-client", "SSH"),
        ]
    )
    func foreign(line: String, name: String) async {
        await Conversation(settings: Self.plain).play(
            """
            C: \(line)
            S: [closed: \(name) spoken on an IMAP port]
            """
        )
    }

    @Test("INV-9: TLS on a plain port is recognised by its first byte")
    func tlsOnPlainPort() async {
        let conversation = Conversation(settings: Self.plain)
        let client = await conversation.client(1)
        await conversation.send([0x16, 3, 1, 2, 0, 1], client)
        #expect(client.lines == ["[closed: TLS spoken on an IMAP port]"])
    }

    @Test("RFC 2971 §3.3: ID may be as long before log-in as its fields may be")
    func longID() async {
        let pairs = (0..<30).map { number in "\"name\(number)\" \"\(String(repeating: "v", count: 1024))\"" }
        let conversation = Conversation()
        let client = await conversation.client(1)
        await conversation.send("a NOOP\r\nb ID (\(pairs.joined(separator: " ")))\r\n", client)
        #expect(client.lines.first == "a OK NOOP done" && client.lines.last == "b OK ID done")
        await conversation.send([UInt8](repeating: UInt8(ascii: "a"), count: Limits.imapLineBeforeLogin + 1), client)
        #expect(client.lines.last == "[closed: line too long]")

        let greedy = Conversation()
        let other = await greedy.client(1)
        await greedy.send("b ID (" + String(repeating: " ", count: Limits.imapIDLine), other)
        #expect(other.lines == ["* BYE [LIMIT] Line too long", "[closed: line too long]"])
    }

    @Test("INV-9: long lines end a connection, sooner before log-in")
    func longLines() async {
        let conversation = Conversation()
        let client = await conversation.client(1)
        await conversation.send([UInt8](repeating: UInt8(ascii: "a"), count: Limits.imapLineBeforeLogin + 1), client)
        #expect(client.lines == ["* BYE [LIMIT] Line too long", "[closed: line too long]"])

        let other = Conversation()
        await other.enter()
        let member = await other.client(1)
        let set = Array(repeating: "1", count: Limits.imapLineBeforeLogin).joined(separator: ",")
        await other.send("a UID FETCH \(set) FLAGS\r\n", member)
        #expect(member.lines == ["a OK FETCH done"])
    }

    @Test("INV-9: before log-in a literal is small or the end", arguments: ["{5000}", "{4294967296}"])
    func literalsBeforeLogIn(literal: String) async {
        await Conversation().play(
            """
            C: a LOGIN \(literal)
            S: a NO [TOOBIG] That is larger than the server takes
            C: b LOGIN {5000+}
            S: * BYE [TOOBIG] That is larger than the server takes
            S: [closed: literal too large]
            """
        )
    }

    @Test func silenceEnds() async {
        let conversation = Conversation()
        let client = await conversation.client(1)
        client.engine.expire()
        await conversation.send("", client)
        #expect(client.lines.last == "[closed: nothing heard for too long]")
    }

    @Test func shutDownSaysGoodbye() async {
        let conversation = Conversation()
        await conversation.enter()
        let client = await conversation.client(1)
        client.engine.shutDown()
        await conversation.send("", client)
        #expect(client.lines == ["* BYE [UNAVAILABLE] The server stops; come back soon", "[closed: gateway stops]"])
    }

    @Test func theHouseIsToldOfTheEnd() async {
        let conversation = Conversation()
        await conversation.enter()
        let client = await conversation.client(1)
        await client.engine.end()
        #expect(conversation.house.state.withLock { $0.ended } == 1)
        #expect(conversation.house.state.withLock { $0.closed } == 1)
        #expect(conversation.house.state.withLock { $0.observers.count } == 0)
    }

    @Test func everyAnnouncedCommandIsKnown() async {
        // Each capability of the list, by a command that only it brings.
        let conversation = Conversation()
        await conversation.enter()
        let client = await conversation.client(1)
        for command in ["UNSELECT", "SELECT INBOX", "UID EXPUNGE 1", "NAMESPACE", "ENABLE X", "ID NIL", "UID MOVE 1 X"]
        {
            await conversation.send("x \(command)\r\n", client)
            #expect(client.lines.last?.hasPrefix("x BAD") == false, "\(command)")
        }
    }

    // MARK: Fuzz

    /// Any bytes, in any pieces: no trap, and every answer is lines.
    static func fuzz(_ bytes: [UInt8], loggedIn: Bool, pieces: Int) async {
        let house = MemoryHouse()
        house.deliver(FetchTests.plain)
        let conversation = Conversation(house)
        if loggedIn { await conversation.enter() }
        let client = await conversation.client(1)
        var rest = bytes[...]
        while !rest.isEmpty {
            await conversation.send(Array(rest.prefix(pieces)), client)
            rest = rest.dropFirst(pieces)
        }
    }

    static let corpus = [
        "a LOGIN anna secret\r\nb SELECT INBOX\r\nc FETCH 1:* (FLAGS BODY[HEADER.FIELDS (From)]<0.5> ENVELOPE)\r\n",
        "a UID SEARCH OR (SEEN NOT TEXT {3+}\r\nabc) HEADER x \"y\" 1:*,3\r\nb IDLE\r\nDONE\r\nc EXPUNGE\r\n",
        "a APPEND INBOX (\\Seen) \" 1-Feb-2026 21:52:25 -0800\" {4+}\r\nabcd\r\nb STORE 1 +FLAGS.SILENT (a b)\r\n",
        "a AUTHENTICATE PLAIN\r\nAGFubmEAc2VjcmV0\r\nb LIST \"\" \"%/*\"\r\nc STATUS INBOX (MESSAGES)\r\n",
    ]

    @Test("Input split at every byte is answered alike", arguments: corpus.indices)
    func everyCut(index: Int) async {
        let bytes = Array(Self.corpus[index].utf8)
        func answers(cutAt cut: Int) async -> [String] {
            let house = MemoryHouse()
            house.deliver(FetchTests.plain)
            let conversation = Conversation(house)
            if index > 0 { await conversation.enter() }
            let client = await conversation.client(1)
            await conversation.send(Array(bytes[..<cut]), client)
            await conversation.send(Array(bytes[cut...]), client)
            return client.lines
        }
        let whole = await answers(cutAt: 0)
        #expect(!whole.isEmpty)
        for cut in bytes.indices { #expect(await answers(cutAt: cut) == whole, "cut at \(cut)") }
    }

    @Test("INV-9: mutated input neither traps nor breaks lines", arguments: 0..<40)
    func mutations(seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        var bytes = Array(Self.corpus[Int(seed) % Self.corpus.count].utf8)
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(Array("(){}[]\"\\*%\r\n\0+".utf8).randomElement(using: &generator) ?? 0, at: place)
            default: bytes += bytes[place...].prefix(20)
            }
        }
        // UTF-8 that a mutation broke comes back from the house as it was sent; lines stay lines.
        await Self.fuzz(bytes, loggedIn: seed % 2 == 0, pieces: Int.random(in: 1...64, using: &generator))
    }
}

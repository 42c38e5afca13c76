import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// INV-9: every limit at its value, one over it, and far over it; before log-in and after.
@Suite("Limits") struct LimitTests {
    /// The answers to bytes that a client sends, before log-in or in INBOX.
    private func answers(to text: String, loggedIn: Bool) async -> [String] {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc")
        let conversation = Conversation(house)
        if loggedIn { await conversation.enter() }
        let client = await conversation.client(1)
        await conversation.send(text, client)
        return client.lines
    }

    private func line(_ count: Int) -> String { "a NOOP" + String(repeating: "x", count: count - 6) + "\r\n" }

    @Test(arguments: [(false, Limits.imapLineBeforeLogin), (true, Limits.imapLine)])
    func lines(loggedIn: Bool, limit: Int) async {
        #expect(await answers(to: line(limit), loggedIn: loggedIn) == ["a BAD Unknown command"])
        for count in [limit + 1, limit * 20] {
            let bye = ["* BYE [LIMIT] Line too long", "[closed: line too long]"]
            #expect(await answers(to: line(count), loggedIn: loggedIn) == bye, "\(count)")
            // Without an end as well.
            #expect(await answers(to: String(line(count + 2).dropLast(2)), loggedIn: loggedIn) == bye, "\(count)")
        }
    }

    @Test(arguments: [(false, Limits.imapLiteralBeforeLogin), (true, Limits.imapLiteral)])
    func literals(loggedIn: Bool, limit: Int) async {
        let command = loggedIn ? "a SEARCH TEXT" : "a LOGIN"
        #expect(await answers(to: "\(command) {\(limit)}\r\n", loggedIn: loggedIn) == ["+ OK"])
        for size in ["\(limit + 1)", "4294967296", "99999999999999999999"] {
            let said = await answers(to: "\(command) {\(size)}\r\n", loggedIn: loggedIn)
            #expect(said == ["a NO [TOOBIG] That is larger than the server takes"], "\(size)")
        }
        // The literals of one command count together.
        let two = "\(command) {\(limit)+}\r\n" + String(repeating: "x", count: limit) + " {1}\r\n"
        #expect(await answers(to: two, loggedIn: loggedIn) == ["a NO [TOOBIG] That is larger than the server takes"])
        // One that nobody waits for: passed over by members, the end for strangers.
        let late = "\(command) {\(limit + 1)+}\r\n" + String(repeating: "x", count: limit + 1) + "\r\nb NOOP\r\n"
        let last = await answers(to: late, loggedIn: loggedIn).last
        #expect(last == (loggedIn ? "b OK NOOP done" : "[closed: literal too large]"))
    }

    @Test("A literal in IDLE or inside a log-in is no answer")
    func misplacedLiterals() async {
        let idle = await answers(to: "a IDLE\r\nDONE {3}\r\n", loggedIn: true)
        #expect(idle.last == "a NO [TOOBIG] That is larger than the server takes")
        let skipped = await answers(to: "a IDLE\r\nDONE {3+}\r\nabc\r\n", loggedIn: true)
        #expect(skipped.last == "[closed: literal too large]")
    }

    private static func list(_ count: Int, _ element: String, _ separator: String = " ") -> String {
        Array(repeating: element, count: count).joined(separator: separator)
    }

    /// A command whose one part is repeated: the limit, and how it is written.
    private static let repetitions: [(name: String, limit: Int, command: @Sendable (Int) -> String)] = [
        ("ranges", Limits.imapSetRanges, { "UID FETCH \(list($0, "1", ",")) UID" }),
        (
            "items", Limits.imapFetchItems,
            { "FETCH 1 (" + (1...$0).map { "BODY.PEEK[\($0)]" }.joined(separator: " ") + ")" }
        ),
        ("fields", Limits.imapHeaderFields, { "FETCH 1 BODY.PEEK[HEADER.FIELDS (\(list($0, "a")))]" }),
        ("keys", Limits.imapSearchKeys, { "SEARCH \(list($0, "ALL"))" }),
        ("depth", Limits.imapNesting - 1, { "SEARCH " + list($0, "(", "") + "ALL" + list($0, ")", "") }),
        ("negations", Limits.imapNesting - 1, { "SEARCH " + list($0, "NOT") + " ALL" }),
        ("flags", Limits.keywords, { "STORE 1 +FLAGS.SILENT (\(list($0, "a")))" }),
        ("keyword", Limits.keyword, { "STORE 1 +FLAGS.SILENT (\(list($0, "a", "")))" }),
        ("pairs", Limits.imapIDFields, { "ID (\(list($0, "\"a\" \"b\"")))" }),
        ("names", Limits.imapFetchItems, { "ENABLE \(list($0, "X"))" }),
        ("parts", Limits.mimeDepth, { "FETCH 1 BODY.PEEK[\(list($0, "1", "."))]" }),
    ]

    @Test(arguments: repetitions.indices)
    func repeated(index: Int) async {
        let (name, limit, command) = Self.repetitions[index]
        let within = await answers(to: "a \(command(limit))\r\n", loggedIn: true)
        #expect(within.last?.hasPrefix("a OK") == true, "\(name): \(within.last ?? "")")
        for count in [limit + 1, limit * 3 + 5] {
            let over = await answers(to: "a \(command(count))\r\n", loggedIn: true)
            let isRefused = over.last?.hasPrefix("a BAD") == true || over.last == "[closed: line too long]"
            #expect(isRefused, "\(name), \(count): \(over.last ?? "")")
        }
    }

    @Test("A mailbox name has a length and a depth", arguments: ["CREATE", "SELECT", "SUBSCRIBE", "APPEND"])
    func mailboxNames(command: String) async {
        func said(_ name: String) async -> String {
            let rest = command == "APPEND" ? " {1+}\r\nx" : ""
            return await answers(to: "a \(command) \(name)\(rest)\r\n", loggedIn: true).last ?? ""
        }
        let long = Self.list(Limits.mailboxName, "n", "")
        #expect(await !said(long).hasPrefix("a NO [LIMIT]"))
        #expect(await said(long + "n").hasPrefix("a NO [LIMIT]"))
        #expect(await said(Self.list(20, long, "")).hasPrefix("a NO [LIMIT]"))
        let deep = Self.list(Limits.mailboxDepth, "d", "/")
        #expect(await !said(deep).hasPrefix("a NO [LIMIT]"))
        #expect(await said(deep + "/d").hasPrefix("a NO [LIMIT]"))
    }

    @Test("A set may name everything that there can be", arguments: ["1:4294967295", "*:*", "4294967295:1", "*,1:*"])
    func wholeRanges(set: String) async {
        let said = await answers(to: "a UID FETCH \(set) UID\r\n", loggedIn: true)
        #expect(said == ["* 1 FETCH (UID 1)", "a OK FETCH done"])
        let beyond = await answers(to: "a FETCH 4294967296 UID\r\n", loggedIn: true)
        #expect(beyond.last?.hasPrefix("a BAD") == true)
    }

    @Test("Faults end a connection, sooner before log-in", arguments: [false, true])
    func faults(loggedIn: Bool) async {
        let limit = loggedIn ? Limits.faults : Limits.faultsBeforeLogin
        let within = await answers(to: Self.list(limit - 1, "x WHAT\r\n", ""), loggedIn: loggedIn)
        #expect(within == Array(repeating: "x BAD Unknown command", count: limit - 1))
        let over = await answers(to: Self.list(limit * 10, "x WHAT\r\n", ""), loggedIn: loggedIn)
        #expect(over.count == limit + 2 && over.last == "[closed: too many faulty commands]")
    }

    @Test("A stranger may ask for so long")
    func strangersCommands() async {
        let limit = Limits.imapCommandsBeforeLogin
        let within = await answers(to: Self.list(limit, "x NOOP\r\n", ""), loggedIn: false)
        #expect(within.count == limit && within.allSatisfy { $0 == "x OK NOOP done" })
        let over = await answers(to: Self.list(limit * 50, "x NOOP\r\n", ""), loggedIn: false)
        #expect(over.count == limit + 2)
        #expect(over[limit] == "* BYE [LIMIT] Too many commands before log-in")
        let member = await answers(to: Self.list(limit * 2, "x NOOP\r\n", ""), loggedIn: true)
        #expect(member.count == limit * 2)
    }

    @Test("Inside a command a silent client is kept for less long")
    func patience() async {
        let conversation = Conversation()
        await conversation.enter()
        let client = await conversation.client(1)
        #expect(client.engine.patience == Limits.imapPatience)
        await conversation.send("a APPEND INBOX {100000+}\r\nabc", client)
        #expect(client.engine.patience == Limits.imapPatienceInCommand)
        let other = await Conversation().client(1)
        #expect(other.engine.patience == Limits.imapPatienceBeforeLogin)
    }

    @Test("Pipelined commands wait while one is carried out: none is read ahead")
    func pipeline() async {
        let house = MemoryHouse()
        var engine = Engine(
            backend: house,
            settings: EngineSettings(peer: "::1", isEncrypted: true, canStartTLS: false)
        )
        guard case .write = engine.next() else { return #expect(Bool(false)) }
        engine.receive(Array("a LOGIN anna secret\r\nb NOOP\r\nc NOOP\r\n".utf8))
        guard case .perform = engine.next(), case .wait = engine.next() else { return #expect(Bool(false)) }
        #expect(engine.framer.hasUnreadBytes)
    }

    @Test(
        "Another protocol is left without a word",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP"), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP"),
            ("CONNECT x:443 HTTP/1.1\r\n", "HTTP"), ("HELO x\r\n", "SMTP"), ("MAIL FROM:<a@b>\r\n", "SMTP"),
            ("LHLO x\r\n", "SMTP"), ("USER anna\r\n", "POP3"), ("SSH-2.0-x\r\n", "SSH"),
        ]
    )
    func foreign(text: String, name: String) async {
        #expect(await answers(to: text, loggedIn: false) == ["[closed: \(name) spoken on an IMAP port]"])
    }
}

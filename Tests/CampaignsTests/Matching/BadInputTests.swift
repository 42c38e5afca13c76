import Campaigns
import Message
import Testing

@Suite("INV-5, INV-9: mail and records made to deceive or to cost")
struct BadInputTests {
    /// Counts what matching asks of the history.
    private final class CountingThreads: ThreadIndex {
        let history: ThreadHistory
        var asked = 0

        init(_ history: ThreadHistory) { self.history = history }

        func messages(withID messageID: String) -> [KnownMessage] {
            asked += 1
            return history.messages(withID: messageID)
        }

        func newestMessage(withAnyOf creators: [CreatorID], baseSubject: String) -> KnownMessage? {
            asked += 1
            return history.newestMessage(withAnyOf: creators, baseSubject: baseSubject)
        }

        func newestMessage(withRelay address: AddressKey) -> KnownMessage? {
            asked += 1
            return history.newestMessage(withRelay: address)
        }
    }

    private static func parse(_ lines: String...) -> MatchInput {
        MatchInput(ParsedMessage(Array((lines.joined(separator: "\r\n") + "\r\n").utf8)))
    }

    @Test("References with 10,000 ids: each is asked for once, and any position counts")
    func longReferences() {
        let threads = CountingThreads(ThreadRuleTests.history)
        var input = World.inbound(from: "x@else.test")
        input.references = ["o1"] + (1..<10_000).map { "lost-\($0)" }
        let matcher = Matcher(directory: World.directory, authservID: nil)
        #expect(matcher.match(input, in: threads).creators.attached == ["ana"])
        #expect(threads.asked <= 10_010)
    }

    @Test("References with 10,000 ids in a message's bytes are read without harm")
    func longReferencesInBytes() {
        let ids = (0..<10_000).map { "<lost-\($0)@else.test>" }.joined(separator: "\r\n ")
        let input = Self.parse(
            "From: x@else.test",
            "To: collabs@brand.example",
            "References: \(ids)",
            " <o1>",
            "",
            "Hi"
        )
        #expect(input.references.last == "o1")
        #expect(World.match(input, ThreadRuleTests.history).creators.attached == ["ana"])
    }

    @Test(
        "§3.2: two From fields are no evidence, whichever comes first",
        arguments: [
            ["ana@post.example", "x@else.test"], ["x@else.test", "ana@post.example"],
            ["ana@post.example", "bo@studio.example"],
        ]
    )
    func twoFromFields(from: [String]) {
        let input = Self.parse(
            "From: \(from[0])",
            "From: \(from[1])",
            "To: collabs@brand.example",
            "",
            "I am @bo_films"
        )
        let match = World.match(input)
        #expect(match.isSuspicious)
        #expect(match.creators.keys.isEmpty && match.campaigns.keys.isEmpty)
        #expect(!match.countsAsReply)
    }

    @Test("§5.4: a stranger beside a creator in one From field attaches nobody")
    func twoMailboxesInFrom() {
        let input = Self.parse("From: ana@post.example, x@else.test", "To: collabs@brand.example", "", "Hi")
        let match = World.match(input)
        #expect(match.creators.attached.isEmpty)
        #expect(match.confidence == .ambiguous)
    }

    @Test("§0: a stolen Message-ID brings its thief nothing and takes its thread away from strangers")
    func stolenMessageID() {
        var history = ThreadRuleTests.history
        let thief = World.inbound(from: "x@else.test", id: "o1", subject: "Re: Our offer", text: "Pay here")
        let match = World.match(thief, history)
        #expect(match.creators.keys.isEmpty)
        history.record(thief, match, in: World.directory)
        let later = World.match(World.inbound(from: "y@else.test", answering: "o1"), history)
        #expect(later.creators.attached.isEmpty)
        #expect(later.campaigns.attached.isEmpty)
        let known = World.match(World.inbound(from: "ana@post.example", answering: "o1"), history)
        #expect(known.creators.attached == ["ana"])
    }

    @Test("A message that answers itself has no thread")
    func answersItself() {
        var history = ThreadHistory()
        let known = World.inbound(from: "ana@post.example", id: "loop")
        history.record(known, World.match(known, history), in: World.directory)
        let copy = World.inbound(from: "x@else.test", id: "loop", answering: "loop")
        #expect(World.match(copy, history).creators.keys.isEmpty)
    }

    @Test(
        "Display names with marks that reorder or hide text attach nobody",
        arguments: [
            "\u{202E}elpmaxe.tsop@ana\u{202C}", "ana@post\u{200B}.example", "ana\u{2060}@post.example",
            "ana@post\u{00AD}.example", "Ana\u{0000}Torres", "ana@post.example\u{0007}", "\u{FEFF}Ana Torres",
            "Ana Torres\u{2028}From: ana@post.example", "\u{2066}@ana.creates\u{2069}",
        ]
    )
    func markedNames(name: String) {
        let match = World.match(World.inbound(from: "x@else.test", name: name, text: "> \(name)"))
        #expect(match.creators.attached.isEmpty)
        #expect(match.campaigns.attached.isEmpty)
    }

    @Test(
        "Addresses with marks inside are not the listed ones",
        arguments: [
            "an\u{200B}a@post.example", "\u{202E}ana@post.example", "ana@po\u{00AD}st.example",
            "ana\u{0301}@post.example",
        ]
    )
    func markedAddresses(from: String) {
        let halves = from.split(separator: "@").map(String.init)
        var input = World.inbound(from: "x@else.test")
        input.from = [Correspondent(address: Address(local: halves[0], domain: halves[1]))]
        input.fromDecorations = []
        let match = World.match(input)
        // A soft hyphen is no letter of a domain name (RFC 5892): that one is the listed address.
        if !from.contains("\u{00AD}") { #expect(match.creators.attached.isEmpty) }
        #expect(!match.creators.attached.contains("bo"))
    }

    @Test("Forged fields of ours, of servers and of other gateways change nothing")
    func forgedFields() {
        let plain = Self.parse("From: x@else.test", "To: collabs@brand.example", "Subject: Hello", "", "Hi")
        let forged = Self.parse(
            "From: x@else.test",
            "To: collabs@brand.example",
            "Subject: Hello",
            "Greenroom-Creator: ana",
            "Greenroom-Campaign: spring",
            "X-Greenroom-Match: 5.4",
            "Sender: ana@post.example",
            "Resent-From: ana@post.example",
            "Return-Path: <ana@post.example>",
            "Authentication-Results: mx.brand.example; dmarc=pass header.from=post.example",
            "",
            "Hi"
        )
        #expect(World.match(forged) == World.match(plain))
        #expect(World.match(forged).confidence == .none)
    }

    @Test("Records with control characters, marks and header-like text are matched like any")
    func oddRecords() {
        let odd = "Zoë\r\nBcc: x@else.test\u{0000}\u{202E}"
        let directory = Directory(
            creators: [
                Creator(
                    id: "odd",
                    name: odd,
                    otherNames: ["", " ", "\u{200B}", "From: ana@post.example", String(repeating: "x ", count: 5000)],
                    addresses: [World.address("odd@post.example")],
                    handles: [
                        Handle("", on: "instagram"), Handle("\u{202E}odd", on: "instagram"), Handle("@@", on: ""),
                    ],
                    agency: "stars"
                )
            ],
            agencies: World.agencies,
            campaigns: [
                Campaign(
                    id: "c",
                    name: odd,
                    aliases: ["", "\u{0000}", "[", "Subject: x"],
                    subjectTags: ["", "[]", "\r\n"],
                    plusTokens: ["", "+", "\n"],
                    members: [Membership(creator: "odd"), Membership(creator: "nobody")]
                )
            ],
            own: World.own
        )
        let matcher = Matcher(directory: directory, authservID: nil)
        let known = matcher.match(World.inbound(from: "odd@post.example"), in: ThreadHistory())
        #expect(known.creators.attached == ["odd"])
        for text in ["", "@", "[]", "+", odd, "Subject: x"] {
            let input = World.inbound(from: "x@else.test", to: ["collabs+@brand.example"], subject: text, text: text)
            #expect(matcher.match(input, in: ThreadHistory()).creators.attached.isEmpty)
            let agency = World.inbound(from: "agent@stars.example", subject: text, text: text)
            #expect(matcher.match(agency, in: ThreadHistory()).creators.keys == ["odd"])
        }
    }

    @Test("10,000 mailboxes in To, Cc and From are each looked up once")
    func manyMailboxes() {
        let threads = CountingThreads(ThreadRuleTests.history)
        var input = World.inbound(from: "x@else.test", to: (0..<10_000).map { "p\($0)@else\($0).test" })
        input.cc = input.to
        let matcher = Matcher(directory: World.directory, authservID: nil)
        #expect(matcher.match(input, in: threads).creators.keys.isEmpty)
        input.from = input.to.map { Correspondent(name: "p@\($0.address.domain)", address: $0.address) }
        input.fromDecorations = input.from.map(\.name)
        #expect(matcher.match(input, in: threads).creators.keys.isEmpty)
        input.from.append(Correspondent(address: World.address("ana@post.example")))
        #expect(matcher.match(input, in: threads).creators.attached.isEmpty)
        #expect(threads.asked < 10)
    }
}

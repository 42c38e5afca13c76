import Campaigns
import Message
import Testing

@Suite("INV-5: wrong is worse than open")
struct InvariantTests {
    /// All that a stranger can write about a creator without being one.
    static let bait = [
        "Ana Torres", "ana@post.example", "I saw @ana.creates", "> this is @ana.creates", "Spring Glow",
        "about @ana.creates",
        "From: Ana Torres <ana@post.example>\nSent: Monday, 2 March 2026 10:00\nTo: collabs@brand.example\nSubject: [SPRING26]",
        "---------- Forwarded message ---------\nFrom: Ana <ana@post.example>\nDate: Mon, 2 Mar 2026\nSubject: x\nTo: y",
        "On Mon, 2 Mar 2026 at 10:00, Ana <ana@post.example> wrote:\n> I am @ana.creates",
    ]

    @Test("A stranger is never attached by display name, quoted text, forged fields or blocks", arguments: 0..<300)
    func strangers(seed: UInt64) {
        var random = SplitRandom(seed: seed)
        var lines = [
            "From: \"\(random.pick(["Ana Torres", "Ana Torres via Hub", "@ana.creates", "Mia Chen"]))\" <stranger\(seed)@else.test>",
            "To: collabs@brand.example",
            "Subject: \(random.pick(["Re: Our offer", "Fwd: Spring Glow", "Ana Torres", "[SPRING26]"]))",
        ]
        let fields = [
            "Sender: ana@post.example", "X-Original-From: ana@post.example", "Greenroom-Creator: ana", "X-Creator: ana",
            "Return-Path: <ana@post.example>", "Comments: ana@post.example", "Resent-From: ana@post.example",
            "Authentication-Results: elsewhere.test; dmarc=pass header.from=post.example", "Cc: ben@brand.example",
        ]
        for field in fields where random.flip() { lines.append(field) }
        lines.append("")
        for line in Self.bait where random.flip() { lines.append(line) }
        let text = lines.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")
        let match = World.match(MatchInput(ParsedMessage(Array(text.utf8))), ThreadRuleTests.history)
        #expect(match.creators.attached.isEmpty, "\(text)")
        #expect(match.campaigns.attached.isEmpty, "\(text)")
        #expect(!match.countsAsReply)
    }

    @Test("A whole message: address, thread, plus token, HTML signature")
    func wholeMessages() {
        func parse(_ lines: String...) -> MatchInput {
            MatchInput(ParsedMessage(Array((lines.joined(separator: "\r\n") + "\r\n").utf8)))
        }
        let known = World.match(
            parse(
                "From: =?utf-8?q?Cleo?= <cleo@xn--mnchen-3ya.example>",
                "To: Team:collabs+summer@brand.example;",
                "Subject: Hi",
                "",
                "Yes"
            )
        )
        #expect(known.creators.attached == ["cleo"])
        #expect(known.campaign == "summer")
        let reply = World.match(
            parse(
                "From: x@else.test",
                "To: collabs@brand.example",
                "In-Reply-To: your mail <o1>",
                "Subject: Re: Our offer",
                "",
                "Yes"
            ),
            ThreadRuleTests.history
        )
        #expect(reply.creators.attached == ["ana"])
        let html = World.match(
            parse(
                "From: x@else.test",
                "To: collabs@brand.example",
                "Subject: Joining",
                "Content-Type: text/html",
                "",
                "<p>I would like to join.</p><p><a href=\"https://www.instagram.com/ana.creates/\">Instagram</a></p>"
            )
        )
        #expect(html.creators.attached == ["ana"])
        #expect(html.creators.reason?.rule == "5.7")
        let masked = World.match(parse("From: \"ana@post.example\"@evil.test", "To: collabs@brand.example", "", "Hi"))
        #expect(masked.isSuspicious)
        let comment = World.match(parse("From: x@evil.test (ana@post.example)", "To: collabs@brand.example", "", "Hi"))
        #expect(comment.isSuspicious)
        let forward = World.match(
            parse(
                "From: ben@brand.example",
                "To: collabs@brand.example",
                "Subject: WG: Preise",
                "",
                "FYI",
                "",
                "Von: Ana Torres <ana@post.example>",
                "Gesendet: Montag, 2. März 2026 10:00",
                "An: Ben",
                "Betreff: Preise",
                "",
                "Hallo"
            )
        )
        #expect(forward.creators.attached == ["ana"])
        #expect(forward.creators.reason?.rule == "5.8")
        #expect(forward.countsAsReply)
    }

    @Test(
        "INV-9: a text full of bait costs no more than its length",
        arguments: [
            "@ana.creates ", "this is @bo_films\n", "spring ", "ana@post.example ", "https://instagram.com/twin ",
            "\n\n@",
        ]
    )
    func hostile(piece: String) {
        let text = String(repeating: piece, count: 40_000 / piece.utf8.count)
        for from in ["stranger@else.test", "agent@stars.example", "c-1@relay.hub.example", "x@mail.instagram.example"] {
            var input = World.inbound(from: from, subject: text, text: text, passed: true)
            input.fromDecorations = [text]
            _ = World.match(input)
        }
    }

    @Test("The cost of matching does not grow with the roster")
    func lean() {
        let names = (0..<20_000).map { "creator\($0)" }
        let creators = names.map { name in
            Creator(
                id: CreatorID(name),
                name: name,
                addresses: [World.address("\(name)@site\(name.utf8.count)\(name).example")],
                handles: [Handle(name, on: "instagram")]
            )
        }
        let directory = Directory(
            creators: creators,
            campaigns: World.campaigns,
            platforms: World.platforms,
            own: World.own
        )
        let matcher = Matcher(directory: directory, authservID: nil)
        let text = String(repeating: "Some words about nothing, 500 of them. ", count: 1200)
        for number in 0..<20 {
            let name = names[number * 900]
            let known = World.inbound(from: "\(name)@site\(name.utf8.count)\(name).example", text: text)
            #expect(matcher.match(known, in: ThreadHistory()).creators.attached == [CreatorID(name)])
            let stranger = World.inbound(from: "stranger\(number)@else.test", text: text)
            #expect(matcher.match(stranger, in: ThreadHistory()).creators.keys.isEmpty)
        }
    }
}

/// A small generator for properties; a failure is a seed number.
private struct SplitRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func flip() -> Bool { next(2) == 0 }

    mutating func pick(_ choices: [String]) -> String { choices[next(choices.count)] }
}

import TestSupport
import Testing

@testable import Text

@Suite("HTML by who sees it (INV-7)")
struct HTMLLayersTests {
    private static func read(_ html: String) -> HTMLLayers { HTMLLayers(html, limit: 10_000) }

    static let hidden = [
        "a <span style=\"display:none\">secret</span> b",
        "a <span style='DISPLAY : None !important'>secret</span> b",
        "a <span hidden>secret</span> b",
        "a <span style=\"visibility:hidden\">secret</span> b",
        "a <span style=\"opacity:0\">secret</span> b",
        "a <span style=\"font-size:0px\">secret</span> b",
        "a <span style=\"font-size: 1px\">secret</span> b",
        "a <span style=\"font:0px/1 Arial\">secret</span> b",
        "a <span style=\"color:#fff\">secret</span> b",
        "a <font color=white>secret</font> b",
        "a <font color=\"#FEFEFE\">secret</font> b",
        "a <span style=\"color:rgb(250, 250, 250)\">secret</span> b",
        "<div style=\"background:#777\">a <span style=\"color:#777777\">secret</span> b</div>",
        "a <div style=\"max-height:0;overflow:hidden\">secret</div> b",
        "a <span style=\"text-indent:-9999px\">secret</span> b",
        "a <div style=\"position:absolute;left:-5000px\">secret</div> b",
        "a <del>secret</del> b",
        "a <span style=\"text-decoration:line-through\">secret</span> b",
        "a <div hidden><p>and</p> secret</div> b",
    ]

    @Test(arguments: hidden)
    func isNotShown(_ html: String) throws {
        let layers = Self.read(html)
        let shown = try #require(layers.shown)
        #expect(layers.all.contains("secret"))
        #expect(!shown.contains("secret"))
        #expect(shown.hasPrefix("a") && shown.hasSuffix("b"))
    }

    static let undecided = [
        "<style>.x{display:none}</style><p class=x>text</p>",
        "<style>p::before{content:\"secret\"}</style><p>text</p>",
        "<textarea><div hidden></textarea>text",
        "<div hidden><p>and</div>text",
        "<noscript>text</noscript>",
        "<span style=\"display:n\\6fne\">text</span>",
        "<bdo dir=rtl>txet</bdo>",
        "<svg><text>text</text></svg>",
        "<link rel=stylesheet href=x>text",
    ]

    @Test("Where browsers do what is not followed here, nothing counts as shown", arguments: undecided)
    func isUndecided(_ html: String) {
        #expect(Self.read(html).shown == nil)
    }

    static let ordinary = [
        "<html><head><style><!-- p.MsoNormal {margin:0in; font-size:11.0pt; font-family:\"Calibri\",sans-serif;} --></style>"
            + "</head><body lang=EN-US link=\"#0563C1\"><p class=MsoNormal>Hello <b>there</b></p></body></html>",
        "<div dir=\"ltr\">Hello <span style=\"color:rgb(34,34,34)\">there</span></div>",
        "<div style=\"color:rgba(0, 0, 0, 0.87);line-height:1.4\">Hello there</div>",
        "<div style=\"background:#0a0a0a;color:white\">Hello there</div>",
        "<p>Hello<p>there",
    ]

    @Test("What mail programs write is shown", arguments: ordinary)
    func isShown(_ html: String) throws {
        let shown = try #require(Self.read(html).shown)
        #expect(shown.split(whereSeparator: \.isWhitespace).joined(separator: " ") == "Hello there")
    }

    @Test("Words that tags, hidden runs or entities cut are one in what is shown")
    func joins() {
        #expect(Self.read("u<b></b>sa<!-- x -->ge").all == "usage")
        #expect(Self.read("us<span style=\"display:none\">xx</span>age").shown == "usage")
        #expect(Self.read("us<div style=\"display:none\">xx</div>age").shown == "usage")
        #expect(Self.read("us<div style=\"display:inline\">age</div>").all == "usage")
        #expect(Self.read("us<br style=\"display:none\">age").all == "usage")
        #expect(Self.read("u&#115;&#x61;ge us&shy;age").all == "usage usage")
        #expect(Self.read("us&ZeroWidthSpace;age").isUnread)
        #expect(!Self.read("R&D; and AT&T;").isUnread)
    }

    @Test("Texts beside the text are there to be judged")
    func asides() {
        let html = """
            <title>one</title><p title="two">x</p><img alt="three" src=a><!--[if mso]><p>four</p><![endif]-->\
            <!-->five<!-- six --><style>p:after{content:"seven"}</style>
            """
        let layers = Self.read(html)
        let everything = ([layers.all] + layers.asides).joined(separator: "|")
        for word in ["one", "two", "three", "four", "five", "six", "seven"] { #expect(everything.contains(word)) }
        #expect(layers.hasPictures)
    }

    @Test("Broken markup shows nothing that is not there", arguments: UInt64(0)..<300)
    func mutated(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sources = Self.hidden + Self.undecided + Self.ordinary
        var bytes = Array((0..<3).map { _ in sources.randomElement(using: &generator) ?? "" }.joined().utf8)
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let index = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0...2, using: &generator) {
            case 0: bytes.remove(at: index)
            case 1: bytes.insert(Array("<>\"'/-=! &;:".utf8).randomElement(using: &generator) ?? 0, at: index)
            default: bytes.swapAt(index, Int.random(in: bytes.indices, using: &generator))
            }
        }
        let layers = Self.read(String(decoding: bytes, as: UTF8.self))
        func letters(_ text: String) -> [Character: Int] {
            text.reduce(into: [:]) { if $1.isLetter { $0[$1, default: 0] += 1 } }
        }
        let all = letters(layers.all)
        for (letter, count) in letters(layers.shown ?? "") { #expect(count <= all[letter] ?? 0) }
    }

    @Test("An end tag's attributes and a longer end tag's name show nothing")
    func tagEnds() {
        #expect(Self.read("a</p x=\"> secret \">b").shown?.contains("secret") == false)
        #expect(Self.read("<title>x</titles> secret </title>b").shown == "b")
    }
}

@Suite("Words written so as not to be found")
struct DisguiseTests {
    static let disguised = [
        "usage rights", "us\u{200B}age rights", "usa\u{AD}ge rights", "u\u{200D}s\u{2060}a\u{FEFF}ge rights",
        "us\u{0}age rights", "𝐮𝐬𝐚𝐠𝐞 rights", "ｕｓａｇｅ rights", "ⓤⓢⓐⓖⓔ rights", "ᵘˢᵃᵍᵉ rights", "ᴜꜱᴀɢᴇ rights",
        "usage\u{A0}rights", "usage\r\nrights", "USAGE          RIGHTS", "usage ----------- rights",
        "us\u{E0001}age rights", "usag\u{FE0F}e rights", "usage\n\n\n\n\n\n\nrights",
    ]

    @Test(arguments: disguised)
    func isFound(_ text: String) {
        var index = PhraseIndex<Int>()
        index.add("usage rights", 1)
        #expect(index.everyHit(in: .seen(text), torn: true).map(\.payload) == [1])
    }

    @Test(arguments: ["uѕаgе rights", "u\u{332}s\u{332}a\u{332}g\u{332}e\u{332} rights", "υsage rights"])
    func looksAlike(_ text: String) throws {
        var index = PhraseIndex<Int>()
        index.add("usage rights", 1)
        let lookAlike = try #require(FoldedText.seen(text).lookAlike)
        #expect(index.everyHit(in: lookAlike).count == 1)
    }

    @Test("A line that ended within a word of a script without spaces")
    func wrapped() {
        var index = PhraseIndex<Int>()
        index.add("広告", 1)
        #expect(index.everyHit(in: .seen("これは広\r\n告です")).count == 1)
    }

    @Test("No phrase runs from one text into the next, and none over another word")
    func separated() {
        var index = PhraseIndex<Int>()
        index.add("usage rights", 1)
        #expect(index.everyHit(in: .seen(["usage", "rights"]), torn: true).isEmpty)
        #expect(index.everyHit(in: .seen("usage of rights"), torn: true).isEmpty)
        #expect(index.everyHit(in: .seen("usage          rights")).isEmpty, "far apart, it is not certain")
    }

    @Test func plainTextStays() {
        #expect(Disguise.removed(from: "Hi Kofi,\r\n\ta\u{301} ok") == "Hi Kofi,\r\n\ta\u{301} ok")
        #expect(FoldedText.seen("plain text").lookAlike == nil)
    }

    @Test func unreadable() {
        #expect(Disguise.isUnreadable("\u{202E}egasu"))
        #expect(Disguise.isUnreadable("us\u{FFFD}age"))
        #expect(!Disguise.isUnreadable("caf\u{FFFD}, “quoted” – fine"))
    }
}

import TestSupport
import Testing
import Text

@Suite("IDN and punycode")
struct IDNTests {
    /// Samples of RFC 3492 §7.1 and names in use.
    static let samples = [
        ("münchen", "mnchen-3ya"), ("bücher", "bcher-kva"), ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
        ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
        ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
        ("faß", "fa-hia"),
    ]

    @Test(arguments: samples)
    func bothWays(unicode: String, encoded: String) {
        #expect(Punycode.encode(unicode) == encoded)
        #expect(Punycode.decode(encoded) == unicode)
    }

    @Test(arguments: ["99999999", "a-\u{E9}", "bcher-kv", String(repeating: "a", count: 70), "-----9999999a"])
    func broken(encoded: String) {
        // Broken punycode is told or stays within what a label may hold; it never traps.
        if let decoded = Punycode.decode(encoded) { #expect(decoded.unicodeScalars.count <= 63) }
    }

    @Test func domains() {
        #expect(IDN.unicode("XN--MNCHEN-3YA.Example.") == "münchen.example")
        #expect(IDN.unicode("mu\u{308}nchen.example") == "münchen.example")
        #expect(IDN.unicode("ｅｘａｍｐｌｅ。test") == "example.test")
        #expect(IDN.ascii("MÜNCHEN.example") == "xn--mnchen-3ya.example")
        #expect(IDN.ascii("mu\u{308}nchen.example") == "xn--mnchen-3ya.example", "composed before it is encoded")
        #expect(IDN.unicode("xn--a-.example") == "xn--a-.example")
        #expect(IDN.unicode("xn--99999999.example") == "xn--99999999.example")
        #expect(IDN.unicode("fass.example") != IDN.unicode("faß.example"))
    }

    @Test("Any bytes of a label decode or do not, quickly", arguments: 0..<200)
    func fuzz(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        var label = ""
        for _ in 0..<50 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            label.append(Array("abcdefghijklmnopqrstuvwxyz0123456789-")[Int(state >> 33) % 37])
        }
        guard let decoded = Punycode.decode(label) else { return }
        if let encoded = Punycode.encode(decoded) { #expect(Punycode.decode(encoded) == decoded) }
    }
}

@Suite("Folding and composing")
struct FoldingTests {
    @Test(
        arguments: [
            ("ANA", "ana"), ("ΣΟΦΟΣ", "σοφοσ"), ("σοφος", "σοφοσ"), ("ſ", "s"), ("I", "i"), ("İ", "İ"), ("ı", "ı"),
            ("ẞ", "ß"),
            ("straße", "straße"), ("K", "k"),
        ]
    )
    func simple(text: String, folded: String) { #expect(CaseFolding.simple(text) == folded) }

    @Test(arguments: [
        ("Ｓｐｒｉｎｇ　２６", "spring 26"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁn", "fin"), ("U\u{308}", "ü"),
        ("İSTANBUL", "istanbul"), ("I\u{307}STANBUL", "istanbul"), ("ışık", "işik"), ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("ｶﾞﾝﾊﾞ", "ガンバ"), ("ﾊﾟﾘ", "パリ"), ("｢ｱ｣", "「ア」"), ("ﾡￂ", "ㄱㅏ"), ("￥５", "¥5"),
        ("\u{1112}\u{1161}\u{11AB}", "한"), ("ПРИВЕТ", "привет"), ("Й", "й"), ("И\u{306}", "й"),
        ("\u{9C7}\u{9BE}", "\u{9CB}"), ("\u{928}\u{93C}", "\u{929}"), ("\u{5E9}\u{5C1}", "\u{FB2A}"),
        ("𐐀", "𐐨"), ("K", "k"), ("Ω", "ω"), ("ꭰ", "ꭰ"), ("Ꭰ", "ꭰ"),
    ])
    func searchable(text: String, folded: String) {
        #expect(Array(CaseFolding.searchable(text).utf8) == Array(folded.utf8))
    }

    @Test func foldingIsDoneWhenItIsDone() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let blocks: [ClosedRange<UInt32>] =
                    [0x20...0x7F, 0xA0...0x5FF, 0x900...0x11FF, 0x1E00...0x2FFF, 0x3040...0x30FF, 0xFE00...0xFFFF]
                let block = blocks.randomElement(using: &generator) ?? 0...0
                if let scalar = Unicode.Scalar(UInt32.random(in: block, using: &generator)) { text.append(scalar) }
            }
            let once = CaseFolding.searchable(String(text))
            #expect(Array(CaseFolding.searchableBytes(once)) == Array(once.utf8), "\(text.map(\.value))")
        }
    }

    @Test(
        arguments: [
            ("e\u{301}", "\u{E9}"), ("e\u{302}\u{301}", "\u{1EBF}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
            ("\u{AC00}\u{11A8}", "\u{AC01}"),
            ("か\u{3099}", "が"), ("q\u{301}", "q\u{301}"),
        ]
    )
    func composed(text: String, expected: String) {
        #expect(Array(Composition.composed(text).unicodeScalars) == Array(expected.unicodeScalars))
    }
}

@Suite("Phrases in texts")
struct PhraseIndexTests {
    static let index: PhraseIndex<String> = {
        var index = PhraseIndex<String>()
        for name in ["Spring Glow", "Glow", "여름 투어", "김민지", "Mia Chen", "東京"] { index.add(name, name) }
        return index
    }()

    @Test(
        arguments: [
            ("our SPRING  glow!", ["Spring Glow"]), ("glow", ["Glow"]), ("Glow를 위해", ["Glow"]), ("glowing", []),
            ("spring-glow", ["Spring Glow"]),
            ("여름투어입니다", ["여름 투어"]), ("김민지님", ["김민지"]), ("spring, then much later a glow", ["Glow"]), ("", []),
            ("Mia Chen's", ["Mia Chen"]),
            ("在東京都", ["東京"]),
        ]
    )
    func hits(text: String, expected: [String]) {
        #expect(Self.index.hits(in: FoldedText(text)).map(\.payload) == expected)
    }
}

@Suite("Subjects")
struct SubjectLineTests {
    @Test(
        arguments: [
            ("Re: AW: Fwd: Offer", SubjectLine.Kind.reply, "Offer"), ("Offer", .new, "Offer"),
            ("WG: Offer", .forward, "Offer"),
            ("Re[2]: Offer", .reply, "Offer"), ("RE (3) : Offer", .reply, "Offer"), ("回复：报价", .reply, "报价"),
            ("[EXT] Re: [SPRING26] Offer", .reply, "[SPRING26] Offer"), ("[SPRING26] Offer", .new, "[SPRING26] Offer"),
            ("Retro: a story", .new, "Retro: a story"), ("Note: re: it", .new, "Note: re: it"), ("", .new, ""),
            ("Re:", .reply, ""),
            ("TR : Offre", .forward, "Offre"), ("Odp: Oferta", .reply, "Oferta"),
        ]
    )
    func prefixes(subject: String, kind: SubjectLine.Kind, base: String) {
        let line = SubjectLine(subject)
        #expect(line.kind == kind)
        #expect(line.base == base)
    }

    @Test func key() { #expect(SubjectLine("Re: The  Ｏffer ").key == SubjectLine("the offer").key) }
}

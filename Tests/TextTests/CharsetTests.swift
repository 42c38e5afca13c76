import TestSupport
import Testing
import Text

@Suite("Charsets")
struct CharsetTests {
    @Test(
        "What each charset's bytes say",
        arguments: [
            ("utf-8", [0x63, 0xC3, 0xA9], "cé"), ("UTF8", [0xE2, 0x82, 0xAC], "€"),
            ("us-ascii", [0x61, 0xC3, 0xA9], "aé"), ("us-ascii", [0x61, 0xE9], "aé"),
            ("iso-8859-1", [0xE9, 0x80], "é€"), ("latin1", [0xFC], "ü"), ("ISO_8859-1:1987", [0xFC], "ü"),
            ("iso-8859-2", [0xB1], "ą"), ("iso-8859-3", [0xB1], "ħ"), ("iso-8859-4", [0xB1], "ą"),
            ("iso-8859-5", [0xB0], "А"), ("iso-8859-6", [0xC7], "ا"), ("iso-8859-7", [0xE1], "α"),
            ("iso-8859-8-i", [0xE0], "א"), ("iso-8859-9", [0xFE], "ş"), ("iso-8859-10", [0xB1], "ą"),
            ("iso-8859-11", [0xA1], "ก"), ("iso-8859-13", [0xE0], "ą"), ("iso-8859-14", [0xF0], "ŵ"),
            ("iso-8859-15", [0xA4], "€"), ("iso-8859-16", [0xA4], "€"),
            ("windows-1250", [0xB9], "ą"), ("windows-1251", [0xE0], "а"), ("cp1252", [0x80, 0x93], "€“"),
            ("windows-1253", [0xE1], "α"), ("windows-1254", [0xFE], "ş"), ("windows-1255", [0xE0], "א"),
            ("windows-1256", [0xC7], "ا"), ("windows-1257", [0xE0], "ą"), ("windows-1258", [0xFE], "₫"),
            ("koi8-r", [0xC1], "а"), ("KOI8-U", [0xA4], "є"), ("macintosh", [0x8A], "ä"),
            ("gb2312", [0xC4, 0xE3], "你"), ("gbk", [0x81, 0x40], "丂"), ("gb18030", [0xC4, 0xE3], "你"),
            ("big5", [0xA7, 0x41], "你"), ("shift_jis", [0x93, 0xFA], "日"), ("Shift-JIS", [0x87, 0x40], "①"),
            ("euc-jp", [0xC6, 0xFC], "日"), ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x1B, 0x28, 0x42], "日"),
            ("euc-kr", [0xB0, 0xA1], "가"), ("ks_c_5601-1987", [0xB0, 0xA1], "가"), ("cp949", [0x81, 0x41], "갂"),
            ("utf-16", [0xFF, 0xFE, 0x41, 0x00], "A"), ("utf-16", [0xFE, 0xFF, 0x00, 0x41], "A"),
            ("utf-16", [0x00, 0x41], "A"), ("utf-16le", [0x41, 0x00], "A"), ("utf-16be", [0x00, 0x41], "A"),
            ("utf-7", Array("Hi +AOk-".utf8), "Hi é"), ("tis-620", [0xA1], "ก"),
            ("x-unknown", [0xC3, 0xA9], "é"), ("x-unknown", [0x61, 0xE9], "aé"), ("", [0x61], "a"),
        ] as [(String, [UInt8], String)]
    )
    func decode(label: String, bytes: [UInt8], expected: String) {
        #expect(Charset.decode(bytes, label: label) == expected)
    }

    @Test("What cannot be read becomes U+FFFD, and the rest is still read")
    func unreadable() {
        #expect(Charset.decode([0x93, 0xFA, 0xFD, 0x41], label: "shift_jis").hasSuffix("A"))
        #expect(Charset.decode([0x93], label: "shift_jis") == "\u{FFFD}")
        #expect(Charset.decode([0x41, 0x00, 0x42], label: "utf-16le") == "A\u{FFFD}")
        // Cut off inside a character: still UTF-8.
        #expect(Charset.decode(Array("für Mäuse ü".utf8.dropLast()), label: nil) == "für Mäuse \u{FFFD}")
    }

    @Test("Long input goes through the converter in pieces")
    func long() {
        let bytes = [UInt8](repeating: 0xE0, count: 100_000)
        #expect(Charset.decode(bytes, label: "windows-1251") == String(repeating: "а", count: 100_000))
    }

    @Test("Labels that are known")
    func known() {
        #expect(Charset.isKnown("Windows-1252"))
        #expect(!Charset.isKnown("x-unknown"))
    }

    @Test("Random bytes in every charset never break anything", arguments: 0..<4 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let labels = [
            "utf-8", "utf-16", "utf-32", "utf-7", "iso-8859-3", "windows-1255", "koi8-u", "macintosh", "gb18030",
            "big5",
            "euc-tw", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr", "iso-2022-kr", "johab", "viscii", "tis-620",
        ]
        for label in labels {
            for _ in 0..<20 {
                let bytes = (0..<200).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
                #expect(Charset.decode(bytes, label: label).utf8.count <= 200 * 4 * 3)
            }
        }
    }
}

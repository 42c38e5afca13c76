import Message
import Testing

@Suite("Encoded words")
struct EncodedWordTests {
    @Test(
        "Decoding (RFC 2047 §8 and what is sent)",
        arguments: [
            ("=?ISO-8859-1?Q?a?=", "a"),
            ("=?ISO-8859-1?Q?a?= b", "a b"),
            ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
            ("=?ISO-8859-1?Q?a?=   =?ISO-8859-1?Q?b?=", "ab"),
            ("=?ISO-8859-1?Q?a_b?=", "a b"),
            ("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b"),
            ("=?utf-8?Q?caf=C3=A9?=", "café"),
            ("x=?utf-8?q?y?=z", "xyz"),
            ("=?UTF-8*en?B?w7w=?=", "ü"),
            // A character split over two words, in both encodings.
            ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),
            ("=?utf-8?Q?=E2=82?= =?UTF-8?B?rA==?=", "€"),
            ("=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=", "日本"),
            ("=?gb2312?B?xOO6ww==?=", "你好"),
            ("=?x-nobody?Q?caf=C3=A9?=", "café"),
            // Spaces inside the text are broken and common.
            ("=?utf-8?Q?a b?=", "a b"),
            ("=?utf-8?Q?=zz?=", "=zz"),
            ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
            ("=?utf-8?Q?a", "=?utf-8?Q?a"),
            ("=?=?=?", "=?=?=?"), ("a = b", "a = b"), ("", ""),
        ]
    )
    func decode(source: String, expected: String) {
        #expect(EncodedWord.decode(Array(source.utf8)) == expected)
    }

    @Test(
        "What is written is read again, on lines of at most 78 characters, all ASCII",
        arguments: [
            "plain words", "Grüße aus Köln", "日本語の長い件名です。とても長いので、二つ以上の語に分けなければなりません。",
            "Re: [Frühling] Angebot über 1.500 € für drei Reels und eine Story, gültig bis Ende November, bitte bestätigen",
            "looks like =?utf-8?q?one?=", "two  spaces", "👩‍👩‍👧‍👦 family of emoji 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
            String(repeating: "x", count: 2000), String(repeating: "word ", count: 100) + "end",
        ]
    )
    func roundTrip(subject: String) {
        let bytes = ComposedField("Subject", .text(subject)).bytes
        let lines = text(bytes).split(separator: "\r\n").map(String.init)
        #expect(lines.allSatisfy { $0.utf8.count <= 78 })
        #expect(bytes.allSatisfy { $0 < 0x80 })
        #expect(Header(bytes + mail("\n")).text("Subject") == subject)
    }

    @Test(
        "Names are written as atoms, quoted or encoded, and read again",
        arguments: ["Mia Berg", "Berg, Mia \"the\"", "Müller, Jörg", "m@x.example", "李 小龙", "a=?b"]
    )
    func names(name: String) throws {
        let bytes = ComposedField("To", .addresses([Address(name: name, spec: "mia@x.example")])).bytes
        let address = try #require(AddressList(Header(bytes), "To").mailboxes.first)
        #expect(address.displayName == name)
        #expect(address.spec == "mia@x.example")
        #expect(!address.isMalformed)
    }

    @Test("A line end in a value cannot begin another field")
    func injection() {
        for value in [
            ComposedField.Value.text("a\r\nBcc: evil@x.example"), .structured("a\nBcc: evil@x.example"),
            .addresses([Address(name: "a\r\nBcc: x", spec: "mia@x.example")]), .messageIDs(["1\r\nBcc: x"]),
        ] {
            let header = Header(ComposedField("Subject", value).bytes)
            #expect(header.map(\.name) == ["Subject"])
        }
    }
}

import Message
import Testing

@Suite("Transfer encodings")
struct TransferEncodingTests {
    @Test(
        "Base64, tolerant",
        arguments: [
            ("SGVsbG8=", "Hello"), ("SGVs\r\nbG8=", "Hello"), ("SGVsbG8", "Hello"), ("SGV*s bG8=\n", "Hello"),
            ("SGVsbG8=SGVsbG8=", "HelloHello"), ("S", ""), ("", ""), ("====", ""),
        ]
    )
    func base64(source: String, expected: String) {
        #expect(text(TransferEncoding.base64.decode(Array(source.utf8)[...])) == expected)
    }

    @Test(
        "Quoted-printable, tolerant",
        arguments: [
            ("caf=C3=A9", "café"), ("soft=\r\nbreak", "softbreak"), ("soft=\nbreak", "softbreak"),
            ("soft=  \r\nbreak", "softbreak"), ("trail  \r\nx", "trail\r\nx"), ("keep=20\r\nx", "keep \r\nx"),
            ("=zz =4", "=zz =4"), ("end=", "end"), ("lower=c3=a9", "loweré"), ("a=3D", "a="), ("", ""),
        ]
    )
    func quotedPrintable(source: String, expected: String) {
        #expect(text(TransferEncoding.quotedPrintable.decode(Array(source.utf8)[...])) == expected)
    }

    @Test(
        "Encoding gives what decoding reads, on lines of 76",
        arguments: [
            "", "a", "Grüße\r\n.\r\nFrom here\r\n", "trailing \r\n\ttab\t\r\n", String(repeating: "é= ", count: 200),
            "x=\r\n",
        ],
        [TransferEncoding.base64, .quotedPrintable]
    )
    func roundTrip(source: String, encoding: TransferEncoding) {
        let encoded = encoding.encode(Array(source.utf8))
        #expect(text(encoding.decode(encoded[...])) == source)
        #expect(text(encoded).split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        #expect(encoded.allSatisfy { $0 < 0x80 })
    }

    @Test("The limit holds", arguments: [TransferEncoding.base64, .quotedPrintable, .sevenBit])
    func limit(encoding: TransferEncoding) {
        let encoded = encoding.encode([UInt8](repeating: 0x61, count: 1000))
        #expect(encoding.decode(encoded[...], limit: 10).count == 10)
    }

    @Test(
        "Names",
        arguments: [
            ("BASE64 ", "base64"), ("(c) quoted-printable", "quoted-printable"), ("", "7bit"), ("x-uue", "binary"),
        ]
    )
    func names(source: String, expected: String) {
        #expect(TransferEncoding(Array(source.utf8)).name == expected)
    }
}

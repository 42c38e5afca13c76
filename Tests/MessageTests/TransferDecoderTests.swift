import Message
import Testing

@Suite("Transfer decoder")
struct TransferDecoderTests {
    @Test(
        "Cut at every byte, the result is the same",
        arguments: [
            (TransferEncoding.base64, "SGVs\r\nbG8= =SGV*sbG8\r\n", "HelloHello"),
            (.base64, "AAEC", "\u{0}\u{1}\u{2}"),
            (.quotedPrintable, "a=20b=\r\nc =3D \t\r\nd= \t\ne=zz=4=\r f =C3=A9  ", "a bc =\r\nde=zz=4=\r f é  "),
            (.quotedPrintable, "x=0D\ny=\r\r\n==\r\n=", "x\r\ny=\r\r\n="),
            (.eightBit, "a=20b\r\n", "a=20b\r\n"),
        ]
    )
    func split(encoding: TransferEncoding, source: String, expected: String) {
        let bytes = Array(source.utf8)
        for cut in 0...bytes.count {
            var decoder = TransferDecoder(encoding)
            decoder.append(bytes[..<cut])
            decoder.append(bytes[cut...])
            decoder.finish()
            #expect(text(decoder.output) == expected, "cut at \(cut)")
        }
    }

    @Test("The limit gives a prefix of the whole", arguments: [TransferEncoding.base64, .quotedPrintable, .binary])
    func limit(encoding: TransferEncoding) {
        // Blanks that a line's end takes away again do not count.
        let encoded = encoding.encode(Array("line one \r\nline two=\r\n".utf8)) + Array("x \t \r\ny=zz = \r z".utf8)
        let whole = encoding.decode(encoded[...])
        for limit in 0...whole.count {
            #expect(encoding.decode(encoded[...], limit: limit) == Array(whole.prefix(limit)))
        }
    }
}

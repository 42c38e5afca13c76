import SMTPWire
import Testing

@Suite struct XTextTests {
    @Test(arguments: [
        ("", ""), ("abc", "abc"), ("a+b=c", "a+2Bb+3Dc"), ("two words", "two+20words"), ("<>", "<>"), ("ü", "+C3+BC"),
    ])
    func `text is written as xtext and read back`(text: String, encoded: String) {
        #expect(XText.encode(text) == encoded)
        #expect(XText.decode(encoded) == text)
    }

    @Test(arguments: ["+", "a+", "a+2", "a+2b", "a+GG", "a=b", "a b", "ü", "+0D+0A", "+00", "+C3", "a\u{7F}"])
    func `what is not exactly xtext is refused`(encoded: String) {
        #expect(XText.decode(encoded) == nil)
    }
}

@Suite struct ParameterTests {
    @Test func `parameters of MAIL survive storing`() throws {
        var parameters = MailParameters()
        #expect(parameters.text.isEmpty)
        parameters.size = 77
        parameters.body = .eightBitMIME
        parameters.smtpUTF8 = true
        parameters.ret = .full
        parameters.envid = "a b+c"
        parameters.auth = "<>"
        #expect(parameters.text == " SIZE=77 BODY=8BITMIME SMTPUTF8 RET=FULL ENVID=a+20b+2Bc AUTH=<>")
        #expect(try MailParameters(text: parameters.text) == parameters)
        #expect(try MailParameters(text: "") == MailParameters())
    }

    @Test func `parameters of RCPT survive storing`() throws {
        var parameters = RecipientParameters()
        parameters.notify = [.failure, .delay]
        parameters.originalRecipient = .init(kind: "rfc822", address: "ann+x@example.org")
        #expect(parameters.text == " NOTIFY=FAILURE,DELAY ORCPT=rfc822;ann+2Bx@example.org")
        #expect(try RecipientParameters(text: parameters.text) == parameters)
        parameters.notify = .never
        parameters.originalRecipient = .init(kind: "utf-8", address: "müller@example.org")
        #expect(parameters.text == " NOTIFY=NEVER ORCPT=utf-8;müller@example.org")
        #expect(try RecipientParameters(text: parameters.text) == parameters)
    }

    @Test(arguments: [
        ("ann@example.org", "ann@example.org", false), ("\"a b\"@example.org", "\"a b\"@example.org", false),
        ("müller@example.org", "müller@example.org", true), ("ann@bücher.example", "ann@bücher.example", true),
    ])
    func `an address alone is read and written`(text: String, written: String, needsUTF8: Bool) {
        let address = EnvelopeAddress(text)
        #expect(address?.text == written)
        #expect(address?.needsUTF8 == needsUTF8)
    }

    @Test(arguments: ["", "ann", "<ann@example.org>", "ann@example.org ", "ann@example.org>", "a\r\nb@example.org"])
    func `what is no address is none`(text: String) {
        #expect(EnvelopeAddress(text) == nil)
    }
}

import Base
import SMTPWire
import Testing

@Suite struct CommandTests {
    private func parse(_ line: String) throws(SMTPSyntaxError) -> SMTPCommand {
        try SMTPCommand(line: Array(line.utf8).span)
    }

    private func rewrite(_ line: String) throws -> String {
        var output: [UInt8] = []
        try parse(line).encode(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// A line, and the same command as we write it.
    static let commands: [(line: String, written: String)] = [
        ("EHLO client.example.com", "EHLO client.example.com"),
        ("ehlo [192.0.2.1]", "EHLO [192.0.2.1]"),
        ("EHLO [IPv6:2001:db8::1] ", "EHLO [IPv6:2001:db8::1]"),
        ("HELO MY_PC", "HELO MY_PC"),
        ("LHLO relay.example.org", "LHLO relay.example.org"),
        ("MAIL FROM:<>", "MAIL FROM:<>"),
        ("MAIL FROM:<a@example.org>", "MAIL FROM:<a@example.org>"),
        ("mail from: <a@example.org>", "MAIL FROM:<a@example.org>"),
        ("MAIL FROM:<a@example.org> SIZE=1024 BODY=8bitmime", "MAIL FROM:<a@example.org> SIZE=1024 BODY=8BITMIME"),
        (
            "MAIL FROM:<a@example.org> AUTH=<> ENVID=QQ314159 RET=hdrs SMTPUTF8",
            "MAIL FROM:<a@example.org> SMTPUTF8 RET=HDRS ENVID=QQ314159 AUTH=<>"
        ),
        ("MAIL FROM:<a@example.org> AUTH=e+3Dmc2@example.com", "MAIL FROM:<a@example.org> AUTH=e+3Dmc2@example.com"),
        ("MAIL FROM:<@x.example,@y.example:a@example.org>", "MAIL FROM:<a@example.org>"),
        ("MAIL FROM:<\"two words\"@example.org>", "MAIL FROM:<\"two words\"@example.org>"),
        ("MAIL FROM:<\"simple\"@example.org>", "MAIL FROM:<simple@example.org>"),
        ("MAIL FROM:<\"a\\\"b\\\\c\"@example.org>", "MAIL FROM:<\"a\\\"b\\\\c\"@example.org>"),
        ("MAIL FROM:<\"\"@example.org>", "MAIL FROM:<\"\"@example.org>"),
        ("MAIL FROM:<a@[192.0.2.1]>", "MAIL FROM:<a@[192.0.2.1]>"),
        ("MAIL FROM:<a@[IPv6:::1]>", "MAIL FROM:<a@[IPv6:::1]>"),
        ("MAIL FROM:<a@[IPv6:2001:db8::192.0.2.1]>", "MAIL FROM:<a@[IPv6:2001:db8::192.0.2.1]>"),
        ("MAIL FROM:<müller@bücher.example> SMTPUTF8", "MAIL FROM:<müller@bücher.example> SMTPUTF8"),
        ("RCPT TO:<b+tag@example.com>", "RCPT TO:<b+tag@example.com>"),
        ("RCPT TO:<Postmaster>", "RCPT TO:<Postmaster>"),
        ("RCPT TO:<b@example.com> NOTIFY=NEVER", "RCPT TO:<b@example.com> NOTIFY=NEVER"),
        (
            "RCPT TO:<b@example.com> ORCPT=rfc822;b+2Bx@example.com NOTIFY=DELAY,SUCCESS",
            "RCPT TO:<b@example.com> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bx@example.com"
        ),
        ("DATA ", "DATA"), ("rset", "RSET"), ("NOOP anything", "NOOP"), ("QUIT", "QUIT"),
        ("VRFY someone", "VRFY"), ("HELP MAIL", "HELP"), ("StartTLS", "STARTTLS"),
        ("AUTH plain", "AUTH plain"), ("AUTH PLAIN =", "AUTH PLAIN ="), ("AUTH PLAIN AGEAYg==", "AUTH PLAIN AGEAYg=="),
    ]

    @Test(arguments: commands.indices)
    func `a command is understood`(index: Int) throws {
        let (line, written) = Self.commands[index]
        #expect(try rewrite(line) == written + "\r\n")
        #expect(fuzzCommand(Array(line.utf8)))
    }

    static let faulty: [(line: String, kind: SMTPSyntaxError.Kind)] = [
        ("", .unknownCommand), (" EHLO x", .unknownCommand), ("FOO", .unknownCommand), ("EHLO\u{0}x", .unknownCommand),
        ("MAILFROM:<a@example.org>", .unknownCommand),
        ("EHLO", .argument), ("EHLO a b", .argument), ("EHLO a\rb", .argument), ("EHLO <x>", .argument),
        ("MAIL", .argument), ("MAIL FROM", .argument), ("MAIL TO:<a@example.org>", .argument),
        ("MAIL FROM:a@example.org", .path), ("MAIL FROM:<a@example.org", .path), ("MAIL FROM:<a>", .path),
        ("MAIL FROM:<a@>", .path), ("MAIL FROM:<@example.org>", .path), ("MAIL FROM:<a@b@c>", .path),
        ("MAIL FROM:<.a@example.org>", .path), ("MAIL FROM:<a.@example.org>", .path),
        ("MAIL FROM:<a..b@example.org>", .path),
        ("MAIL FROM:<a@-b.example>", .path), ("MAIL FROM:<a@b-.example>", .path), ("MAIL FROM:<a@b..example>", .path),
        ("MAIL FROM:<a@example.org.>", .path), ("MAIL FROM:<a b@example.org>", .path),
        ("MAIL FROM:<\"a\"b@example.org>", .path),
        ("MAIL FROM:<\"a@example.org>", .path), ("MAIL FROM:<a@[192.0.2.256]>", .path),
        ("MAIL FROM:<a@[192.0.2]>", .path),
        ("MAIL FROM:<a@[::1]>", .path), ("MAIL FROM:<a@[IPv6:192.0.2.1]>", .path),
        ("MAIL FROM:<a@[IPv6:1::2::3]>", .path),
        ("RCPT TO:<>", .path), ("MAIL FROM:<a\u{0}@example.org>", .path),
        ("MAIL FROM:<a@example.org>SIZE=1", .parameter), ("MAIL FROM:<a@example.org> =1", .parameter),
        ("MAIL FROM:<a@example.org> SIZE=", .parameterValue), ("MAIL FROM:<a@example.org> SIZE", .parameterValue),
        ("MAIL FROM:<a@example.org> SIZE=-1", .parameterValue), ("MAIL FROM:<a@example.org> SIZE=1e3", .parameterValue),
        ("MAIL FROM:<a@example.org> SIZE=99999999999999999999", .parameterValue),
        ("MAIL FROM:<a@example.org> SIZE=1 SIZE=1", .repeatedParameter),
        ("MAIL FROM:<a@example.org> BODY=BINARYMIME", .parameterValue),
        ("MAIL FROM:<a@example.org> SMTPUTF8=1", .parameterValue),
        ("MAIL FROM:<a@example.org> RET=ALL", .parameterValue),
        ("MAIL FROM:<a@example.org> ENVID=a+zz", .parameterValue),
        ("MAIL FROM:<a@example.org> FOO=1", .unknownParameter),
        ("MAIL FROM:<a@example.org> NOTIFY=NEVER", .unknownParameter),
        ("RCPT TO:<a@example.org> NOTIFY=NEVER,SUCCESS", .parameterValue),
        ("RCPT TO:<a@example.org> NOTIFY=", .parameterValue),
        ("RCPT TO:<a@example.org> NOTIFY=DELAY,DELAY", .parameterValue),
        ("RCPT TO:<a@example.org> NOTIFY=DELAY,", .parameterValue),
        ("RCPT TO:<a@example.org> ORCPT=a@example.org", .parameterValue),
        ("RCPT TO:<a@example.org> ORCPT=;a", .parameterValue),
        ("RCPT TO:<a@example.org> ORCPT=rfc822;", .parameterValue),
        ("RCPT TO:<a@example.org> ORCPT=rfc822;a+0Ab", .parameterValue),
        ("DATA now", .unexpectedArgument), ("RSET x", .unexpectedArgument), ("STARTTLS x", .unexpectedArgument),
        ("AUTH", .argument), ("AUTH PLAIN a b", .unexpectedArgument), ("AUTH PLAIN a", .base64),
        ("AUTH PLAIN AGEAYg", .base64),
    ]

    @Test(arguments: faulty.indices)
    func `a faulty line is told apart`(index: Int) {
        let (line, kind) = Self.faulty[index]
        #expect {
            _ = try parse(line)
        } throws: { error in
            (error as? SMTPSyntaxError)?.kind == kind
        }
    }

    @Test func `what is not UTF-8 is no address`() {
        let line = Array("MAIL FROM:<a".utf8) + [0xFF] + Array("@example.org> SMTPUTF8".utf8)
        #expect(throws: SMTPSyntaxError.self) { _ = try SMTPCommand(line: line.span) }
    }

    @Test func `local parts and domains have limits`() throws {
        let local = String(repeating: "a", count: Limits.localPart)
        let domain = (0..<50).map { _ in "abcd" }.joined(separator: ".")
        _ = try parse("MAIL FROM:<\(local)@\(domain)>")
        #expect(throws: SMTPSyntaxError.self) { _ = try parse("MAIL FROM:<\(local)a@\(domain)>") }
        #expect(throws: SMTPSyntaxError.self) { _ = try parse("MAIL FROM:<a@\(domain + "." + domain)>") }
    }

    @Test(arguments: 0..<commands.count)
    func `mutated commands never get a line break through`(index: Int) {
        var fuzz = FuzzBytes(seed: index)
        let line = Array(Self.commands[index].line.utf8)
        for _ in 0..<300 {
            let bytes = fuzz.mutated(line)
            #expect(fuzzCommand(bytes), "\(bytes)")
        }
    }
}

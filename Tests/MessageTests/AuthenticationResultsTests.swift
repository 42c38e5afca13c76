import Message
import Testing

@Suite("Authentication-Results")
struct AuthenticationResultsTests {
    @Test("Methods, reasons, comments and properties (RFC 8601 §2.2)")
    func results() throws {
        let parsed = try #require(
            AuthenticationResults(
                Array(
                    "mx.room.example 1; spf=pass (ip; ok) smtp.mailfrom=mia@x.example; dkim=fail reason=\"bad; key\" header.d=x.example header.i=@x.example; DMARC / 1 = Pass (p=reject) header.from=x.example"
                        .utf8
                )
            )
        )
        #expect(parsed.authservID == "mx.room.example")
        #expect(parsed.results.map(\.method) == ["spf", "dkim", "dmarc"])
        #expect(parsed.result(of: "dmarc") == "pass")
        #expect(parsed.result(of: "dkim") == "fail")
        #expect(parsed.results.first?.properties.map(\.name) == ["smtp.mailfrom"])
        #expect(parsed.results.last?.properties.first?.value == "x.example")
        #expect(parsed.result(of: "arc") == nil)
    }

    @Test("None, and nothing at all")
    func none() throws {
        #expect(try #require(AuthenticationResults(Array("mx.room.example; none".utf8))).results.isEmpty)
        #expect(AuthenticationResults(Array("".utf8)) == nil)
        #expect(AuthenticationResults(Array("; dmarc=pass".utf8)) == nil)
    }

    @Test("Only the first field with our authserv-id counts (MATCHING 3)")
    func first() {
        let header = parsed(
            "Authentication-Results: evil.example; dmarc=pass\nAuthentication-Results: MX.room.example;\n dmarc=fail\nAuthentication-Results: mx.room.example; dmarc=pass\n\n"
        ).header
        #expect(AuthenticationResults.first(in: header, authservID: "mx.room.example")?.result(of: "dmarc") == "fail")
        #expect(AuthenticationResults.first(in: header, authservID: "other.example") == nil)
    }

    @Test("A result inside a comment or a quoted string is none")
    func disguised() {
        let parsed = AuthenticationResults(
            Array("mx.example (; dmarc=pass); spf=fail reason=\"; dmarc=pass\" (; dmarc=pass)".utf8)
        )
        #expect(parsed?.results.map(\.method) == ["spf"])
    }
}

@Suite("Automatic marks")
struct AutomaticMarksTests {
    @Test(
        "Automatic replies and bulk mail (MATCHING 4)",
        arguments: [
            ("Auto-Submitted: auto-replied (vacation)", true, false), ("Auto-Submitted: no", false, false),
            ("Auto-Submitted: auto-generated; x=y", true, false), ("Precedence: auto_reply", true, false),
            ("X-Autoreply: yes", true, false), ("Precedence: Bulk", false, true), ("Precedence: list", false, true),
            ("List-Id: <x.example>", false, true), ("List-Unsubscribe: <mailto:x>", false, true),
            ("List-Id: <x.example>\nAuto-Submitted: auto-replied", true, false), ("Subject: x", false, false),
        ]
    )
    func marks(fields: String, isAutomatic: Bool, isBulk: Bool) {
        let marks = AutomaticMarks(parsed(fields + "\n\n").header)
        #expect(marks.isAutomaticReply == isAutomatic)
        #expect(marks.isBulk == isBulk)
    }
}

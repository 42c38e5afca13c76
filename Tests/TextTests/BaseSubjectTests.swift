import Testing

@testable import Text

@Suite struct BaseSubjectTests {
    @Test(
        "what programs put around a subject goes (RFC 5256 §2.1)",
        arguments: [
            ("Spring", "Spring", false),
            ("", "", false),
            ("  Spring \t offer  ", "Spring offer", false),
            ("Re: Spring", "Spring", true),
            ("re :Spring", "Spring", true),
            ("RE: FW: Fwd: Spring", "Spring", true),
            ("Re[2]: Spring", "Spring", true),
            ("Re [a b]  : Spring", "Spring", true),
            ("Spring (fwd)", "Spring", true),
            ("Spring (FWD)  (fwd) ", "Spring", true),
            ("[list] Spring", "Spring", false),
            ("[list] [two] Re: Spring", "Spring", true),
            ("Re: [list] Spring", "Spring", true),
            ("[list] Re: [list] Re: Spring", "Spring", true),
            ("[list]", "[list]", false),
            ("[one] [two]", "[two]", false),
            ("Re: [list]", "[list]", true),
            ("[fwd: Spring]", "Spring", true),
            ("[Fwd: [Fwd: Re: Spring (fwd)]]", "Spring", true),
            ("Re: [fwd: Spring] (fwd)", "Spring", true),
            ("[fwd: Spring", "[fwd: Spring", false),
            ("[fwd:]", "", true),
            ("Re:", "", true),
            ("(fwd)", "", true),
            ("Re", "Re", false),
            ("Regards: all", "Regards: all", false),
            ("Fwdx: all", "Fwdx: all", false),
            ("AW: Spring", "AW: Spring", false),
            ("[a[b] Spring", "[a[b] Spring", false),
            ("[x", "[x", false),
            ("Re: über [Größe]", "über [Größe]", true),
            ("回复: Spring", "回复: Spring", false),
        ]
    )
    func base(subject: String, text: String, isReply: Bool) {
        let base = BaseSubject(subject)
        #expect(base.text == text)
        #expect(base.isReplyOrForward == isReply)
    }

    @Test("a base subject is its own base subject", arguments: ["[a] Re: [b] c", "x (fwd) Re: y", "[fwd: [q] z]"])
    func idempotent(subject: String) {
        let base = BaseSubject(subject)
        #expect(BaseSubject(base.text).text == base.text)
    }

    @Test("a subject made to be slow is stripped in one pass")
    func hostile() {
        let marks = String(repeating: "[]", count: 50_000)
        #expect(BaseSubject(marks).text == "[]")
        #expect(BaseSubject(marks + "x").text == "x")
        #expect(BaseSubject(String(repeating: "re:", count: 30_000)).text.isEmpty)
        #expect(BaseSubject(String(repeating: "[fwd:", count: 20_000)).text.utf8.count == 100_000)
    }
}

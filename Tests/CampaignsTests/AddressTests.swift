import Campaigns
import Testing

@Suite("MATCHING §1: normalising addresses")
struct AddressTests {
    @Test(
        "§1.2, §1.3, §1.4: one mailbox, two spellings",
        arguments: [
            ("ana@post.example", "ANA@Post.Example"),
            ("ana@post.example", "ana@post.example."),
            ("cleo@münchen.example", "cleo@xn--mnchen-3ya.example"),
            ("cleo@münchen.example", "cleo@MU\u{308}NCHEN.example"),
            ("jos\u{E9}@post.example", "jose\u{301}@post.example"),
            ("ΣΟΦΟΣ@post.example", "σοφος@post.example"),
            ("ana.torres@gmail.com", "anatorres@googlemail.com"),
            ("ana.torres@gmail.com", "A.n.a.torres+shop@gmail.com"),
        ]
    )
    func same(left: String, right: String) {
        #expect(Address(local(left), domain(left)).key == Address(local(right), domain(right)).key)
    }

    @Test(
        "§1.5: elsewhere dots, underscores and hyphens are different people",
        arguments: [
            ("a.na@post.example", "ana@post.example"),
            ("a_na@post.example", "a-na@post.example"),
            ("ana@post.example", "ana@mail.post.example"),
            ("ana+shop@post.example", "ana@post.example"),
            ("strau\u{DF}@post.example", "strauss@post.example"),
        ]
    )
    func different(left: String, right: String) {
        #expect(Address(local(left), domain(left)).key != Address(local(right), domain(right)).key)
    }

    @Test("§1.5: a suffix is dropped only on asking")
    func suffix() throws {
        let key = try #require(Address("ana+shop@post.example")).key
        #expect(key.suffix == "shop")
        #expect(key.withoutSuffix == Address("ana@post.example")?.key)
        #expect(Address("ana@post.example")?.key.withoutSuffix == nil)
        #expect(Address("+ana@post.example")?.key.withoutSuffix == nil)
    }

    @Test(
        "What is no address in a file is refused",
        arguments: ["", "ana", "@post.example", "ana@", "a b@post.example", "<ana@post.example>", "ana@post..example"]
    )
    func refused(text: String) { #expect(Address(text) == nil) }

    private func local(_ text: String) -> String { String(text.prefix { $0 != "@" }) }
    private func domain(_ text: String) -> String { String(text.drop { $0 != "@" }.dropFirst()) }
}

extension Address {
    fileprivate init(_ local: String, _ domain: String) { self.init(local: local, domain: domain) }
}

@Suite("Patterns of notices")
struct TextPatternTests {
    @Test(
        "The whole line fits, case and white space aside",
        arguments: [
            ("New message from {name} (@{handle})", "new  MESSAGE from Ana (T.) (@ana.creates)", "ana.creates"),
            ("{handle} commented", "@Ana_1 commented", "@ana_1"),
            ("From: {handle}", "From: ana-b", "ana-b"),
        ]
    )
    func fits(pattern: String, line: String, handle: String) throws {
        #expect(try TextPattern(pattern).matches(wholeLine: line)?["handle"] == handle)
    }

    @Test(
        "A part of a line does not fit",
        arguments: [
            ("{handle} commented", "ana commented on this"), ("{handle} commented", "ana and bo commented"),
            ("{handle} commented", " commented"), ("hi {handle}", "she said hi ana"),
        ]
    )
    func doesNotFit(pattern: String, line: String) throws {
        #expect(try TextPattern(pattern).matches(wholeLine: line) == nil)
    }

    @Test func faultsAreTold() {
        #expect(throws: TextPattern.Fault.openBrace) { try TextPattern("a {handle") }
        #expect(throws: TextPattern.Fault.openBrace) { try TextPattern("a } b") }
        #expect(throws: TextPattern.Fault.badPlace("")) { try TextPattern("a {}") }
        #expect(throws: TextPattern.Fault.placesTouch("name")) { try TextPattern("x {handle}{name}") }
        #expect(throws: TextPattern.Fault.twice("name")) { try TextPattern("{name} x {name}") }
        #expect(throws: TextPattern.Fault.noText) { try TextPattern("{name}") }
    }
}

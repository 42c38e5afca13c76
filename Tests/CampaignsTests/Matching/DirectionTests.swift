import Campaigns
import Testing

@Suite("MATCHING §2: direction")
struct DirectionTests {
    @Test(
        arguments: [
            ("collabs@brand.example", ["ana@post.example"], Direction.outbound),
            ("collabs@brand.example", ["ben@brand.example", "ana@post.example"], .outbound),
            ("ben@brand.example", ["collabs+spring@brand.example"], .internal),
            ("ana@post.example", ["collabs@brand.example"], .inbound),
            ("ben@sub.brand.example", ["ana@post.example"], .inbound),
        ]
    )
    func direction(from: String, to: [String], expected: Direction) {
        #expect(World.match(World.inbound(from: from, to: to)).direction == expected)
    }

    @Test("An own From with dmarc=fail is a suspicious inbound message")
    func forgedOwn() {
        var input = World.inbound(from: "ben@brand.example")
        input.authenticationResults = [World.verdict("mx.brand.example; dmarc=fail header.from=brand.example")]
        let match = World.match(input)
        #expect(match.direction == .inbound)
        #expect(match.isSuspicious)
        #expect(match.confidence == .none)
    }
}

@Suite("MATCHING §3: trust")
struct TrustTests {
    @Test("§3.1: only our own server's first field counts")
    func verdicts() {
        var input = World.inbound(from: "ana@post.example")
        input.authenticationResults = [World.verdict("other.example; dmarc=fail")]
        #expect(World.match(input).creators.attached == ["ana"])
        input.authenticationResults = [
            World.verdict("MX.brand.example; dmarc=none"), World.verdict("mx.brand.example; dmarc=fail"),
        ]
        #expect(World.match(input).creators.attached == ["ana"])
        input.authenticationResults = [World.verdict("mx.brand.example; spf=pass; dmarc=fail")]
        let match = World.match(input)
        #expect(match.isSuspicious)
        #expect(match.creators.keys.isEmpty)
        #expect(match.reason == "3.1 dmarc=fail")
        #expect(!match.countsAsReply)
    }

    @Test("§3.1: without an authserv-id no field is believed")
    func withoutID() {
        var input = World.inbound(from: "ana@post.example")
        input.authenticationResults = [World.verdict("mx.brand.example; dmarc=fail")]
        let matcher = Matcher(directory: World.directory, authservID: nil)
        #expect(matcher.match(input, in: ThreadHistory()).creators.attached == ["ana"])
    }

    @Test("§3.2: From that is broken as evidence")
    func brokenFrom() {
        var two = World.inbound(from: "ana@post.example")
        two.fromFieldCount = 2
        #expect(World.match(two).isSuspicious)
        var none = World.inbound(from: "ana@post.example")
        none.from = []
        #expect(World.match(none).isSuspicious)
    }

    @Test(
        "§3.2: a known, own or agency address shown, and another one behind it",
        arguments: ["ana@post.example", "Ben (ben@brand.example)", "X <any@STARS.example>", "ana＠post.example"]
    )
    func masked(name: String) {
        let match = World.match(World.inbound(from: "evil@elsewhere.example", name: name))
        #expect(match.isSuspicious)
        #expect(match.creators.keys.isEmpty)
    }

    @Test("§3.2: somebody's second listed address, or their own one, is no mask")
    func honestName() {
        #expect(
            World.match(World.inbound(from: "ana@post.example", name: "ana.torres@gmail.com")).creators.attached == [
                "ana"
            ]
        )
        #expect(!World.match(World.inbound(from: "eve@else.example", name: "eve@else.example")).isSuspicious)
    }

    @Test(
        "§3.3: look-alikes",
        arguments: [
            "аna@post.example", "ana@p0st.example", "ana@pos.example", "ana@psot.example", "ana@post.example.evil.test",
            "any@post.example-mail.test", "ben@brand.examp1e", "any@brаnd.example", "anyone@rnail.instagram.example",
            "x@mail.instagrarn.example", "bo@studIo.example.net", "ana@post.exampIe",
        ]
    )
    func imitation(from: String) {
        let match = World.match(World.inbound(from: from))
        #expect(match.isSuspicious, "\(from)")
        #expect(match.confidence == .none)
        #expect(match.channel == .email)
    }

    @Test(
        "§3.3: strangers who imitate nobody",
        arguments: [
            "eve@post.example", "ana@gmx.example", "maria@studio.example", "hello@shop.test", "ana@stud10.test",
        ]
    )
    func honest(from: String) { #expect(!World.match(World.inbound(from: from)).isSuspicious, "\(from)") }

    @Test("§3: inside a known thread the thread's creator and campaign are candidates")
    func inThread() {
        let history = World.history(World.outbound(to: ["ana@post.example"], id: "o1"))
        var input = World.inbound(from: "ana@p0st.example", answering: "o1", text: "this is @anatok")
        let match = World.match(input, history)
        #expect(match.creators.candidates == ["ana"])
        #expect(match.creators.attached.isEmpty)
        #expect(match.campaigns.candidates == ["spring"])
        #expect(match.confidence == .ambiguous)
        input.inReplyTo = []
        #expect(World.match(input, history).confidence == .none)
    }
}

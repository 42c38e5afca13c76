import Campaigns
import Testing

@Suite("MATCHING §5.1, §5.2: platforms and marketplaces")
struct NoticeTests {
    @Test("§5.1: the handle of the acting account is certain")
    func directMessage() {
        let match = World.match(notice("Ana (@ana.creates) sent you a message"))
        #expect(match.creators.attached == ["ana"])
        #expect(match.creators.confidence == .certain)
        #expect(match.channel == "instagram")
        #expect(match.countsAsReply)
        #expect(match.campaign == "spring")
        #expect(match.reason.hasPrefix("5.1 "))
    }

    @Test(
        "§5.1: unknown handles, several actors, security and other notices are nobody's",
        arguments: [
            "Ana (@somebody) sent you a message", "ana.creates and 3 others sent you messages",
            "New login for ana.creates",
            "ana.creates, this week on Instagram", "ana.creates (@nobody.here) sent you a message",
        ]
    )
    func none(subject: String) {
        var input = notice(subject)
        input.text = "@ana.creates wrote: I am @ana.creates"
        input.freshText = input.text
        let match = World.match(input)
        #expect(match.creators.keys.isEmpty)
        #expect(match.channel == "instagram")
        #expect(!match.countsAsReply)
    }

    @Test("§8: a comment is attached and is no reply")
    func comment() {
        let match = World.match(notice("ana.creates commented on your post"))
        #expect(match.creators.attached == ["ana"])
        #expect(!match.countsAsReply)
    }

    @Test("INV-5, DESIGN §8: without a pass, or with a fail, a notice is nobody's")
    func unproven() {
        var input = notice("Ana (@ana.creates) sent you a message")
        input.authenticationResults = []
        #expect(World.match(input).creators.keys.isEmpty)
        #expect(World.match(input).channel == .email)
        input.authenticationResults = [World.verdict("mx.brand.example; dmarc=fail")]
        #expect(World.match(input).isSuspicious)
        input.authenticationResults = [World.verdict("mx.brand.example; dkim=pass header.d=evil.test")]
        #expect(World.match(input).creators.keys.isEmpty)
        input.authenticationResults = [World.verdict("mx.brand.example; dkim=pass header.d=mail.instagram.example")]
        #expect(World.match(input).creators.attached == ["ana"])
    }

    @Test("§5.1: a platform's notices carry List-Unsubscribe; that makes them no noise")
    func listed() {
        var input = notice("Ana (@ana.creates) sent you a message")
        input.marks.isBulk = true
        #expect(World.match(input).creators.attached == ["ana"])
    }

    @Test("§5.2: the template's handle and platform, then the relay address")
    func marketplace() {
        var first = World.inbound(from: "c-77@relay.hub.example", id: "h1", passed: true)
        first.text = "anatok on TikTok wrote:\nHi!"
        let match = World.match(first)
        #expect(match.creators.attached == ["ana"])
        #expect(match.creators.confidence == .certain)
        #expect(match.channel == .marketplace)
        #expect(match.countsAsReply)
        let history = World.history(first)
        let second = World.match(World.inbound(from: "c-77@relay.hub.example", passed: true), history)
        #expect(second.creators.attached == ["ana"])
        #expect(second.campaigns.reason?.rule == "6.3")
        let answer = World.match(World.outbound(to: ["c-77@relay.hub.example"]), history)
        #expect(answer.creators.attached == ["ana"])
        #expect(answer.channel == .marketplace)
        let other = World.match(World.inbound(from: "c-78@relay.hub.example", passed: true), history)
        #expect(other.creators.keys.isEmpty)
    }

    @Test("§5.2: a handle on another platform than the one named is nobody's")
    func otherPlatform() {
        var input = World.inbound(from: "c-1@relay.hub.example", passed: true)
        input.text = "ana.creates on TikTok wrote:"
        #expect(World.match(input).creators.keys.isEmpty)
        input.text = "Ana Torres on TikTok wrote:"
        #expect(World.match(input).creators.keys.isEmpty)
    }

    private func notice(_ subject: String) -> MatchInput {
        World.inbound(from: "no-reply@mail.instagram.example", subject: subject, passed: true)
    }
}

@Suite("MATCHING §5.3, §5.4, §5.9: addresses")
struct AddressRuleTests {
    @Test("§5.4: a listed address is certain, one reached without its suffix likely")
    func known() {
        let exact = World.match(World.inbound(from: "ana@post.example"))
        #expect(exact.creators.attached == ["ana"])
        #expect(exact.creators.confidence == .certain)
        #expect(exact.reason == "5.4 known address ana@post.example; 6.6 only open campaign")
        #expect(exact.countsAsReply)
        #expect(World.match(World.inbound(from: "a.natorres+x@googlemail.com")).creators.confidence == .certain)
        #expect(World.match(World.inbound(from: "cleo@xn--mnchen-3ya.example")).creators.attached == ["cleo"])
        let suffixed = World.match(World.inbound(from: "ana+x@post.example"))
        #expect(suffixed.creators.attached == ["ana"])
        #expect(suffixed.creators.confidence == .likely)
    }

    @Test("§5.4: a creator in another creator's thread is attached to the writer")
    func outranksThread() {
        let history = World.history(World.outbound(to: ["ana@post.example"], id: "o1"))
        let match = World.match(World.inbound(from: "bo@studio.example", answering: "o1"), history)
        #expect(match.creators.attached == ["bo"])
        #expect(match.campaigns.keys.isEmpty, "§6.3: nor inherits its campaign")
    }

    @Test("§5.4: outbound mail is every known recipient's, blind ones too")
    func recipients() {
        var input = World.outbound(to: ["ana@post.example", "someone@else.test"])
        input.bcc = [Correspondent(address: World.address("bo@studio.example"))]
        let match = World.match(input)
        #expect(match.direction == .outbound)
        #expect(match.creators.attached == ["ana", "bo"])
        #expect(match.creators.confidence == .certain)
        #expect(!match.countsAsReply)
    }

    @Test("§5.3: a web form goes by Reply-To, likely")
    func form() {
        var input = World.inbound(from: "forms@hosted.example")
        input.replyTo = [Correspondent(address: World.address("ana@post.example"))]
        let match = World.match(input)
        #expect(match.creators.attached == ["ana"])
        #expect(match.creators.confidence == .likely)
        #expect(match.direction == .inbound)
        #expect(match.countsAsReply)
    }

    @Test("§5.9: a known address in Reply-To or Cc of a stranger is a candidate")
    func bystander() {
        var input = World.inbound(from: "eve@else.test")
        input.replyTo = [Correspondent(address: World.address("ana@post.example"))]
        input.cc = [Correspondent(address: World.address("bo@studio.example"))]
        #expect(World.match(input).creators.candidates == ["ana"])
        #expect(World.match(input).creators.attached.isEmpty)
        input.replyTo = []
        #expect(World.match(input).creators.candidates == ["bo"])
        input.cc.append(Correspondent(address: World.address("ana@post.example")))
        #expect(World.match(input).creators.keys.isEmpty)
    }

    @Test("An address of two records is for a person to decide")
    func shared() {
        let twice = World.creators + [Creator(id: "zoe", name: "Zoe", addresses: [World.address("ana@post.example")])]
        let matcher = Matcher(directory: Directory(creators: twice, own: World.own), authservID: nil)
        let match = matcher.match(World.inbound(from: "ana@post.example"), in: ThreadHistory())
        #expect(match.creators.candidates == ["ana", "zoe"])
        let out = matcher.match(World.outbound(to: ["ana@post.example"]), in: ThreadHistory())
        #expect(out.creators.candidates == ["ana", "zoe"])
    }

    @Test("§3.2: a second author whom nobody knows makes the first no evidence")
    func coauthor() {
        var input = World.inbound(from: "eve@else.test")
        input.from.append(Correspondent(address: World.address("ana@post.example")))
        #expect(World.match(input).creators.candidates == ["ana"])
    }
}

@Suite("MATCHING §5.5: agencies")
struct AgencyTests {
    @Test(
        "§5.5a: one of its own creators by handle or full name, in any order and script",
        arguments: [
            ("About Mia Chen", "", "mia"), ("Rates", "陈美雅的报价", "mia"), ("Rates", "from @mia.c", "mia"),
            ("Rates", "Chen, Mina is free", "mina"), ("김민지님 일정", "", "kim"), ("Hello", "Ms. Minji Kim agrees", "kim"),
        ]
    )
    func named(subject: String, text: String, creator: CreatorID) {
        let match = World.match(World.inbound(from: "agent@stars.example", subject: subject, text: text))
        #expect(match.creators.attached == [creator])
        #expect(match.creators.confidence == .likely)
        #expect(match.countsAsReply)
    }

    @Test("§5.5a: certain in the thread of that same creator, and before any thread of another")
    func namedInThread() {
        let history = World.history(named(id: "m1", "Mia Chen"))
        var reply = World.inbound(from: "agent@stars.example", answering: "m1", text: "Mia Chen agrees")
        #expect(World.match(reply, history).creators.confidence == .certain)
        reply.freshText = "Mina Chen agrees"
        #expect(World.match(reply, history).creators.attached == ["mina"])
        #expect(World.match(reply, history).creators.confidence == .likely)
    }

    @Test("§5.5b to d: copied address, thread, signal")
    func narrower() {
        let copied = World.inbound(from: "agent@stars.example", to: ["collabs@brand.example", "mina@own.example"])
        #expect(World.match(copied).creators.attached == ["mina"])
        let history = World.history(named(id: "m1", "Mia Chen"))
        let reply = World.match(World.inbound(from: "stars.agency@gmail.com", answering: "m1"), history)
        #expect(reply.creators.attached == ["mia"])
        #expect(reply.creators.confidence == .certain)
        let signal = World.match(World.inbound(from: "agent@stars.example", to: ["collabs+spring@brand.example"]))
        #expect(signal.creators.attached == ["mia"])
        #expect(signal.creators.confidence == .likely)
        #expect(signal.campaign == "spring")
    }

    @Test("§5.5e: a shared name narrows, no name leaves all of them")
    func ambiguous() {
        let shared = World.match(World.inbound(from: "agent@stars.example", text: "The Chen sisters say hi"))
        #expect(shared.creators.candidates == ["mia", "mina"])
        let none = World.match(World.inbound(from: "agent@stars.example", name: "Mina Wolf", text: "Best, Mina"))
        #expect(none.creators.candidates == ["kim", "mia", "mina"], "the agent's own name is no creator's")
        #expect(none.creators.confidence == .ambiguous)
        #expect(none.campaigns.confidence == .none)
        let stranger = World.match(World.inbound(from: "agent@stars.example", text: "Ana Torres"))
        #expect(stranger.creators.attached.isEmpty, "not one of its own")
    }

    private func named(id: String, _ name: String) -> MatchInput {
        World.inbound(from: "agent@stars.example", id: id, text: name)
    }
}

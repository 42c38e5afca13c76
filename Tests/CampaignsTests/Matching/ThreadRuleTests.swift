import Campaigns
import Testing

@Suite("MATCHING §5.6, §5.8, §5.10, §6.3: threads and forwards")
struct ThreadRuleTests {
    static let history = World.history(
        World.outbound(to: ["ana@post.example"], id: "o1"),
        World.outbound(to: ["ana@post.example", "bo@studio.example"], id: "o2")
    )

    @Test("§5.6: an unknown address in a known thread is likely its creator")
    func unknown() {
        let match = World.match(World.inbound(from: "ana.private@else.test", answering: "o1"), Self.history)
        #expect(match.creators.attached == ["ana"])
        #expect(match.creators.confidence == .likely)
        #expect(match.campaign == "spring")
        #expect(match.confidence == .likely)
        #expect(match.countsAsReply)
    }

    @Test("§0: the last known id of References counts where In-Reply-To is not known")
    func references() {
        var input = World.inbound(from: "x@else.test", answering: "lost")
        input.references = ["o2", "o1", "unknown"]
        #expect(World.match(input, Self.history).creators.attached == ["ana"])
    }

    @Test("§5.6: a thread of several creators gives candidates")
    func several() {
        let match = World.match(World.inbound(from: "x@else.test", answering: "o2"), Self.history)
        #expect(match.creators.candidates == ["ana", "bo"])
        #expect(match.creators.attached.isEmpty)
    }

    @Test("§5.6: another creator's handle as the sender's own makes it a question")
    func otherHandle() {
        let input = World.inbound(from: "x@else.test", answering: "o1", text: "Hi, this is @bo_films")
        #expect(World.match(input, Self.history).creators.candidates == ["ana", "bo"])
    }

    @Test("§0: an id of several known messages has no parent but what they agree on")
    func sharedID() {
        let history = World.history(
            World.outbound(to: ["ana@post.example"], id: "same"),
            World.outbound(to: ["bo@studio.example"], id: "same")
        )
        let match = World.match(World.inbound(from: "x@else.test", answering: "same"), history)
        #expect(match.creators.candidates == ["ana", "bo"])
    }

    @Test("§5.6: nothing is surer than the message it rests on")
    func uncertainParent() {
        var history = Self.history
        let odd = World.inbound(from: "ana@p0st.example", id: "s1", answering: "o1")
        history.record(odd, World.match(odd, history), in: World.directory)
        let match = World.match(World.inbound(from: "y@else.test", answering: "s1"), history)
        #expect(match.creators.candidates == ["ana"])
    }

    @Test("§5.10: internal mail keeps the thread's creator and campaign")
    func internalMail() {
        let input = World.inbound(from: "ben@brand.example", to: ["collabs@brand.example"], answering: "o1")
        let match = World.match(input, Self.history)
        #expect(match.creators.attached == ["ana"])
        #expect(match.creators.confidence == .certain)
        #expect(match.campaign == "spring")
        #expect(!match.countsAsReply)
        let other = World.match(World.inbound(from: "ben@brand.example", to: ["collabs@brand.example"]))
        #expect(other.creators.keys.isEmpty)
        #expect(other.confidence == .none)
    }

    @Test("§5.8: a teammate's forward belongs to the author forwarded")
    func forward() {
        var input = World.inbound(from: "ben@brand.example", subject: "Fwd: [SPRING26] rates")
        input.quotedHeaders = [
            MatchInput.InnerMessage(from: [World.address("ben@brand.example")]),
            MatchInput.InnerMessage(from: [World.address("ana@post.example")], subject: "[SPRING26] rates"),
        ]
        let match = World.match(input)
        #expect(match.direction == .internal)
        #expect(match.creators.attached == ["ana"])
        #expect(match.creators.confidence == .likely)
        #expect(match.campaign == "spring")
        #expect(match.countsAsReply)
        input.quotedHeaders = [MatchInput.InnerMessage(from: [World.address("eve@else.test")])]
        #expect(World.match(input).creators.keys.isEmpty)
        input.attachedMessages = [MatchInput.InnerMessage(from: [World.address("bo@studio.example")])]
        #expect(World.match(input).creators.attached == ["bo"])
    }

    @Test("§5.8, §3: a block forwarded by a stranger is no evidence; a reply above one is no forward")
    func notForwarded() {
        var stranger = World.inbound(from: "eve@else.test", subject: "Fwd: rates")
        stranger.quotedHeaders = [MatchInput.InnerMessage(from: [World.address("ana@post.example")])]
        #expect(World.match(stranger).creators.keys.isEmpty)
        var reply = World.inbound(from: "ben@brand.example", subject: "Re: rates")
        reply.quotedHeaders = [MatchInput.InnerMessage(from: [World.address("ana@post.example")], isForwarded: false)]
        #expect(World.match(reply).creators.keys.isEmpty)
    }
}

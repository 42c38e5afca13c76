import Campaigns
import Testing

@Suite("MATCHING §4: noise")
struct NoiseTests {
    @Test(
        "§4.1: bulk mail from no creator gets nothing",
        arguments: ["news@shop.test", "news@stars.example", "digest@hub.example"]
    )
    func bulk(from: String) {
        var input = World.inbound(
            from: from,
            subject: "@ana.creates for Spring Glow",
            text: "this is @ana.creates",
            passed: true
        )
        input.marks.isBulk = true
        let match = World.match(input)
        #expect(match.creators.keys.isEmpty)
        #expect(match.campaigns.keys.isEmpty)
        #expect(match.isNoise)
        #expect(!match.countsAsReply)
    }

    @Test("§4.2: bulk mail from a creator: the creator, no campaign, no reply")
    func creatorsBulk() {
        var input = World.inbound(from: "ana@post.example", subject: "[SPRING26]")
        input.marks.isBulk = true
        let match = World.match(input)
        #expect(match.creators.attached == ["ana"])
        #expect(match.creators.confidence == .certain)
        #expect(match.campaigns.keys.isEmpty)
        #expect(!match.countsAsReply)
    }

    @Test("§4.3: an automatic reply is attached and never counts")
    func automatic() {
        let history = World.history(World.outbound(to: ["ana@post.example"], id: "o1"))
        var input = World.inbound(from: "ana@post.example", answering: "o1")
        input.marks.isAutomaticReply = true
        #expect(World.match(input, history).creators.attached == ["ana"])
        #expect(!World.match(input, history).countsAsReply)
        input.from = [Correspondent(address: World.address("assistant@else.test"))]
        let match = World.match(input, history)
        #expect(match.creators.attached == ["ana"])
        #expect(match.creators.confidence == .certain, "as surely as what it answers")
    }

    @Test("§4.3: a delivery report goes by its original; the failed recipient decides among several")
    func report() {
        let history = World.history(World.outbound(to: ["ana@post.example", "bo@studio.example"], id: "o1"))
        var input = World.inbound(from: "mailer-daemon@mx.test")
        input.report = MatchInput.Report(originalID: "o1", failedRecipients: [World.address("bo@studio.example")])
        let match = World.match(input, history)
        #expect(match.creators.attached == ["bo"])
        #expect(!match.countsAsReply)
        input.report = MatchInput.Report(originalID: "never-seen")
        #expect(World.match(input, history).isNoise)
        #expect(World.match(input, history).creators.keys.isEmpty)
    }
}

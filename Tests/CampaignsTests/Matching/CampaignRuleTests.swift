import Campaigns
import Testing

@Suite("MATCHING §6: campaign")
struct CampaignRuleTests {
    @Test("§6.1: a fresh plus token is certain, an unknown one no signal")
    func token() {
        let token = World.match(World.inbound(from: "cleo@münchen.example", to: ["Collabs+SUMMER@brand.example"]))
        #expect(token.campaign == "summer")
        #expect(token.campaigns.confidence == .certain)
        let unknown = World.match(World.inbound(from: "ana@post.example", to: ["collabs+none@brand.example"]))
        #expect(unknown.campaigns.reason?.rule == "6.6")
        #expect(
            World.match(World.inbound(from: "ana@post.example", to: ["collabs+spring@else.test"])).campaigns.reason?
                .rule == "6.6"
        )
    }

    @Test(
        "§6.2: tag, name or alias as a whole phrase in the subject",
        arguments: [
            ("[SPRING26] rates", "spring"), ("Re: (spring26)", "spring"), ("【ＳＰＲＩＮＧ２６】", "spring"),
            ("spring glow!", "spring"),
            ("여름 투어 문의", "summer"), ("About summer  tour", "summer"),
        ]
    )
    func tag(subject: String, campaign: CampaignID) {
        let match = World.match(World.inbound(from: "cleo@münchen.example", subject: subject))
        #expect(match.campaign == campaign)
        #expect(match.campaigns.confidence == .certain)
        #expect(match.campaigns.reason?.rule == "6.2")
    }

    @Test(
        "§6.2: a part of a longer word is no match",
        arguments: ["SPRING261", "springs glow", "midSpring Glow", "summer", "Winters"]
    )
    func noTag(subject: String) {
        #expect(
            World.match(World.inbound(from: "cleo@münchen.example", subject: subject)).campaigns.reason?.rule == "6.6"
        )
    }

    @Test("§6.2: token and tag that disagree are a question")
    func disagree() {
        let input = World.inbound(
            from: "cleo@münchen.example",
            to: ["collabs+summer@brand.example"],
            subject: "[SPRING26]"
        )
        #expect(World.match(input).campaigns.candidates == ["spring", "summer"])
    }

    @Test("§0, §6.3: a signal that the parent carried is not fresh; the thread keeps its campaign")
    func freshness() {
        let history = World.history(World.outbound(to: ["cleo@münchen.example"], id: "o1", subject: "[SPRING26] offer"))
        let reply = World.match(
            World.inbound(from: "cleo@münchen.example", answering: "o1", subject: "Re: [SPRING26] offer"),
            history
        )
        #expect(reply.campaigns.reason?.rule == "6.3")
        #expect(reply.campaign == "spring")
        #expect(reply.campaigns.confidence == .certain)
        let turned = World.inbound(
            from: "cleo@münchen.example",
            to: ["collabs+summer@brand.example"],
            answering: "o1",
            subject: "Re: [SPRING26] offer"
        )
        #expect(World.match(turned, history).campaign == "summer")
    }

    @Test("§6.3: a completed campaign stays the campaign of its thread")
    func completed() {
        let history = World.history(World.outbound(to: ["ana@post.example"], id: "o1", subject: "Winter wrap-up"))
        let match = World.match(
            World.inbound(from: "ana@post.example", answering: "o1", subject: "Re: Winter wrap-up"),
            history
        )
        #expect(match.campaign == "winter")
    }

    @Test("§6.4: a reply without usable ids, by its subject: likely at most")
    func subject() {
        let history = World.history(
            World.outbound(
                to: ["cleo@münchen.example"],
                from: "collabs+summer@brand.example",
                id: "o1",
                subject: "The offer"
            )
        )
        let match = World.match(World.inbound(from: "cleo@münchen.example", subject: "AW: the  Offer"), history)
        #expect(match.campaign == "summer")
        #expect(match.campaigns.confidence == .likely)
        #expect(match.campaigns.reason?.rule == "6.4")
        #expect(World.match(World.inbound(from: "cleo@münchen.example", subject: "The offer"), history).campaign == nil)
        #expect(World.match(World.inbound(from: "x@else.test", subject: "Re: The offer"), history).confidence == .none)
    }

    @Test("§6.5: exactly one campaign named in the text")
    func text() {
        let match = World.match(World.inbound(from: "cleo@münchen.example", text: "for the Summer Tour, yes"))
        #expect(match.campaign == "summer")
        #expect(match.campaigns.confidence == .likely)
        let two = World.match(World.inbound(from: "cleo@münchen.example", text: "Summer Tour or Spring Glow"))
        #expect(two.campaigns.candidates == ["spring", "summer"])
    }

    @Test("§6.6: the only open campaign; several are a question, none is an answer")
    func open() {
        #expect(World.match(World.inbound(from: "ana@post.example")).campaign == "spring")
        #expect(World.match(World.inbound(from: "cleo@münchen.example")).campaigns.candidates == ["spring", "summer"])
        let none = World.match(World.inbound(from: "bo@studio.example"))
        #expect(none.campaigns.keys.isEmpty)
        #expect(none.confidence == .certain)
        let shared = World.match(World.outbound(to: ["ana@post.example", "cleo@münchen.example"]))
        #expect(shared.campaign == "spring")
    }

    @Test("§6: a campaign in which the creator has no record is a conflict inbound, and stands outbound")
    func membership() {
        let inbound = World.match(World.inbound(from: "ana@post.example", subject: "Summer Tour"))
        #expect(inbound.campaigns.candidates == ["spring", "summer"])
        #expect(World.match(World.outbound(to: ["ana@post.example"], subject: "Summer Tour")).campaign == "summer")
        #expect(
            World.match(World.inbound(from: "bo@studio.example", subject: "Summer Tour")).campaign == "summer",
            "declined is a record"
        )
    }

    @Test("§6.7: a stranger's plus token gives the campaign alone; nothing else does")
    func stranger() {
        let match = World.match(World.inbound(from: "x@else.test", to: ["collabs+spring@brand.example"]))
        #expect(match.campaign == "spring")
        #expect(match.campaigns.confidence == .likely)
        #expect(match.creators.confidence == .none)
        #expect(match.confidence == .likely)
        #expect(!match.countsAsReply)
        #expect(World.match(World.inbound(from: "x@else.test", subject: "[SPRING26]")).campaigns.keys.isEmpty)
    }

    @Test("§6.6 reads the live stage, not the file's")
    func liveStage() {
        let directory = Directory(
            creators: World.creators,
            campaigns: World.campaigns,
            own: World.own,
            collaborations: [Collaboration(creator: "ana", campaign: "spring", stage: .declined)]
        )
        #expect(directory.openCampaigns(of: "ana").isEmpty)
        #expect(directory.stage(of: "ana", in: "spring") == .declined)
        #expect(directory.allCampaigns(of: "ana") == ["spring", "winter"])
    }

    @Test(
        "§7: the weaker side",
        arguments: [
            (Confidence.certain, Confidence.likely, Confidence.likely), (.certain, .none, .certain),
            (.none, .none, .none), (.likely, .ambiguous, .ambiguous), (.none, .ambiguous, .ambiguous),
        ]
    )
    func joined(left: Confidence, right: Confidence, expected: Confidence) {
        #expect(left.joined(with: right) == expected)
        #expect(right.joined(with: left) == expected)
    }
}

import Campaigns
import Testing

@Suite("MATCHING §5.7: a handle given as one's own")
struct SelfNamingTests {
    @Test(
        arguments: [
            ("@ana.creates", ""), ("Brand x @ana.creates", ""), ("Hi", "Hello, this is @Ana.Creates."),
            ("Hi", "@ana.creates here, saw your call"), ("Hi", "my TikTok is @anatok"), ("Hi", "ich bin @ana.creates"),
            ("Hi", "저는 @ana.creates입니다"), ("Hi", "@ana.creates です"), ("Hi", "Soy @ana.creates"),
            ("Hi", "I'd love to join.\n\nBest\nA.\nhttps://www.instagram.com/ana.creates/"),
            ("Hi", "I'm in.\n--\nIG: https://instagram.com/ana.creates"),
        ]
    )
    func counts(subject: String, text: String) {
        let match = World.match(World.inbound(from: "x@else.test", subject: subject, text: text))
        #expect(match.creators.attached == ["ana"], "\(subject) | \(text)")
        #expect(match.creators.confidence == .likely)
    }

    @Test(
        arguments: [
            ("Hi", "I saw @ana.creates"), ("Hi", "this is @ana.creates's post"), ("About @ana.creates", ""),
            ("Hi", "we represent @ana.creates"), ("Hi", "this is @ana.create"), ("Hi", "this is @ana.creates_"),
            ("Hi", "this is ana.creates"), ("Hi", "my YouTube is @ana.creates"),
            ("Hi", "mail me: this is x@ana.creates"),
            ("Hi", "see https://instagram.com/p/ana.creates\nBye"),
            ("Hi", "https://www.instagram.com/ana.creates/reel/Cx1"),
            ("Hi", "I love what https://instagram.com/ana.creates does\nBye"),
            ("Hi", "this is @ana.creates and I am @bo_films"),
            ("@ana.creates and @bo_films", ""), ("Hi", "my friend is @ana.creates"),
        ]
    )
    func doesNotCount(subject: String, text: String) {
        let match = World.match(World.inbound(from: "x@else.test", name: "@ana.creates", subject: subject, text: text))
        #expect(match.creators.keys.isEmpty, "\(subject) | \(text)")
    }

    @Test("Without a platform a handle of two creators is a question; with one it is not")
    func twoPlatforms() {
        #expect(
            World.match(World.inbound(from: "x@else.test", text: "this is @twin")).creators.candidates == [
                "bo", "cleo",
            ]
        )
        #expect(World.match(World.inbound(from: "x@else.test", text: "my TikTok is @twin")).creators.attached == ["bo"])
        #expect(
            World.match(World.inbound(from: "x@else.test", text: "this is @twin on Instagram")).creators.attached == [
                "cleo"
            ]
        )
    }
}

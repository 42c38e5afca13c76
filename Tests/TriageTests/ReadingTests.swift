import Base
import Message
import Testing

@testable import Triage

@Suite("LABELS §5 and §0: handles, and whose text is read")
struct ReadingTests {
    @Test(
        arguments: [
            ("I'm @Mia.Creates on TikTok", "mia.creates", "tiktok"), ("IG: @mia", "mia", "instagram"),
            ("https://www.tiktok.com/@mia_x?lang=en", "mia_x", "tiktok"), ("youtube.com/@mia", "mia", "youtube"),
            ("https://x.com/mia/status/12", "mia", "x"), ("Brand x @mia", "mia", nil), ("X: @mia", "mia", "x"),
            ("m.blog.naver.com/mia/123", "mia", "naver-blog"), ("@mia.", "mia", nil), ("(@mia_)", "mia_", nil),
        ]
    )
    func handle(text: String, name: String, platform: String?) {
        #expect(HandleReader.handles(in: text) == [ReadHandle(name: name, platform: platform)])
    }

    @Test(arguments: [
        "mia@post.example", "https://instagram.com/p/Cx12", "https://instagram.com@evil.test/mia", "a @ b", "@.",
    ])
    func noHandle(text: String) { #expect(HandleReader.handles(in: text).isEmpty) }

    @Test("INV-9: a text full of handles costs no more than its length")
    func many() {
        let text = (0..<20_000).map { "@h\($0)" }.joined(separator: " ")
        #expect(HandleReader.handles(in: text).count == Limits.readings)
    }

    @Test("Quoted sums are not read; the signature's handle is")
    func wholeMessage() {
        let reading = read(
            "Subject: Re: offer of $900",
            "",
            "I'd do it for 700 EUR.",
            "-- ",
            "Mia, IG: @mia",
            "",
            "On 1 May 2026 at 10:00, Ben <ben@brand.example> wrote:",
            "> We offer 500 EUR to @other"
        )
        #expect(reading.amounts.map(\.description) == ["700 EUR"])
        #expect(reading.handles == [ReadHandle(name: "mia", platform: "instagram")])
        #expect(reading.topics.isEmpty && reading.intents.isEmpty)
    }

    @Test("A new subject counts, mass mailings and machines do not")
    func marks() {
        #expect(read("Subject: Reel for $300", "", "Hi").amounts.map(\.description) == ["300 USD"])
        let bulk = read("Subject: Sale", "List-Unsubscribe: <https://x.test/u>", "", "Now $30 @shop")
        #expect(bulk.isBulk && bulk.amounts.isEmpty && bulk.handles.isEmpty)
        let absent = read("Subject: Away", "Auto-Submitted: auto-replied", "", "My rate is $300. @mia")
        #expect(absent.isAutomaticReply && absent.intents == ["auto-reply"] && absent.handles.isEmpty)
        #expect(absent.amounts.map(\.description) == ["300 USD"], "an automatic reply's own terms")
    }

    private func read(_ lines: String...) -> Reading {
        let text = "From: mia@post.example\r\n" + lines.joined(separator: "\r\n") + "\r\n"
        return Triage.read(ParsedMessage(Array(text.utf8)))
    }
}

import Base
import IMAPWire
import TestSupport
import Testing

@testable import IMAPServer

@Suite struct PreviewTests {
    private func preview(_ message: String) -> String {
        String(decoding: MessageStructure(parsing: Array(message.replacingLineFeeds.utf8))[.preview], as: UTF8.self)
    }

    private func plain(_ text: String) -> String {
        preview("Subject: x\nContent-Type: text/plain; charset=utf-8\n\n" + text)
    }

    @Test("what the author newly wrote, on one line")
    func fresh() {
        #expect(plain("Hi Anna,\n\n  yes\tplease.\n") == "Hi Anna, yes please.")
        #expect(plain("Yes\n\nOn Sun, 1 Nov 2026 Mia <mia@mail.example> wrote:\n> May I?\n") == "Yes")
        #expect(plain("Yes\n-- \nAnna\nTeam") == "Yes")
        #expect(plain("") == "")
        #expect(plain("\u{200B}\u{FEFF} a\u{AD}b \u{202E}c\u{7}") == "ab c")
    }

    @Test("a quotation alone is shown for what it holds")
    func quotedOnly() {
        #expect(plain("> May I?\n") == "May I?")
    }

    @Test("200 characters at most, cut between them (RFC 8970 §3.3)")
    func length() {
        #expect(plain(String(repeating: "a", count: 300)) == String(repeating: "a", count: 200))
        #expect(plain(String(repeating: "é ", count: 300)).unicodeScalars.count <= 200)
        // Seven scalars that are one character stay together.
        let family = "👩‍👩‍👧‍👦"
        let shown = plain(String(repeating: family, count: 60))
        #expect(shown.allSatisfy { String($0) == family })
        #expect(shown.count == 200 / family.unicodeScalars.count)
    }

    @Test("text in ASCII, read byte by byte, gives what reading it by characters gives", arguments: 0..<200)
    func plainLines(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let pieces = ["a", "word ", " ", "\n", "\r\n", "\t", "\u{B}", "\u{1}", "\u{7F}", ".", "  ", "longer words "]
        let count = Int.random(in: 0...120, using: &generator)
        var text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
        #expect(PreviewText.plainLine(text) == PreviewText.lineOfCharacters(text))
        // What comes behind the cut changes nothing, and what comes before it is left to the other.
        text += "\u{301} é"
        if let plain = PreviewText.plainLine(text) { #expect(plain == PreviewText.lineOfCharacters(text)) }
    }

    @Test("markup is gone, and what has no text has no preview")
    func otherTypes() {
        #expect(
            preview("Content-Type: text/html\n\n<style>p{}</style><p>Hi &amp; bye</p><script>x</script>") == "Hi & bye"
        )
        #expect(preview("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA") == "")
    }

    @Test func fetched() async {
        let house = MemoryHouse()
        house.deliver("Subject: x\n\nHello there")
        house.deliver("Content-Type: text/plain; charset=utf-8\n\nGrüße")
        house.deliver("Content-Type: image/png\n\nAAAA")
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a FETCH 1 (PREVIEW)
            S: * 1 FETCH (PREVIEW "Hello there")
            S: a OK FETCH done
            C: b FETCH 1:2 (PREVIEW (LAZY) UID)
            S: * 1 FETCH (PREVIEW "Hello there" UID 1)
            S: * 2 FETCH (PREVIEW {7}
            S: Grüße UID 2)
            S: b OK FETCH done
            C: c FETCH 3 PREVIEW
            S: * 3 FETCH (PREVIEW "")
            S: c OK FETCH done
            C: d FETCH 1 PREVIEW (LAZY)
            S: * 1 FETCH (PREVIEW "Hello there")
            S: d OK FETCH done
            C: e FETCH 1 (PREVIEW (EAGER))
            S: e BAD …
            """
        )
    }
}

import Message
import Testing

@Suite("Header")
struct HeaderTests {
    @Test("Fields keep order and bytes; names are compared without letter case")
    func fields() throws {
        let bytes = mail("Received: one\nReceived: two\nSubject: a\n  folded\n\tline \nX-Empty:\n\nbody\n")
        let header = ParsedMessage(bytes).header
        #expect(header.map(\.name) == ["Received", "Received", "Subject", "X-Empty"])
        #expect(header.all("received").map { text($0.unfolded) } == ["one", "two"])
        let subject = try #require(header.first("SUBJECT"))
        #expect(text(subject.unfolded) == "a  folded\tline")
        #expect(text(bytes[subject.range]) == "Subject: a\r\n  folded\r\n\tline \r\n")
        #expect(text(bytes[subject.bodyRange]) == " a\r\n  folded\r\n\tline ")
        #expect(header.text("X-Empty") == "")
        #expect(header.text("X-None") == nil)
        #expect(text(header.rawBytes).hasSuffix("X-Empty:\r\n\r\n"))
    }

    @Test(
        "Where the header ends",
        arguments: [
            ("A: 1\n\nbody", "A: 1\r\n\r\n", ["A"]),
            ("A: 1\n", "A: 1\r\n", ["A"]),
            ("A: 1", "A: 1", ["A"]),
            ("\nbody", "\r\n", []),
            ("", "", []),
            // A broken line between fields is passed over, and what follows is still a field.
            ("A: 1\nbroken line\nB: 2\n\nbody", "A: 1\r\nbroken line\r\nB: 2\r\n\r\n", ["A", "B"]),
            ("From mia Mon Nov  2\nA: 1\n\nbody", "From mia Mon Nov  2\r\nA: 1\r\n\r\n", ["A"]),
            // The empty line is missing: broken lines without a field behind them are the body.
            ("A: 1\nHello Mia\nhow are you\n\nbye", "A: 1\r\n", ["A"]),
            ("Hello\n\nbody", "", []),
            ("A : 1\n\n", "A : 1\r\n\r\n", ["A"]),
            (" lead\nA: 1\n\n", " lead\r\nA: 1\r\n\r\n", ["A"]),
            ("To whom: it\n\nx", "", []),
        ] as [(String, String, [String])]
    )
    func end(source: String, header: String, names: [String]) {
        let message = parsed(source)
        #expect(text(message.header.rawBytes) == header)
        #expect(message.header.map(\.name) == names)
        #expect(text(message.header.rawBytes) + text(message.bytes[message.root.body]) == text(mail(source)))
    }

    @Test("Bare LF, bare CR, NUL and 8-bit are tolerated")
    func oddBytes() {
        let header = Header(Array("A: 1\n 2\nB: x\ry\u{0}z\nC: caf\u{E9}\n\nrest".utf8))
        #expect(header.value("A").map { text($0) } == "1 2")
        #expect(header.value("B").map { text($0) } == "x y\u{0}z")
        #expect(header.text("C") == "caf\u{E9}")
    }

    @Test("An 8-bit header that is not UTF-8 is read as Windows-1252")
    func windows1252() {
        let header = Header(Array("Subject: caf".utf8) + [0xE9, 0x20, 0x80] + Array("\r\n\r\n".utf8))
        #expect(header.text("Subject") == "café €")
    }

    @Test("HEADER.FIELDS and HEADER.FIELDS.NOT give whole fields and an empty line")
    func subset() {
        let header = parsed("A: 1\nB: 2\n 3\nC: 4\n\nbody").header
        #expect(text(header.fields(named: ["b", "X"])) == "B: 2\r\n 3\r\n\r\n")
        #expect(text(header.fields(named: ["b"], excluding: true)) == "A: 1\r\nC: 4\r\n\r\n")
        #expect(text(header.fields(named: ["a", "b", "c"], excluding: true)) == "\r\n")
        // What is no field has no name that could be asked for.
        let odd = parsed("A: 1\n>From here\nB: 2\n\nbody").header
        #expect(text(odd.fields(named: ["a"], excluding: true)) == ">From here\r\nB: 2\r\n\r\n")
        // RFC 9051 §6.4.5.1: where there is no empty line none is shown; bytes are never made up.
        #expect(text(Header(Array("A: 1".utf8)).fields(named: ["A"])) == "A: 1")
        #expect(text(Header(Array("A: 1\nB: 2\n\nx".utf8)).fields(named: ["b"])) == "B: 2\n\n")
    }
}

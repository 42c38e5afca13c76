import Base
import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct MessageStructureTests {
    static let message = Array(
        """
        From: =?utf-8?q?J=C3=BCrgen?= <jb@mail.example>
        To: Team: anna@team.example;
        Cc: "c.c"@mail.example
        Subject: [list] Re: =?utf-8?q?Fr=C3=BChling?= (fwd)
        Date: Sun, 1 Nov 2026 12:00:00 +0200
        Message-ID: <"1"@mail.example>
        References: <a@x> broken <b@x>
         <c@x>
        In-Reply-To: <z@x>

        Hello there
        """.replacingLineFeeds.utf8
    )

    private func text(_ structure: MessageStructure, _ part: MessageStructure.Part) -> String {
        String(decoding: structure[part], as: UTF8.self)
    }

    @Test("everything that is asked of it stands in it")
    func parts() {
        let structure = MessageStructure(parsing: Self.message)
        #expect(text(structure, .envelope).hasPrefix(#"("Sun, 1 Nov 2026 12:00:00 +0200" "[list] Re: "#))
        #expect(
            text(structure, .bodyStructure)
                == #"("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 11 0 NIL NIL NIL NIL)"#
        )
        #expect(text(structure, .body) == #"("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 11 0)"#)
        #expect(text(structure, .subject) == "FRU\u{308}HLING")
        #expect(structure.isReplyOrForward)
        #expect(structure.sent == Timestamp(seconds: 1_793_527_200))
        #expect(text(structure, .from) == "JB")
        #expect(text(structure, .to) == "TEAM")
        #expect(text(structure, .cc) == "C.C")
        #expect(text(structure, .displayFrom) == "JU\u{308}RGEN")
        #expect(text(structure, .displayTo) == "TEAM")
        #expect(text(structure, .messageID) == "1@mail.example")
        #expect(text(structure, .references) == "\na@x\nb@x\nc@x")
        #expect(text(structure, .preview) == "Hello there")
    }

    @Test("an empty message has a structure")
    func empty() {
        let structure = MessageStructure(parsing: [])
        #expect(text(structure, .envelope) == "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)")
        #expect(structure.sent == nil)
        #expect(!structure.isReplyOrForward)
        #expect(structure[.preview].isEmpty)
        #expect(structure[.references].isEmpty)
    }

    @Test("what was kept comes back; anything cut off or of another version does not")
    func encoding() throws {
        let structure = MessageStructure(parsing: Self.message)
        let again = try #require(MessageStructure(structure.bytes))
        for part in MessageStructure.Part.allCases { #expect(again[part] == structure[part]) }
        #expect(again.sent == structure.sent)
        for count in 0..<structure.bytes.count { #expect(MessageStructure(Array(structure.bytes[..<count])) == nil) }
        var other = structure.bytes
        other[0] = MessageStructure.version + 1
        #expect(MessageStructure(other) == nil)
        // A damaged end may still be one: then the parts lie elsewhere, but never outside.
        for place in 10..<62 {
            var damaged = structure.bytes
            damaged[place] = 0xFF
            guard let read = MessageStructure(damaged) else { continue }
            #expect(MessageStructure.Part.allCases.reduce(62) { $0 + read[$1].count } == damaged.count)
        }
        var long = structure.bytes
        long[13] = 0xFF
        #expect(MessageStructure(long) == nil)
    }

    @Test("a block of our own changes nothing of it")
    func block() {
        let block = Array("Greenroom-Creator: mia\r\nGreenroom-Stage: replied\r\n".utf8)
        #expect(MessageStructure(parsing: block + Self.message).bytes == MessageStructure(parsing: Self.message).bytes)
    }

    @Test(
        "references are taken as the RFC says",
        arguments: [
            ("In-Reply-To: <a@x> <b@x>", "\na@x"),
            ("In-Reply-To: mia@mail.example", ""),
            ("References: nothing\nIn-Reply-To: <a@x>", "\na@x"),
            ("References: <none> <@x> <x@> <a@x>", "\na@x"),
            ("References: <\"a\\\"b\"@x>", "\na\"b@x"),
            ("References: <a@x>\nReferences: <b@x>", "\na@x\nb@x"),
        ]
    )
    func references(fields: String, ids: String) {
        let structure = MessageStructure(parsing: Array((fields + "\n\n").replacingLineFeeds.utf8))
        #expect(text(structure, .references) == ids)
    }

    @Test("a header made to be large leaves a small structure")
    func hostile() {
        let ids = (0..<5000).map { " <\($0)@x>\r\n" }.joined()
        let subject = String(repeating: "[a] ", count: 50_000)
        let structure = MessageStructure(
            parsing: Array(
                "References:\(ids)Message-ID: <\(String(repeating: "i", count: 5000))@x>\r\nTo: \(subject)\r\n\r\n".utf8
            )
        )
        #expect(text(structure, .references).hasPrefix("\n0@x\n4901@x\n"))
        #expect(structure[.references].split(separator: ASCII.lf).count == Limits.references)
        #expect(structure[.messageID].isEmpty)
        #expect(structure[.to].count <= Limits.sortKey)
    }
}

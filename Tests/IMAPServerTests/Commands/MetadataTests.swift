import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// GETMETADATA and SETMETADATA.
@Suite struct MetadataTests {
    private func conversation() async -> Conversation {
        let conversation = Conversation()
        conversation.house.addMailbox("Work")
        await conversation.enter()
        return conversation
    }

    @Test("RFC 5464 §4: what is set is read; NIL removes; private notes are one's own")
    func setAndGet() async {
        let conversation = await conversation()
        _ = await conversation.client(2)
        await conversation.play(
            """
            C: a SETMETADATA INBOX (/PRIVATE/comment "mine" /shared/comment {5+}
            C: ours!)
            S: a OK SETMETADATA done
            C: b GETMETADATA INBOX (/shared/comment /private/comment)
            S: * METADATA INBOX (/private/comment "mine" /shared/comment "ours!")
            S: b OK GETMETADATA done
            C2: a LOGIN ben secret
            S2: a OK …
            C2: b GETMETADATA INBOX (/shared/comment /private/comment)
            S2: * METADATA INBOX (/private/comment NIL /shared/comment "ours!")
            S2: b OK GETMETADATA done
            C: c SETMETADATA INBOX (/shared/comment NIL)
            S: c OK SETMETADATA done
            C: d GETMETADATA Work /shared/comment
            S: * METADATA Work (/shared/comment NIL)
            S: d OK GETMETADATA done
            C: e GETMETADATA Nowhere /shared/comment
            S: e NO [NONEXISTENT] …
            C: f GETMETADATA "" /shared/comment
            S: * METADATA "" (/shared/comment NIL)
            S: f OK GETMETADATA done
            """
        )
    }

    @Test("RFC 5464 §4.2: MAXSIZE keeps long ones back, DEPTH reaches below; options before or behind the name")
    func options() async {
        await conversation().play(
            """
            C: a SETMETADATA Work (/private/a "1" /private/a/b "22" /private/a/b/c "333" /private/ab "no")
            S: a OK SETMETADATA done
            C: b GETMETADATA Work (DEPTH 1) /private/a
            S: * METADATA Work (/private/a "1" /private/a/b "22")
            S: b OK GETMETADATA done
            C: c GETMETADATA (DEPTH infinity MAXSIZE 1) Work (/private/a)
            S: * METADATA Work (/private/a "1")
            S: c OK [METADATA LONGENTRIES 3] GETMETADATA done
            C: d GETMETADATA Work (DEPTH infinity) (/private/none)
            S: * METADATA Work (/private/none NIL)
            S: d OK GETMETADATA done
            C: e GETMETADATA Work (DEPTH 2) /private/a
            S: e BAD …
            C: f GETMETADATA Work (/private/*)
            S: f BAD …
            C: g GETMETADATA Work /other/comment
            S: g BAD …
            C: h GETMETADATA Work (MAXSIZE 0) /private/a
            S: h OK [METADATA LONGENTRIES 1] GETMETADATA done
            """
        )
    }

    @Test("RFC 5464 §4.3: nothing is set of a command of which a part cannot be")
    func limits() async {
        let conversation = await conversation()
        let long = String(repeating: "x", count: Limits.metadataValue + 1)
        await conversation.play(
            """
            C: a SETMETADATA Work (/private/a "1" /private/b {\(long.utf8.count)+}
            C: \(long))
            S: a NO [METADATA MAXSIZE 65536] …
            C: b GETMETADATA Work /private/a
            S: * METADATA Work (/private/a NIL)
            S: b OK GETMETADATA done
            C: c SETMETADATA Work (/private "x")
            S: c NO [CANNOT] …
            C: d SETMETADATA Work ()
            S: d BAD …
            """
        )
    }

    @Test("RFC 9590: LIST brings annotations along")
    func withList() async {
        await conversation().play(
            """
            C: a SETMETADATA Work (/shared/comment "ours")
            S: a OK SETMETADATA done
            C: b LIST "" * RETURN (METADATA (/shared/comment))
            S: * LIST () "/" INBOX
            S: * METADATA INBOX (/shared/comment NIL)
            S: * LIST () "/" Work
            S: * METADATA Work (/shared/comment "ours")
            S: b OK LIST done
            """
        )
    }

    @Test("A value with NUL goes as a literal8 (RFC 5464 §5)")
    func octets() {
        var writer = WireWriter()
        guard let entry = MetadataEntry("/private/Bytes") else { return #expect(Bool(false)) }
        writer.response(.metadata(name: Array("INBOX".utf8), [MetadataValue(entry, [0, 1])]))
        #expect(
            writer.takeBytes() == Array("* METADATA INBOX (/private/bytes ~{2}\r\n".utf8) + [0, 1] + Array(")\r\n".utf8)
        )
    }

    @Test(arguments: [
        "", "/", "/shared/", "/shared//a", "/sharedx/a", "shared/a", "/shared/a*", "/private/%", "/shared/ä",
    ])
    func namesThatCannotBe(_ name: String) { #expect(MetadataEntry(name) == nil) }
}

import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// GETMETADATA (RFC 5464 §4.2), and with LIST (RFC 9590).
@Suite struct GetMetadataTests {
    private func conversation() async -> Conversation {
        let conversation = Conversation()
        conversation.house.addMailbox("Work")
        await conversation.enter()
        return conversation
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

import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// SETMETADATA (RFC 5464 §4.3).
@Suite struct SetMetadataTests {
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
}

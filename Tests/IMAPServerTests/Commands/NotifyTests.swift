import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct NotifyTests {
    private func conversation(_ names: String...) async -> Conversation {
        let conversation = Conversation()
        for name in names { conversation.house.addMailbox(name) }
        await conversation.enter()
        return conversation
    }

    @Test("RFC 5465 §3.1, §5: other mailboxes are told by STATUS, between commands")
    func otherMailboxes() async {
        let conversation = await conversation("Work", "Play")
        await conversation.play(
            """
            C: a NOTIFY SET STATUS (MAILBOXES (Work Nowhere) (MessageNew MessageExpunge FlagChange))
            S: * STATUS Work (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1002 HIGHESTMODSEQ 1)
            S: a OK NOTIFY done
            """
        )
        conversation.house.deliver("a: b\n\nc", to: "Work")
        conversation.house.deliver("a: b\n\nc", to: "Play")
        await conversation.settle()
        await conversation.play(
            """
            S: * STATUS Work (UIDNEXT 2 MESSAGES 1 UNSEEN 1 UIDVALIDITY 1002)
            C: b NOOP
            S: b OK NOOP done
            """
        )
        conversation.house.setFlags(Flags(.seen), of: 1, in: "Work")
        await conversation.settle()
        await conversation.play("S: * STATUS Work (UNSEEN 0 UIDVALIDITY 1002)\n")
        conversation.house.remove(1, from: "Work")
        await conversation.settle()
        await conversation.play(
            """
            S: * STATUS Work (UIDNEXT 2 MESSAGES 0 UIDVALIDITY 1002)
            C: c NOTIFY NONE
            S: c OK NOTIFY done
            """
        )
        conversation.house.deliver("a: b\n\nc", to: "Work")
        await conversation.settle()
        await conversation.play("C: d NOOP\nS: d OK NOOP done\n")
    }

    @Test("RFC 5465 §5.2: the selected mailbox is told at once, new messages with what was asked for")
    func selected() async {
        let conversation = await conversation()
        conversation.house.deliver("Subject: old\n\nc")
        await conversation.play(
            """
            C: a NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[HEADER.FIELDS (Subject)]) MessageExpunge FlagChange))
            S: * 1 EXISTS
            S: a OK NOTIFY done
            """
        )
        conversation.house.deliver("Subject: new\n\nc")
        await conversation.settle()
        await conversation.play(
            """
            S: * 2 EXISTS
            S: * 2 FETCH (UID 2 BODY[HEADER.FIELDS (Subject)] {16}
            S: Subject: new
            S:
            S: )
            """
        )
        conversation.house.setFlags(Flags(.flagged), of: 1)
        await conversation.settle()
        await conversation.play("S: * 1 FETCH (UID 1 FLAGS (\\Flagged))\n")
        conversation.house.remove(1)
        await conversation.settle()
        await conversation.play("S: * 1 EXPUNGE\n")
    }

    @Test("RFC 5465 §6.1.2: with SELECTED-DELAYED numbers stay until a command allows more")
    func selectedDelayed() async {
        let conversation = await conversation()
        for _ in 1...2 { conversation.house.deliver("a: b\n\nc") }
        await conversation.play(
            """
            C: a NOTIFY SET (SELECTED-DELAYED (MessageNew MessageExpunge))
            S: * 2 EXISTS
            S: a OK NOTIFY done
            """
        )
        conversation.house.remove(1)
        conversation.house.setFlags(Flags(.seen), of: 2)
        await conversation.settle()
        await conversation.play(
            """
            C: b NOOP
            S: * 1 EXPUNGE
            S: b OK NOOP done
            """
        )
    }

    @Test("RFC 5465 §4: an idling client is told what it asked for")
    func whileIdle() async {
        let conversation = await conversation("Work")
        await conversation.play(
            """
            C: a NOTIFY SET (SELECTED (MessageNew MessageExpunge)) (PERSONAL (MessageNew MessageExpunge))
            S: a OK NOTIFY done
            C: b IDLE
            S: + idling
            """
        )
        conversation.house.deliver("a: b\n\nc", to: "Work")
        conversation.house.deliver("a: b\n\nc")
        await conversation.settle()
        await conversation.play(
            """
            S: * 1 EXISTS
            S: * STATUS Work (UIDNEXT 2 MESSAGES 1)
            C: DONE
            S: b OK IDLE done
            """
        )
    }

    @Test("RFC 5465 §5.4, §5.5: names and subscriptions, told to the others")
    func names() async {
        let conversation = await conversation("Work", "Work/One")
        await conversation.enter(client: 2)
        await conversation.play(
            """
            C: a NOTIFY SET (PERSONAL (MailboxName SubscriptionChange))
            S: a OK NOTIFY done
            C2: a CREATE Work/Two
            S2: a OK …
            S: * LIST (\\HasChildren) "/" Work
            S: * LIST (\\HasNoChildren) "/" Work/Two
            C2: b RENAME Work Play
            S2: b OK …
            S: * LIST (\\HasChildren) "/" Play ("OLDNAME" (Work))
            C2: c SUBSCRIBE Play/One
            S2: c OK …
            S: * LIST (\\HasNoChildren \\Subscribed) "/" Play/One
            C2: d DELETE Play/Two
            S2: d OK …
            S: * LIST (\\HasChildren) "/" Play
            S: * LIST (\\NonExistent) "/" Play/Two
            """
        )
    }

    @Test("RFC 5465 §5: what a client did itself it is not told")
    func ownChanges() async {
        await conversation().play(
            """
            C: a NOTIFY SET (PERSONAL (MailboxName SubscriptionChange MailboxMetadataChange))
            S: a OK NOTIFY done
            C: b CREATE Work
            S: b OK …
            C: c SUBSCRIBE Work
            S: c OK …
            C: d SETMETADATA Work (/private/comment "x")
            S: d OK …
            C: e DELETE Work
            S: e OK …
            """
        )
    }

    @Test("RFC 5465 §5.6, §5.7: annotations")
    func annotations() async {
        let conversation = await conversation("Work")
        await conversation.enter(client: 2)
        await conversation.play(
            """
            C: a NOTIFY SET (MAILBOXES Work (MailboxMetadataChange)) (PERSONAL (ServerMetadataChange))
            S: a OK NOTIFY done
            C2: a SETMETADATA Work (/shared/comment "x" /shared/other "y")
            S2: a OK …
            S: * METADATA Work /shared/comment /shared/other
            C2: b SETMETADATA "" (/shared/comment "x")
            S2: b OK …
            S: * METADATA "" /shared/comment
            C2: c SETMETADATA INBOX (/shared/comment "x")
            S2: c OK …
            C2: d SETMETADATA Work (/shared/other NIL)
            S2: d OK …
            S: * METADATA Work /shared/other
            """
        )
    }

    @Test("RFC 5465 §3.1, §8: what cannot be told, and what makes no sense")
    func refusals() async {
        await conversation().play(
            """
            C: a NOTIFY SET (PERSONAL (MessageNew MessageExpunge AnnotationChange))
            S: a NO [BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange)] …
            C: b NOTIFY SET (PERSONAL (MessageNew))
            S: b BAD …
            C: c NOTIFY SET (PERSONAL (FlagChange))
            S: c BAD …
            C: d NOTIFY SET (SELECTED (MailboxName))
            S: d BAD …
            C: e NOTIFY SET (SELECTED NONE) (SELECTED-DELAYED NONE)
            S: e BAD …
            C: f NOTIFY SET (PERSONAL (MessageNew (UID) MessageExpunge))
            S: f BAD …
            C: g NOTIFY
            S: g BAD …
            C: h NOTIFY SET (SUBTREE Work NONE) (SELECTED NONE)
            S: h OK NOTIFY done
            """
        )
    }

    @Test("RFC 5465 §5.8: a watch that cannot be kept up ends, and says so")
    func overflow() async {
        let conversation = await conversation("Work")
        await conversation.play(
            """
            C: a NOTIFY SET (MAILBOXES Work (MessageNew MessageExpunge))
            S: a OK NOTIFY done
            """
        )
        conversation.house.state.withLock { $0.failure = .internalFailure }
        conversation.house.deliver("a: b\n\nc", to: "Work")
        await conversation.settle()
        await conversation.play("S: * OK [NOTIFICATIONOVERFLOW] …\n")
        conversation.house.deliver("a: b\n\nc", to: "Work")
        await conversation.settle()
        await conversation.play("C: b NOOP\nS: b OK NOOP done\n")
    }
}

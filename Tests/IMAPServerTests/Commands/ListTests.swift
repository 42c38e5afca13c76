import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct ListTests {
    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        house.addMailbox("Sent", use: .sent, subscribed: true)
        house.addMailbox("Campaigns", selectable: false)
        house.addMailbox("Campaigns/Frühling", subscribed: true)
        house.addMailbox("Campaigns/Frühling/2 replied")
        house.addMailbox("R&D")
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func allWithAttributes() async {
        await conversation().play(
            """
            C: a LIST "" *
            S: * LIST (\\HasNoChildren) "/" INBOX
            S: * LIST (\\HasNoChildren \\Sent) "/" Sent
            S: * LIST (\\Noselect \\HasChildren) "/" Campaigns
            S: * LIST (\\HasChildren) "/" Campaigns/Fr&APw-hling
            S: * LIST (\\HasNoChildren) "/" "Campaigns/Fr&APw-hling/2 replied"
            S: * LIST (\\HasNoChildren) "/" R&-D
            S: a OK LIST done
            """
        )
    }

    @Test func patterns() async {
        await conversation().play(
            """
            C: a LIST "" ""
            S: * LIST (\\Noselect) "/" ""
            S: a OK LIST done
            C: b LIST "" %
            S: * LIST (\\HasNoChildren) "/" INBOX
            S: * LIST (\\HasNoChildren \\Sent) "/" Sent
            S: * LIST (\\Noselect \\HasChildren) "/" Campaigns
            S: * LIST (\\HasNoChildren) "/" R&-D
            S: b OK LIST done
            C: c LIST Campaigns/ %
            S: * LIST (\\HasChildren) "/" Campaigns/Fr&APw-hling
            S: c OK LIST done
            C: d LIST "" inbox
            S: * LIST (\\HasNoChildren) "/" INBOX
            S: d OK LIST done
            C: e LIST "" "Campaigns/Fr&APw-*replied"
            S: * LIST (\\HasNoChildren) "/" "Campaigns/Fr&APw-hling/2 replied"
            S: e OK LIST done
            C: f LIST (SPECIAL-USE) "" *
            S: * LIST (\\HasNoChildren \\Sent) "/" Sent
            S: f OK LIST done
            C: g LIST "" sent
            S: g OK LIST done
            """
        )
    }

    @Test func subscribedOnes() async {
        await conversation().play(
            """
            C: a LSUB "" *
            S: * LSUB (\\HasNoChildren \\Sent) "/" Sent
            S: * LSUB (\\HasChildren) "/" Campaigns/Fr&APw-hling
            S: a OK LSUB done
            C: b LSUB "" %
            S: * LSUB (\\HasNoChildren \\Sent) "/" Sent
            S: * LSUB (\\Noselect) "/" Campaigns
            S: b OK LSUB done
            C: c UNSUBSCRIBE Sent
            S: c OK UNSUBSCRIBE done
            C: d SUBSCRIBE R&-D
            S: d OK SUBSCRIBE done
            C: e LSUB "" *
            S: * LSUB (\\HasChildren) "/" Campaigns/Fr&APw-hling
            S: * LSUB (\\HasNoChildren) "/" R&-D
            S: e OK LSUB done
            C: f SUBSCRIBE Nowhere
            S: f NO [NONEXISTENT] There is no mailbox of that name
            """
        )
    }

    @Test(arguments: [
        ("*", "a/b", true), ("%", "a/b", false), ("%/%", "a/b", true), ("a%", "abc", true), ("*c", "abc", true),
        ("a*c", "a/b/c", true), ("a%c", "a/b/c", false), ("", "a", false), ("INBOX*", "INBOX", true),
        ("inbox/%", "INBOX/x", true), ("inboxx", "INBOX", false), ("%*%", "a/b", true), ("a", "A", false),
    ])
    func pattern(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(ListPattern(pattern).matches(MailboxName(unchecked: name)) == matches)
    }

    @Test("INV-9: a pattern of wild cards costs no more than its length")
    func hostilePattern() {
        let pattern = ListPattern(String(repeating: "%*a", count: 300) + "b")
        #expect(!pattern.matches(MailboxName(unchecked: String(repeating: "a", count: 1000))))
    }
}

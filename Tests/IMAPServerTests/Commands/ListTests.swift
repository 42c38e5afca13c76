import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct ListTests {
    private func conversation() async -> Conversation {
        let house = MemoryHouse.withFolders()
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
            S: * LIST (\\Sent) "/" Sent
            S: f OK LIST done
            C: g LIST "" sent
            S: g OK LIST done
            """
        )
    }

    // MARK: RFC 5258

    /// Subscribed names that are there and that are not, uses, and names without mailboxes.
    private func extended() async -> Conversation {
        let house = MemoryHouse()
        house.addMailbox("Sent", use: .sent)
        house.addMailbox("Fruit", selectable: false)
        house.addMailbox("Fruit/Apple", use: .archive, subscribed: true)
        house.addMailbox("Fruit/Pear")
        house.addMailbox("Tofu")
        house.addMailbox("Gone/Away", subscribed: true, selectable: false)
        house.state.withLock { $0.boxes[$0.boxes.count - 1].exists = false }
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test("RFC 5258 §3.1: SUBSCRIBED lists the subscribed names, there or not, and says so")
    func selectSubscribed() async {
        await extended().play(
            """
            C: a LIST (SUBSCRIBED) "" *
            S: * LIST (\\Subscribed \\Archive) "/" Fruit/Apple
            S: * LIST (\\NonExistent \\Subscribed) "/" Gone/Away
            S: a OK LIST done
            C: b LIST (REMOTE SUBSCRIBED) "" % RETURN (CHILDREN)
            S: b OK LIST done
            C: c LIST "" * RETURN (SUBSCRIBED CHILDREN)
            S: * LIST (\\HasNoChildren) "/" INBOX
            S: * LIST (\\HasNoChildren \\Sent) "/" Sent
            S: * LIST (\\Noselect \\HasChildren) "/" Fruit
            S: * LIST (\\HasNoChildren \\Subscribed \\Archive) "/" Fruit/Apple
            S: * LIST (\\HasNoChildren) "/" Fruit/Pear
            S: * LIST (\\HasNoChildren) "/" Tofu
            S: c OK LIST done
            """
        )
    }

    @Test("RFC 5258 §3.5: RECURSIVEMATCH shows names for what is below them and does not show itself")
    func recursiveMatch() async {
        await extended().play(
            """
            C: a LIST (SUBSCRIBED RECURSIVEMATCH) "" %
            S: * LIST (\\Noselect) "/" Fruit ("CHILDINFO" ("SUBSCRIBED"))
            S: * LIST (\\NonExistent) "/" Gone ("CHILDINFO" ("SUBSCRIBED"))
            S: a OK LIST done
            C: b LIST (RECURSIVEMATCH SPECIAL-USE SUBSCRIBED) "" %
            S: * LIST (\\Noselect) "/" Fruit ("CHILDINFO" ("SUBSCRIBED" "SPECIAL-USE"))
            S: b OK LIST done
            C: c LIST (SUBSCRIBED RECURSIVEMATCH) "" *
            S: * LIST (\\Subscribed \\Archive) "/" Fruit/Apple
            S: * LIST (\\NonExistent \\Subscribed) "/" Gone/Away
            S: c OK LIST done
            C: d SUBSCRIBE Fruit
            S: d OK SUBSCRIBE done
            C: e LIST (SUBSCRIBED RECURSIVEMATCH) "" Fruit*
            S: * LIST (\\Noselect \\Subscribed) "/" Fruit ("CHILDINFO" ("SUBSCRIBED"))
            S: * LIST (\\Subscribed \\Archive) "/" Fruit/Apple
            S: e OK LIST done
            """
        )
    }

    @Test("RFC 5258 §3: several patterns, empty ones, and options that are not known")
    func syntax() async {
        await extended().play(
            """
            C: a LIST "" (Tofu "" S% T%)
            S: * LIST (\\Sent) "/" Sent
            S: * LIST () "/" Tofu
            S: a OK LIST done
            C: b LIST () "" ""
            S: b OK LIST done
            C: c LIST (RECURSIVEMATCH) "" *
            S: c BAD …
            C: d LIST (REMOTE RECURSIVEMATCH) "" *
            S: d BAD …
            C: e LIST (UNHEARD) "" *
            S: e BAD …
            C: f LIST "" * RETURN (UNHEARD)
            S: f BAD …
            C: g LIST "" () RETURN ()
            S: g BAD …
            C: h LIST () Fruit/ (Pe%) RETURN ()
            S: * LIST () "/" Fruit/Pear
            S: h OK LIST done
            C: i LIST (SUBSCRIBED SUBSCRIBED) "" Tofu RETURN (CHILDREN CHILDREN SPECIAL-USE)
            S: i OK LIST done
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

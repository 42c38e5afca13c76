import Base
import Testing

@testable import IMAPWire

@Suite struct ValueTests {
    @Test func setsResolve() {
        let set = SequenceSet([.init(5, nil), .init(2, 2), .init(nil, 3)])
        #expect(set.resolved(largest: 4).text == "2:5")
        #expect(set.text == "5:*,2,*:3")
        #expect(!set.isWithin(4))
        #expect(SequenceSet([.init(1, nil)]).isWithin(1))
        #expect(!SequenceSet([.init(nil, nil)]).isWithin(0))
        #expect(NumberSet([1, 2, 5] as [UInt32]).contains(5))
    }

    @Test func orderedNumbersJoinRuns() {
        var writer = WireWriter()
        writer.orderedNumbers([4, 1, 2, 3, 9, .max])
        #expect(writer.bytes == [UInt8]("4,1:3,9,4294967295"))
    }

    @Test(arguments: [
        ("inbox", "INBOX"), ("InBox/x", "INBOX/x"), ("inboxes", "inboxes"), ("Sent", "Sent"), ("a b/c", "a b/c"),
    ])
    func namesAreCanonical(text: String, name: String) {
        #expect(MailboxName(text)?.text == name)
    }

    @Test(arguments: ["", "/", "a/", "/a", "a//b", "a\u{0}", "a\r\nb", "..", "a/../b", "a\u{2028}b"])
    func namesThatCannotBe(text: String) { #expect(MailboxName(text) == nil) }

    @Test("A name may hold a wild card that the house gave it; none is made so")
    func wildCards() {
        #expect(MailboxName("Campaigns/10% off")?.hasWildCards == true)
        #expect(MailboxName("Campaigns/Spring")?.hasWildCards == false)
    }

    @Test func namesAreBound() {
        #expect(MailboxName(String(repeating: "a", count: Limits.mailboxName + 1)) == nil)
        #expect(MailboxName(Array(repeating: "a", count: Limits.mailboxDepth + 1).joined(separator: "/")) == nil)
    }

    @Test func levels() {
        let name = MailboxName(unchecked: "a/b/c")
        #expect(name.parent?.text == "a/b")
        #expect(MailboxName.inbox.parent == nil)
        #expect(name.isBelow(MailboxName(unchecked: "a")))
        #expect(!MailboxName(unchecked: "ab").isBelow(MailboxName(unchecked: "a")))
    }

    @Test func datesAreWrittenInUTC() {
        var writer = WireWriter()
        writer.dateTime(Timestamp(seconds: 760_168_345))
        #expect(writer.bytes == [UInt8]("\" 2-Feb-1994 05:52:25 +0000\""))
    }
}

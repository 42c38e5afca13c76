import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// Long commands say how far they are (RFC 9585).
@Suite struct ProgressTests {
    /// Four messages, each of which takes eight seconds to work on.
    private func slow(messages: Int = 4, seconds: Int = 8) async -> Conversation {
        let house = MemoryHouse()
        house.addMailbox("Trash")
        for number in 0..<messages { house.deliver("Subject: \(number)\n\ntext", flags: Flags([.deleted])) }
        let conversation = Conversation(house)
        await conversation.enter()
        house.state.withLock { $0.slowness = .seconds(seconds) }
        return conversation
    }

    @Test func isAnnouncedAfterLogIn() async {
        let names = Capabilities.names(
            isEncrypted: true,
            settings: EngineSettings(peer: "192.0.2.1", isEncrypted: true, canStartTLS: false),
            isLoggedIn: true
        )
        #expect(names.contains("INPROGRESS"))
    }

    /// Every ten seconds at most, with numbers that rise, and never that all is done.
    @Test(arguments: [
        ("COPY 1:4 Trash", "OK"), ("MOVE 1:4 Trash", "OK"), ("UID MOVE 1:4 Trash", "OK"), ("EXPUNGE", "OK"),
        ("STORE 1:4 +FLAGS.SILENT (\\Flagged)", "OK"),
    ])
    func changes(command: String, answer: String) async {
        let conversation = await slow()
        let client = await conversation.client(1)
        await conversation.send("a1 \(command)\r\n", client)
        let told = client.lines.filter { $0.contains("INPROGRESS") }
        #expect(told == [#"* OK [INPROGRESS ("a1" 2 4)] 2 of 4 messages"#])
        #expect(client.lines.last?.hasPrefix("a1 \(answer)") == true)
    }

    @Test func shortWorkIsSilent() async {
        let conversation = await slow(seconds: 2)
        let client = await conversation.client(1)
        await conversation.send("a1 COPY 1:4 Trash\r\n", client)
        #expect(!client.lines.contains { $0.contains("INPROGRESS") })
    }

    /// A search reads in batches.
    @Test(arguments: ["SEARCH BODY text", "SORT (ARRIVAL) UTF-8 BODY text", "THREAD REFERENCES UTF-8 BODY text"])
    func searches(command: String) async {
        let conversation = await slow(messages: 300, seconds: 11)
        let client = await conversation.client(1)
        await conversation.send("a1 \(command)\r\n", client)
        let told = client.lines.filter { $0.contains("INPROGRESS") }
        #expect(
            told.prefix(2) == [
                #"* OK [INPROGRESS ("a1" 128 300)] 128 of 300 messages"#,
                #"* OK [INPROGRESS ("a1" 256 300)] 256 of 300 messages"#,
            ]
        )
        #expect(client.lines.last?.hasPrefix("a1 OK") == true)
    }
}

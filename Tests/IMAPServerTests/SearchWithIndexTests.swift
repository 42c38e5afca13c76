import Base
import IMAPWire
import Message
import Synchronization
import TestSupport
import Testing

@testable import IMAPServer

/// SEARCH finds the same with an index that knows all, some or nothing as by reading.
@Suite struct SearchWithIndexTests {
    private static let words = ["rate", "spring", "anna", "köln", "x"]

    private func house(_ generator: inout SeededGenerator) -> MemoryHouse {
        let house = MemoryHouse()
        for number in 0..<80 {
            let word = { (generator: inout SeededGenerator) in Self.words.randomElement(using: &generator) ?? "" }
            let flags = number % 3 == 0 ? Flags(.seen) : .none
            house.deliver(
                """
                From: \(word(&generator))@mail.example
                Subject: \(word(&generator)) \(word(&generator))
                Date: Sun, \(1 + number % 5) Nov 2026 10:00:00 +0000
                Content-Type: text/plain; charset=utf-8

                \(word(&generator)) and \(word(&generator))
                """,
                flags: flags
            )
        }
        return house
    }

    private func key(_ depth: Int, _ generator: inout SeededGenerator) -> String {
        let word = Self.words.randomElement(using: &generator) ?? ""
        let number = Int.random(in: 0..<(depth > 0 ? 11 : 8), using: &generator)
        switch number {
        case 0: return "TEXT \(word)"
        case 1: return "BODY \(word)"
        case 2: return "SUBJECT \(word)"
        case 3: return "FROM \(word)"
        case 4: return "SEEN"
        case 5: return "HEADER X-None \(word)"
        case 6: return "SENTSINCE \(Int.random(in: 1...6, using: &generator))-Nov-2026"
        case 7: return "\(Int.random(in: 1...40, using: &generator)):60"
        case 8: return "NOT \(key(depth - 1, &generator))"
        case 9: return "OR \(key(depth - 1, &generator)) \(key(depth - 1, &generator))"
        default: return "(\(key(depth - 1, &generator)) \(key(depth - 1, &generator)))"
        }
    }

    /// An index that answers truly for some editions, leaves others open and does not know the rest.
    private func install(_ seed: UInt64, in house: MemoryHouse) {
        house.state.withLock { state in
            state.index = { question, editions, range in
                let known = range.lowerBound..<max(range.lowerBound, range.upperBound - Int64(seed % 20))
                var (sure, open) = (EditionBits(known), EditionBits(known))
                for (edition, bytes) in editions {
                    var message = SearchableMessage(bytes)
                    let isHit = message.answer(question)
                    // Open ones are more than the hits, as with words that signs cut.
                    let mix = UInt64(bitPattern: edition.rawValue) &* 0x9E37_79B9_7F4A_7C15 >> 33 &+ seed
                    if mix % 3 == 0 { open.insert(edition.rawValue) } else if isHit { sure.insert(edition.rawValue) }
                }
                return IndexAnswer(known: known, sure: sure, open: open)
            }
        }
    }

    @Test(arguments: 0..<40)
    func findsTheSame(seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        let house = house(&generator)
        let keys = (0..<12).map { _ in key(4, &generator) }
        let conversation = Conversation(house)
        await conversation.enter()
        let client = await conversation.client(1)
        func found(_ key: String) async -> [String] {
            client.lines = []
            await conversation.send("a SEARCH CHARSET UTF-8 \(key)\r\n", client)
            return client.lines
        }
        for key in keys {
            house.state.withLock { $0.index = nil }
            let read = await found(key)
            install(seed, in: house)
            #expect(await found(key) == read, "\(key)")
        }
    }

    @Test("what the index knows for certain is not read")
    func notRead() async {
        var generator = SeededGenerator(seed: 1)
        let house = house(&generator)
        house.state.withLock { state in
            state.index = { _, editions, range in
                var sure = EditionBits(range)
                for edition in editions.keys where edition.rawValue % 2 == 0 { sure.insert(edition.rawValue) }
                return IndexAnswer(known: range, sure: sure, open: EditionBits(range))
            }
        }
        let conversation = Conversation(house)
        await conversation.enter()
        let client = await conversation.client(1)
        await conversation.send("a SEARCH TEXT absent\r\n", client)
        #expect(client.lines.first?.split(separator: " ").count == 2 + 40)
    }

    @Test("RFC 5032: an interval counts from now, and both keys hold at its end")
    func within() async {
        let house = MemoryHouse()
        let now = MemoryHouse.received
        for age in [0, 59, 60, 61] as [Int64] {
            house.deliver("Subject: a\n\nb", received: Timestamp(seconds: now.seconds - age))
        }
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a SEARCH YOUNGER 60
            S: * SEARCH 1 2 3
            S: a OK SEARCH done
            C: b SEARCH OLDER 60
            S: * SEARCH 3 4
            S: b OK SEARCH done
            C: c SEARCH OLDER 0
            S: c BAD A number is missing or too large
            C: d SEARCH YOUNGER 4294967296
            S: d BAD A number is missing or too large
            """
        )
    }

    @Test(
        "a text in the charset that the client names",
        arguments: [
            ("KOI8-R", [0xCD, 0xC9, 0xD2] as [UInt8]), ("windows-1251", [0xEC, 0xE8, 0xF0]),
            ("ISO-8859-5", [0xDC, 0xD8, 0xE0]), ("UTF-8", Array("МИР".utf8)),
        ]
    )
    func charsets(name: String, text: [UInt8]) async {
        let house = MemoryHouse()
        house.deliver("Subject: =?KOI8-R?Q?=EB_=CD=C9=D2=D5?=\n\nx")
        house.deliver("Subject: y\n\nx")
        let conversation = Conversation(house)
        await conversation.enter()
        let client = await conversation.client(1)
        let command = Array("a SEARCH CHARSET \(name) SUBJECT {\(text.count)+}\r\n".utf8) + text + [13, 10]
        await conversation.send(command, client)
        #expect(client.lines == ["* SEARCH 1", "a OK SEARCH done"])
    }

    @Test("INV-9: any bytes are a text, in any charset")
    func anyBytes() async {
        let house = MemoryHouse()
        house.deliver("Subject: y\n\nx")
        let conversation = Conversation(house)
        await conversation.enter()
        let client = await conversation.client(1)
        for charset in ["UTF-8", "ISO-2022-JP", "UTF-16", "GB18030", "UTF-7", "SHIFT_JIS"] {
            client.lines = []
            let text: [UInt8] = [0xFF, 0xFE, 0x1B, 0x24, 0xC3, 0x28, 0xF0, 0x9F, 0xED, 0xA0, 0x80]
            await conversation.send(
                Array("a SEARCH CHARSET \(charset) TEXT {\(text.count)+}\r\n".utf8) + text + [13, 10],
                client
            )
            #expect(client.lines == ["* SEARCH", "a OK SEARCH done"], "\(charset)")
        }
    }
}

import Base
import FuzzEntries
import Message
import SQLite
import Store
import TestSupport
import Testing

@testable import Search

@Suite struct SearchIndexTests {
    static let mail = """
        From: =?UTF-8?Q?J=C3=BCrgen_M=C3=BCller?= <jm@mail.example>
        To: anna@team.example, ben@team.example
        Subject: The rates of spring
        Date: Sun, 1 Nov 2026 23:30:00 -0500
        X-Token: abc/def

        The rate is 500. Über die Straße: ﾃｽﾄ
        """

    /// Once missed: a word of the header alone told all messages, and the body's was not looked for any more.
    @Test("a text cut by signs is found in the body, whatever the header says", arguments: ["", "a", "b", "c", "d"])
    func phraseBesideHeader(ending: String) throws {
        let house = try IndexHouse()
        let others = ["", "a", "b", "c", "d"].filter { $0 != ending }.map { "creator\($0)@x.example" }
        let editions = try (0..<40).map { number in
            try house.deliver(
                "From: \(others.joined(separator: ", "))\nSubject: \(number)\n\nwhat a creator\(ending) may write"
            )
        }
        try house.catchUp()
        let question = SearchQuestion.text(SearchText(" a creato"))
        #expect(try house.read(question, editions).allSatisfy { $0 })
        #expect(house.ask(question, editions).allSatisfy { $0 != false })
    }

    /// What the index answers without reading, and what it leaves to reading.
    @Test(arguments: [
        (SearchQuestion.text(SearchText("rate")), true as Bool?), (.text(SearchText("ÜBER")), true),
        (.text(SearchText("strasse")), true), (.text(SearchText("テスト")), true), (.text(SearchText("xyz")), false),
        (.text(SearchText("e")), true), (.text(SearchText("ü")), true), (.text(SearchText("is")), true),
        (.text(SearchText("s ")), true), (.text(SearchText("qq")), false), (.text(SearchText("ト")), true),
        (.body(SearchText("rates")), false), (.body(SearchText("00.")), true),
        (.field("Subject", SearchText("RATES")), true), (.field("subject", SearchText("rate is")), false),
        (.field("From", SearchText("müller")), true), (.field("To", SearchText("anna@team.example")), true),
        (.field("To", SearchText("müller")), false), (.text(SearchText("ben@team.example")), true),
        // Signs cut words: the order is for reading to say.
        (.body(SearchText("rate is 500")), nil), (.body(SearchText("is the rate")), false),
        (.field("X-Token", SearchText("abc")), nil), (.field("X-Token", SearchText("")), nil),
        (.field("X-Other", SearchText("abc")), false),
        (.sent(20_261_101...20_261_101), true), (.sent(Int.min...20_261_031), false),
    ])
    func answers(question: SearchQuestion, expected: Bool?) throws {
        let house = try IndexHouse()
        let edition = try house.deliver(Self.mail)
        #expect(house.ask(question, [edition]) == [nil])
        try house.catchUp()
        #expect(house.ask(question, [edition]) == [expected])
        let truth = try house.read(question, [edition])[0]
        #expect(expected == nil || expected == truth)
    }

    @Test("new mail is not known, and read, until it is taken in")
    func newMail() async throws {
        let house = try IndexHouse()
        let first = try house.deliver("Subject: one\n\nalpha")
        try house.catchUp()
        let second = try house.deliver("Subject: two\n\nalpha")
        #expect(house.ask(.body(SearchText("alpha")), [first, second]) == [true, nil])
        #expect(try await house.index.progress() == IndexProgress(indexed: 1, pending: 1))
        try house.catchUp()
        #expect(house.ask(.body(SearchText("alpha")), [first, second]) == [true, true])
        #expect(try await house.index.progress() == IndexProgress(indexed: 2, pending: 0))
    }

    @Test("a text longer than the index takes is read in every search")
    func longText() throws {
        let house = try IndexHouse()
        let word = String(repeating: "lorem ipsum ", count: Limits.indexedText / 12 + 1)
        let editions = [try house.deliver("Subject: short\n\nx"), try house.deliver("Subject: long\n\n" + word)]
        try house.catchUp()
        #expect(house.ask(.body(SearchText("absent")), editions) == [false, nil])
        #expect(house.ask(.sent(0...1), editions) == [false, false])
    }

    @Test("drafts that come and go are never taken in")
    func drafts() throws {
        let house = try IndexHouse()
        let draft = try house.deliver("Subject: draft\n\nfleeting")
        let kept = try house.deliver("Subject: kept\n\nstays")
        try house.remove(draft)
        try house.catchUp()
        #expect(house.ask(.body(SearchText("fleeting")), [draft, kept]) == [false, false])
        #expect(try house.index.progressNow().indexed == 1)
    }

    @Test("the index goes on where it was after the store was opened again")
    func openedAgain() throws {
        let disk = SimulatedDisk()
        var editions: [EditionID] = []
        do {
            let house = try IndexHouse(on: disk)
            editions.append(try house.deliver("Subject: a\n\nbefore"))
            try house.catchUp()
            editions.append(try house.deliver("Subject: b\n\nbefore"))
            house.store.close()
        }
        let house = try IndexHouse(on: disk)
        #expect(house.ask(.body(SearchText("before")), editions) == [true, nil])
        try house.catchUp()
        #expect(house.ask(.body(SearchText("before")), editions) == [true, true])
    }

    @Test("rebuilding forgets, and finds all again")
    func rebuild() throws {
        let house = try IndexHouse()
        let edition = try house.deliver(Self.mail)
        try house.catchUp()
        try house.index.rebuildNow()
        #expect(house.ask(.text(SearchText("rate")), [edition]) == [nil])
        try house.catchUp()
        #expect(house.ask(.text(SearchText("rate")), [edition]) == [true])
    }

    @Test("a damaged file is made anew", arguments: [true, false])
    func damaged(wholly: Bool) throws {
        let disk = SimulatedDisk()
        var edition: EditionID
        do {
            let house = try IndexHouse(on: disk)
            edition = try house.deliver(Self.mail)
            try house.catchUp()
            house.store.close()
        }
        try disk.remove("/data/search.db")
        try disk.writeDurably(
            wholly
                ? [UInt8](repeating: 0x41, count: 20_000)
                : Array("SQLite format 3\0".utf8) + [UInt8](repeating: 7, count: 9000),
            to: "/data/search.db"
        )
        let house = try IndexHouse(on: disk)
        try house.catchUp()
        #expect(house.ask(.text(SearchText("rate")), [edition]) == [true])
    }

    @Test("INV-6: an erased message leaves no word behind")
    func erasure() async throws {
        let disk = SimulatedDisk()
        let house = try IndexHouse(on: disk)
        let kept = try house.deliver("From: a@mail.example\nSubject: plain\n\ncommon words stay")
        let gone = try house.deliver("From: secretperson@mail.example\nSubject: plain\n\ncommon hiddenword")
        try house.catchUp()
        #expect(house.ask(.text(SearchText("hiddenw")), [kept, gone]) == [false, true])
        try house.remove(gone)
        try await house.index.erase([gone])
        #expect(house.ask(.text(SearchText("hiddenw")), [kept, gone]) == [false, false])
        #expect(house.ask(.text(SearchText("common")), [kept, gone]) == [true, false])
        #expect(try house.index.progressNow() == IndexProgress(indexed: 1, pending: 0))
        let words = try house.index.words()
        #expect(words.contains("common") && words.contains("stay"))
        #expect(!words.contains { $0.contains("hidden") || $0.contains("secret") })
        #expect(try house.index.trigramRows("hid") == 0)
        let bytes = try disk.read("/data/search.db")
        #expect(bytes.span.firstIndex(of: Array("common".utf8)) != nil)
        for text in ["hiddenword", "secretperson"] { #expect(bytes.span.firstIndex(of: Array(text.utf8)) == nil) }
    }

    @Test("what members removed is collected once it is a good part")
    func collection() throws {
        let house = try IndexHouse()
        let editions = try (0..<1500).map { try house.deliver("Subject: n\n\nword\($0)x") }
        try house.catchUp()
        for edition in editions.dropLast(100) { try house.remove(edition) }
        try house.catchUp()
        #expect(try house.index.progressNow() == IndexProgress(indexed: 100, pending: 0))
        #expect(house.ask(.body(SearchText("word1499x")), [editions[1499]]) == [true])
        #expect(try !house.index.words().contains("word3x"))
    }

    @Test("an index of another store is not believed")
    func otherStore() throws {
        let disk = SimulatedDisk()
        do {
            let house = try IndexHouse(on: disk)
            try house.deliver("Subject: a\n\nfirst")
            try house.catchUp()
            try house.store.writeNow { try $0.beginGeneration() }
            house.store.close()
        }
        let house = try IndexHouse(on: disk, seed: 2)
        #expect(try house.index.progressNow() == IndexProgress(indexed: 0, pending: 1))
    }
}

extension SearchIndex {
    /// Every word that it has.
    func words() throws -> [String] {
        try withReader { connection in
            try connection.all("SELECT text FROM word") { String(decoding: $0[0] as [UInt8], as: UTF8.self) }
        }
    }

    /// Words that FTS5 finds for three letters.
    func trigramRows(_ text: String) throws -> Int {
        try withReader { connection in
            try connection.all("SELECT rowid FROM trigram WHERE trigram MATCH ?", text) { $0[0] as Int }.count
        }
    }
}

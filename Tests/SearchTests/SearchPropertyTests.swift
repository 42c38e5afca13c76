import Base
import FuzzEntries
import Message
import TestSupport
import Testing

@testable import Search

@Suite struct SearchPropertyTests {
    @Test("the index never says what reading denies: any bytes", arguments: 0..<60)
    func anyBytes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let few = seed % 2 == 0
        let input = (0..<Int.random(in: 0...1500, using: &generator)).map { _ in
            few
                ? Array(" ab:cAB@=.\r\n<".utf8).randomElement(using: &generator) ?? 0
                : UInt8.random(in: 0...255, using: &generator)
        }
        try FuzzEntry.search.feed(input)
    }

    @Test("the index says what reading says: texts of any script", arguments: 0..<20)
    func anyScript(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 1000)
        let house = try IndexHouse()
        let alphabet: [String] = [
            "a", "B", "ß", "ẞ", "I", "İ", "ı", "i", "σ", "ς", "Σ", "é", "e\u{301}", "ガ", "カ\u{3099}", "ｶﾞ", "한",
            "\u{1112}\u{1161}\u{11AB}", "Ａ", "語", "я", "Я", "ﬁ", "🦊", "👩‍👩‍👧", "ه", "ำ", " ", " ", ".", ":", "@", "\u{A0}",
            "\t",
        ]
        func text(_ most: Int) -> String {
            (0..<Int.random(in: 1...most, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? ""
            }
            .joined()
        }
        var texts: [String] = []
        var editions: [EditionID] = []
        for _ in 0..<12 {
            let (subject, body) = (text(12), text(60))
            texts += [subject, body]
            editions.append(
                try house.deliver("Subject: \(subject)\nContent-Type: text/plain; charset=utf-8\n\n\(body)")
            )
        }
        try house.catchUp()
        var exact = 0
        for round in 0..<150 {
            let whole = Array((texts.randomElement(using: &generator) ?? "").unicodeScalars)
            let start = Int.random(in: 0..<whole.count, using: &generator)
            var piece = String.UnicodeScalarView()
            piece.append(contentsOf: whole[start...].prefix(Int.random(in: 1...5, using: &generator)))
            let text = SearchText(round % 5 == 0 ? self.swapped(String(piece)) : String(piece))
            let question: SearchQuestion = [
                .text(text), .body(text), .field("Subject", text),
            ][round % 3]
            let truth = try house.read(question, editions)
            for (truth, said) in zip(truth, house.ask(question, editions)) where said != nil {
                exact += 1
                #expect(said == truth, "\(question)")
            }
        }
        // Most answers need no reading.
        #expect(exact > 900)
    }

    private func swapped(_ text: String) -> String { text == text.lowercased() ? text.uppercased() : text.lowercased() }
}

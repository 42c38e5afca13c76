import Base
import TestSupport
import Testing

@testable import Control

@Suite struct ControlProtocolTests {
    @Test(
        arguments: [
            ["status"], ["approvals", "reject", "A-12.1", "--why", "50 % too high,\nreally"], ["a", "", "b"],
            ["%", "%41", " ", "ü", "\u{0}"],
        ])
    func wordsComeBack(_ words: [String]) {
        let line = ControlRequest.line(words)
        #expect(!line.contains("\n"))
        #expect(ControlRequest.words(Array(line.utf8)) == words)
    }

    @Test(arguments: ["", " ", "a  b", "a%2", "a%zz", "a\"b", "%ff", "a\r"])
    func refusesWhatNobodyWrites(_ line: String) {
        #expect(ControlRequest.words(Array(line.utf8)) == nil)
    }

    @Test func anyBytesAreWordsOrNone() {
        var generator = SeededGenerator(seed: 7)
        let likely = Array("%a4 f".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                Bool.random(using: &generator)
                    ? UInt8.random(in: 0...255, using: &generator)
                    : likely[Int.random(in: 0..<likely.count, using: &generator)]
            }
            guard let words = ControlRequest.words(bytes) else { continue }
            #expect(ControlRequest.words(Array(ControlRequest.line(words).utf8)) == words)
        }
    }

    @Test(arguments: [ControlLine.out(""), .out("a b"), .err("no"), .end(.failure)])
    func linesComeBack(_ line: ControlLine) {
        #expect(ControlLine(line.text) == line)
    }

    @Test(arguments: ["", "out", "end", "end 3", "end x", "say x"])
    func otherLinesAreNone(_ line: String) {
        #expect(ControlLine(line) == nil)
    }
}

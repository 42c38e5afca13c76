import Base
import TestSupport
import Testing

@testable import IMAPWire

@Suite struct FramerTests {
    /// What a framer gives for bytes that arrive in the given pieces; every literal is accepted.
    static func steps(
        _ bytes: [UInt8],
        pieces: [Int],
        reader: Framer.Reader = .server,
        lineLimit: Int = 1000,
        skipping: Bool = false
    ) -> [Framer.Step] {
        var framer = Framer(reader: reader, lineLimit: lineLimit)
        var steps: [Framer.Step] = []
        var start = 0
        for end in pieces + [bytes.count] {
            framer.append(Array(bytes[start..<end]))
            start = end
            drain: while true {
                let step = framer.next()
                switch step {
                case .incomplete: break drain
                case .lineTooLong:
                    steps.append(step)
                    return steps
                case .literal:
                    steps.append(step)
                    if skipping { framer.skip() } else { framer.accept() }
                case .frame, .spoiled: steps.append(step)
                }
            }
        }
        return steps
    }

    private static func frame(_ text: String, _ literals: [String] = []) -> Framer.Step {
        .frame(Frame(text: Array(text.utf8), literals: literals.map { Array($0.utf8) }))
    }

    private static func literal(_ size: UInt64, _ isSynchronizing: Bool = true) -> Framer.Step {
        .literal(LiteralAnnouncement(size: size, isSynchronizing: isSynchronizing))
    }

    static let fixtures: [(input: String, steps: [Framer.Step])] = [
        ("", []),
        ("a NOOP", []),
        ("a NOOP\r\n", [frame("a NOOP")]),
        ("a NOOP\nb\r\n\r\n", [frame("a NOOP"), frame("b"), frame("")]),
        ("a {3}\r\nxyz\r\n", [literal(3), frame("a {3}\r\n", ["xyz"])]),
        ("a {0}\r\n\r\n", [literal(0), frame("a {0}\r\n", [""])]),
        (
            "a {3+}\r\nx\r\n {1}\r\ny z\r\n",
            [literal(3, false), literal(1), frame("a {3+}\r\n {1}\r\n z", ["x\r\n", "y"])]
        ),
        ("a {99999999999999999999}\r\n", [literal(.max)]),
        ("a \"{3}\r\nb\r\n", [frame("a \"{3}"), frame("b")]),
        ("a \"x\\\"{3}\"\r\n", [frame("a \"x\\\"{3}\"")]),
        ("a \"x\\\\\" {1}\r\nz\r\n", [literal(1), frame("a \"x\\\\\" {1}\r\n", ["z"])]),
        ("a {}\r\n", [frame("a {}")]),
        ("a {x}\r\n", [frame("a {x}")]),
        ("a {+}\r\n", [frame("a {+}")]),
        ("{1}\r\nx\r\n", [literal(1), frame("{1}\r\n", ["x"])]),
        ("a }\r\n", [frame("a }")]),
    ]

    @Test(arguments: fixtures.indices)
    func fixture(index: Int) {
        let (input, expected) = Self.fixtures[index]
        let bytes = Array(input.utf8)
        #expect(Self.steps(bytes, pieces: []) == expected)
        for cut in bytes.indices {
            #expect(Self.steps(bytes, pieces: [cut]) == expected, "cut at \(cut)")
        }
        #expect(Self.steps(bytes, pieces: Array(bytes.indices)) == expected, "byte by byte")
    }

    @Test func textOfAServerHoldsNoLiterals() {
        for line in ["* OK see {3}", "* NO {3}", "+ {3}", "a1 OK {3}", "* BYE {3}"] {
            #expect(Self.steps(Array((line + "\r\n").utf8), pieces: [], reader: .client) == [Self.frame(line)])
        }
        let data = Array("* LIST () \"/\" {3}\r\nabc\r\n".utf8)
        #expect(Self.steps(data, pieces: [], reader: .client).count == 2)
    }

    @Test func aLineIsBoundWhetherItEndsOrNot() {
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 11)
        #expect(Self.steps(long, pieces: [], lineLimit: 10) == [.lineTooLong])
        #expect(Self.steps(long + [13, 10], pieces: [], lineLimit: 10) == [.lineTooLong])
        #expect(Self.steps(Array(long.dropFirst()) + [13, 10], pieces: [], lineLimit: 10).count == 1)
        // Found by fuzzing: cut between its CR and LF, a line at the limit was one over it.
        #expect(Self.steps(Array(long.dropFirst()) + [13, 10], pieces: [11], lineLimit: 10).count == 1)
        #expect(Self.steps(long + [13], pieces: [], lineLimit: 10) == [.lineTooLong])
        // The parts of a line count together, so that literals are no way around the limit.
        let parts = Array("aaaa {1}\r\nx {1}\r\ny\r\n".utf8)
        #expect(Self.steps(parts, pieces: [], lineLimit: 10).last == .lineTooLong)
    }

    @Test func skippedLiteralsSpoilTheFrame() {
        let bytes = Array("a APPEND x {5+}\r\nhello {1+}\r\nz\r\nb NOOP\r\n".utf8)
        for cut in bytes.indices {
            let steps = Self.steps(bytes, pieces: [cut], skipping: true)
            #expect(steps.last == Self.frame("b NOOP"))
            guard case .spoiled = steps[steps.count - 2] else { return #expect(Bool(false), "cut at \(cut)") }
        }
    }

    @Test func aDroppedCommandLeavesTheNextOne() {
        var framer = Framer(reader: .server, lineLimit: 100)
        framer.append(Array("a LOGIN {9999}\r\n".utf8))
        guard case .literal = framer.next() else { return #expect(Bool(false)) }
        #expect(framer.unfinishedText.starts(with: Array("a LOGIN".utf8)))
        framer.drop()
        framer.append(Array("b NOOP\r\n".utf8))
        #expect(framer.next() == Self.frame("b NOOP"))
        #expect(!framer.hasUnreadBytes)
    }

    @Test("INV-9: an announcement alone sets nothing aside")
    func announcementCostsNothing() {
        var framer = Framer(reader: .server, lineLimit: 100)
        framer.append(Array("a APPEND x {52428800}\r\nabc".utf8))
        guard case .literal = framer.next() else { return #expect(Bool(false)) }
        framer.accept()
        #expect(framer.next() == .incomplete)
        #expect(framer.literalOctets == 3)
    }

    /// Any bytes: the pieces in which they arrive change nothing.
    static func fuzz(_ bytes: [UInt8], cut: Int) -> Bool {
        steps(bytes, pieces: [min(cut, bytes.count)], lineLimit: 60) == steps(bytes, pieces: [], lineLimit: 60)
    }

    @Test(arguments: 0..<200)
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("a {}+123\"\\\r\n".utf8)
        let bytes = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
            alphabet.randomElement(using: &generator) ?? 0
        }
        #expect(Self.fuzz(bytes, cut: Int.random(in: 0...80, using: &generator)), "\(bytes)")
    }
}

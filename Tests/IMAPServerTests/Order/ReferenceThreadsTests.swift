import Base
import IMAPWire
import TestSupport
import Testing

@testable import IMAPServer

@Suite struct ReferenceThreadsTests {
    /// A message of a few words: its id, what it refers to, its subject.
    ///
    /// Sent in the order of the list unless it says otherwise.
    struct Mail {
        var id: String?
        var references: [String] = []
        var subject = ""
        var isReply = false
        var sent: Int?

        init(_ id: String?, _ references: [String] = [], _ subject: String = "", reply: Bool = false, sent: Int? = nil)
        {
            self.id = id
            self.references = references
            self.subject = subject
            isReply = reply
            self.sent = sent
        }
    }

    static func messages(_ mails: [Mail]) -> [ThreadedMessage] {
        mails.enumerated().map { index, mail in
            ThreadedMessage(
                number: UInt32(index + 1),
                sent: Timestamp(seconds: Int64(mail.sent ?? index)),
                subject: Array(mail.subject.utf8),
                isReplyOrForward: mail.isReply,
                id: mail.id,
                references: mail.references
            )
        }
    }

    static func text(_ forest: ThreadForest) -> String {
        var writer = WireWriter()
        writer.threads(forest)
        return String(decoding: writer.takeBytes().dropFirst("* THREAD ".count).dropLast(2), as: UTF8.self)
    }

    private func threads(_ mails: Mail...) -> String { Self.text(ReferenceThreads.forest(of: Self.messages(mails))) }

    // MARK: By reference

    @Test("answers stand below what they answer")
    func chains() {
        #expect(threads(Mail("a"), Mail("b", ["a"]), Mail("c", ["a", "b"])) == "(1 2 3)")
        #expect(threads(Mail("a"), Mail("b", ["a"]), Mail("c", ["a"])) == "(1 (2)(3))")
        #expect(
            threads(Mail("a"), Mail("b", ["a"]), Mail("c", ["b"]), Mail("d", ["b"]), Mail("e", ["d"]))
                == "(1 2 (3)(4 5))"
        )
        #expect(threads(Mail("a"), Mail("b")) == "(1)(2)")
        #expect(threads(Mail("c", ["b"]), Mail("b", ["a"]), Mail("a")) == "(3 2 1)")
    }

    @Test("a parent that is not there holds its answers together; one answer stands for it")
    func dummies() {
        #expect(threads(Mail("b", ["a"]), Mail("c", ["a"])) == "((1)(2))")
        #expect(threads(Mail("b", ["a"])) == "(1)")
        // Below the top a missing message is left out, and its answers take its place.
        #expect(threads(Mail("a"), Mail("c", ["a", "b"]), Mail("d", ["a", "b"])) == "(1 (2)(3))")
        // One behind the other at the top.
        #expect(threads(Mail("d", ["a", "b"]), Mail("e", ["a", "c"])) == "((1)(2))")
        #expect(threads(Mail("d", ["a", "b", "c"])) == "(1)")
    }

    @Test("of several messages with one id the first one has it; none is lost")
    func duplicates() {
        #expect(threads(Mail("a"), Mail("a"), Mail("b", ["a"])) == "(1 3)(2)")
        #expect(threads(Mail(nil), Mail(nil, ["a"]), Mail("a")) == "(1)(3 2)")
    }

    @Test("links that would close a loop are not made")
    func loops() {
        #expect(threads(Mail("a", ["a"])) == "(1)")
        #expect(threads(Mail("a", ["b"]), Mail("b", ["a"])) == "(2 1)")
        #expect(threads(Mail("a", ["b"]), Mail("b", ["c"]), Mail("c", ["a"])) == "(3 2 1)")
        #expect(threads(Mail("x", ["a", "b", "a"])) == "(1)")
    }

    @Test("what a message says of its parent outranks what others say of it")
    func ownReferences() {
        // 1 takes 2 for a child of p; 2 itself knows better.
        #expect(threads(Mail("c", ["p", "b"]), Mail("b", ["q"]), Mail("p"), Mail("q")) == "(3)(4 2 1)")
        // Without references it has no parent, whoever linked it before.
        #expect(threads(Mail("c", ["p", "b"]), Mail("b"), Mail("p")) == "(2 1)(3)")
        // What is said after it, it keeps.
        #expect(threads(Mail("b"), Mail("p"), Mail("c", ["p", "b"])) == "(2 1 3)")
        // The first link that is made stays.
        #expect(threads(Mail("b", ["a", "x"]), Mail("c", ["d", "x"]), Mail("a"), Mail("d")) == "(3 (1)(2))(4)")
    }

    // MARK: By subject

    @Test("answers whose references were lost join by their subject")
    func subjects() {
        #expect(threads(Mail("a", [], "S"), Mail("b", [], "S", reply: true)) == "(1 2)")
        #expect(threads(Mail("b", [], "S", reply: true), Mail("a", [], "S")) == "(2 1)")
        // Two that are no answers have one parent, which is not there.
        #expect(threads(Mail("a", [], "S"), Mail("b", [], "S")) == "((1)(2))")
        #expect(threads(Mail("a", [], "S", reply: true), Mail("b", [], "S", reply: true)) == "((1)(2))")
        #expect(threads(Mail("a", [], "S"), Mail("b", [], "S"), Mail("c", [], "S", reply: true)) == "((1)(2)(3))")
        #expect(threads(Mail("a"), Mail("b")) == "(1)(2)")
    }

    @Test("threads without their first message join, and take up what has their subject")
    func subjectsOfDummies() {
        let broken = [Mail("b", ["x"], "S", reply: true), Mail("c", ["x"], "S", reply: true)]
        #expect(threads(broken[0], broken[1], Mail("d", [], "S")) == "((1)(2)(3))")
        #expect(threads(Mail("d", [], "S"), broken[0], broken[1]) == "((1)(2)(3))")
        #expect(
            threads(broken[0], broken[1], Mail("e", ["y"], "S", reply: true), Mail("f", ["y"], "S", reply: true))
                == "((1)(2)(3)(4))"
        )
        // The subject is that of the first child by date.
        #expect(
            threads(Mail("b", ["x"], "T", sent: 9), Mail("c", ["x"], "S", sent: 5), Mail("d", [], "T")) == "(3)((2)(1))"
        )
    }

    // MARK: Order

    @Test("siblings and threads stand in the order of their dates, then of the mailbox")
    func order() {
        #expect(threads(Mail("a", sent: 9), Mail("b", sent: 3), Mail("c", sent: 3)) == "(2)(3)(1)")
        #expect(threads(Mail("a"), Mail("b", ["a"], sent: 9), Mail("c", ["a"], sent: 3)) == "(1 (3)(2))")
        // A thread without a first message stands where its first child stands.
        #expect(threads(Mail("b", ["x"], sent: 9), Mail("c", ["x"], sent: 2), Mail("d", sent: 5)) == "((2)(1))(3)")
    }

    // MARK: Any input

    @Test("every message stands in exactly one place, and always in the same", arguments: 0..<60)
    func anyMail(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let ids = (0..<12).map { "id\($0)" }
        let mails = (0..<40).map { _ in
            Mail(
                Bool.random(using: &generator) ? ids.randomElement(using: &generator) : nil,
                (0..<Int.random(in: 0...5, using: &generator)).compactMap { _ in ids.randomElement(using: &generator) },
                ["", "S", "T"].randomElement(using: &generator) ?? "",
                reply: Bool.random(using: &generator),
                sent: Int.random(in: 0...9, using: &generator)
            )
        }
        let messages = Self.messages(mails)
        let forest = ReferenceThreads.forest(of: messages)
        var seen: [UInt32] = []
        var rest = forest.roots
        while let node = rest.popLast() {
            if let number = forest.nodes[node].number { seen.append(number) }
            rest += forest.nodes[node].children
        }
        #expect(seen.sorted() == messages.map(\.number))
        #expect(forest == ReferenceThreads.forest(of: messages))
        let dummies = forest.roots.filter { forest.nodes[$0].number == nil }
        #expect(dummies.allSatisfy { forest.nodes[$0].children.count > 1 })
    }

    @Test("a chain as long as a mailbox neither recurses nor is walked through for each message")
    func deepChain() {
        let count = 100_000
        let forwards = (0..<count).map { Mail("\($0)", $0 == 0 ? [] : ["\($0 - 1)"]) }
        let chain = Self.text(ReferenceThreads.forest(of: Self.messages(forwards)))
        #expect(chain == "(" + (1...count).map(String.init).joined(separator: " ") + ")")
    }

    @Test("chains made to be looked through from both ends cost no more")
    func hostileChain() {
        // Each message hangs a tree of its own below the far end of one chain.
        let count = 20_000
        let chain = (0..<count).reversed().map { Mail("\($0)", $0 == 0 ? [] : ["\($0 - 1)"]) }
        let hooks = (0..<count).map { Mail("h\($0)", ["\(count - 1)", "d\($0)", "0"]) }
        let forest = ReferenceThreads.forest(of: Self.messages(chain + hooks))
        #expect(forest.roots.count == 1)
    }

    @Test("lists inside lists end somewhere, and no message is left out")
    func nesting() {
        // Each message has two answers, one of which goes on.
        var mails = [Mail("0")]
        for level in 1...1000 {
            mails.append(Mail("\(level)", ["\(level - 1)"]))
            mails.append(Mail("leaf\(level)", ["\(level - 1)"]))
        }
        let text = Self.text(ReferenceThreads.forest(of: Self.messages(mails)))
        var depth = 0
        var deepest = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            deepest = max(deepest, depth)
        }
        #expect(depth == 0)
        #expect(deepest == Limits.threadNesting)
        let numbers = text.split { "() ".contains($0) }.compactMap { Int($0) }
        #expect(numbers.sorted() == Array(1...mails.count))
    }
}

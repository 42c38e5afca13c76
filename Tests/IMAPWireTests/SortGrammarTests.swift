import Base
import Testing

@testable import IMAPWire

@Suite struct SortGrammarTests {
    @Test func sort() throws {
        guard
            case .sort(let request, true)? = CommandParserTests.parsed(
                "a uid sort (reverse date SUBJECT) utf-8 1:3 seen"
            )
        else {
            Issue.record("no SORT")
            return
        }
        #expect(request.criteria == [SortCriterion(.date, isReversed: true), SortCriterion(.subject)])
        #expect(request.search.charset == "UTF-8")
        #expect(request.search.options == nil)
        guard case .and(let keys) = request.search.key else {
            Issue.record("no keys")
            return
        }
        #expect(keys.count == 2)
        guard case .sort(let returning, false)? = CommandParserTests.parsed("a SORT RETURN (MIN) (TO) \"US-ASCII\" ALL")
        else {
            Issue.record("no SORT")
            return
        }
        #expect(returning.search.options == .min)
        #expect(returning.search.charset == "US-ASCII")
    }

    @Test func thread() throws {
        guard
            case .thread(let request, false)? = CommandParserTests.parsed(
                "a THREAD references UTF-8 SUBJECT {3}\r\n",
                ["abc"]
            )
        else {
            Issue.record("no THREAD")
            return
        }
        #expect(request.algorithm == .references)
        #expect(request.search.key == .header("Subject", "abc"))
    }

    @Test(arguments: [
        ("a SORT", IMAPSyntaxError.Problem.space), ("a SORT x", .list), ("a SORT ()", .atom),
        ("a SORT (x) UTF-8 ALL", .parameter),
        ("a SORT (REVERSE) UTF-8 ALL", .space), ("a SORT (TO", .list), ("a SORT (TO)", .space),
        ("a SORT (TO) UTF-8", .space),
        ("a SORT (TO) UTF-8 ALL)", .excess), ("a SORT (TO) UTF-8 FOO", .searchKey),
        ("a THREAD x UTF-8 ALL", .parameter),
        ("a THREAD REFERENCES", .space), ("a THREAD REFERENCES UTF-8", .space),
        (
            "a SORT (\(Array(repeating: "TO", count: Limits.sortCriteria + 1).joined(separator: " "))) UTF-8 ALL",
            .tooMany
        ),
        ("a FETCH 1 (PREVIEW (LAZY)", .list), ("a FETCH 1 (PREVIEW (X))", .fetchItem), ("a SEARCH SAVEDON", .space),
        ("a SEARCH SAVEDON 31-Feb-2026", .date),
    ])
    func failures(line: String, problem: IMAPSyntaxError.Problem) {
        #expect(CommandParserTests.outcome(line) == .failure(problem))
    }

    @Test("every beginning of a command is refused or read, never more")
    func everyBeginning() {
        let line =
            "a UID SORT RETURN (COUNT) (REVERSE DISPLAYFROM SIZE) UTF-8 OR SAVEDON 1-Nov-2026 NOT SAVEDATESUPPORTED"
        for count in 0..<line.utf8.count {
            _ = CommandParserTests.outcome(String(decoding: Array(line.utf8.prefix(count)), as: UTF8.self))
        }
        #expect(CommandParserTests.parsed(line) != nil)
    }

    @Test func previewIsLazyWhereItSaysSo() throws {
        func items(_ text: String) -> [FetchItem]? {
            guard case .fetch(let request, _)? = CommandParserTests.parsed("a UID FETCH 1 " + text) else { return nil }
            return request.items
        }
        #expect(items("(PREVIEW (LAZY) UID)") == [.preview(isLazy: true), .uid])
        #expect(items("(preview SAVEDATE)") == [.preview(isLazy: false), .saveDate])
        #expect(items("PREVIEW (LAZY)") == [.preview(isLazy: true)])
        #expect(items("PREVIEW (CHANGEDSINCE 5)") == [.preview(isLazy: false)])
    }

    @Test func answersAreReadAsTheyWereWritten() throws {
        let response = Response.fetch(
            3,
            [
                .preview(Array("Grüße".utf8)), .preview([]), .preview(nil),
                .saveDate(Timestamp(seconds: 1_793_534_400)),
                .saveDate(nil),
            ]
        )
        #expect(try ResponseTests.roundTrip(response) == response)
    }

    @Test func threads() {
        func text(_ forest: ThreadForest) -> String {
            var writer = WireWriter()
            writer.threads(forest)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
        #expect(text(ThreadForest()) == "* THREAD\r\n")
        // RFC 5256 §4: (2)(3 6 (4 23)(44 7 96))
        let numbers: [UInt32] = [2, 3, 6, 4, 23, 44, 7, 96]
        var forest = ThreadForest(nodes: numbers.map { ThreadForest.Node(number: $0) }, roots: [0, 1])
        for (parent, child) in [(1, 2), (2, 3), (3, 4), (2, 5), (5, 6), (6, 7)] {
            forest.nodes[parent].children.append(child)
        }
        #expect(text(forest) == "* THREAD (2)(3 6 (4 23)(44 7 96))\r\n")
        let held = ThreadForest(
            nodes: [ThreadForest.Node(number: nil, children: [1, 2])] + [3, 5].map { ThreadForest.Node(number: $0) },
            roots: [0]
        )
        #expect(text(held) == "* THREAD ((3)(5))\r\n")
    }
}

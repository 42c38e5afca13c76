import Base
import TestSupport
import Testing

@testable import IMAPWire

@Suite struct CommandParserTests {
    enum Outcome: Equatable {
        case command(String)
        case failure(IMAPSyntaxError.Problem)
    }

    /// What a line comes to, literals of its own behind it.
    static func outcome(_ text: String, _ literals: [String] = []) -> Outcome {
        let frame = Frame(text: Array(text.utf8), literals: literals.map { Array($0.utf8) })
        do throws(BadCommand) {
            return .command("\(try CommandParser.parse(frame).command)")
        } catch {
            return .failure(error.error.problem)
        }
    }

    static func parsed(_ text: String, _ literals: [String] = []) -> IMAPWire.Command? {
        let frame = Frame(text: Array(text.utf8), literals: literals.map { Array($0.utf8) })
        return try? CommandParser.parse(frame).command
    }

    @Test(arguments: [
        ("", IMAPSyntaxError.Problem.tag), ("a", .space), ("a ", .unknownCommand), ("+ NOOP", .tag),
        ("a FOO", .unknownCommand), ("a NOOP x", .excess), ("a LOGIN anna", .space), ("a LOGIN anna \"x", .string),
        ("a LOGIN anna \"\\x\"", .string), ("a SELECT", .space), ("a SELECT a b", .list),
        ("a CREATE \"a*\"", .mailboxName),
        ("a SELECT &x", .mailboxName), ("a FETCH 0 FLAGS", .set), ("a FETCH 1 (FLAGS", .list),
        ("a FETCH 1 FOO", .fetchItem),
        ("a FETCH 1:: FLAGS", .set), ("a FETCH 4294967296 FLAGS", .set), ("a FETCH 1 BODY[", .section),
        ("a FETCH 1 BODY[1.]", .section), ("a FETCH 1 BODY[MIME]", .section), ("a FETCH 1 BODY[]<0.0>", .number),
        ("a FETCH 1 BODY[0]", .number), ("a STORE 1 FLAG (x)", .parameter), ("a STORE 1 FLAGS (\\*)", .flag),
        ("a SEARCH", .space), ("a SEARCH FOO", .searchKey), ("a SEARCH ON 30-Feb-2026", .date),
        ("a SEARCH SMALLER x", .number), ("a STATUS x (FOO)", .statusItem), ("a STATUS x ()", .atom),
        ("a APPEND x abc", .literal), ("a APPEND x {3}", .literal),
        ("a APPEND x (\\Seen) \"32-Jan-2026 00:00:00 +0000\" {1}", .date),
        ("a UID FOO 1", .unknownCommand), ("a UID", .space), ("a ENABLE", .space),
        ("a CREATE x (USE (Foo))", .flag), ("a CREATE x (FOO)", .parameter),
        ("a SELECT a (", .parameter), ("a SELECT a (X)", .parameter), ("a SELECT a (QRESYNC)", .space),
        ("a SELECT a (QRESYNC (0 1))", .number), ("a SELECT a (QRESYNC (1 1 1:*))", .set),
        ("a SELECT a (QRESYNC (1 1 $))", .set), ("a SELECT a (QRESYNC (1 1 1 (1:2 5)))", .set),
        ("a SELECT a (QRESYNC (1 1) QRESYNC (1 1))", .parameter), ("a SELECT a (CONDSTORE", .list),
        ("a FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)", .parameter), ("a UID FETCH 1 FLAGS (VANISHED)", .parameter),
        ("a FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)", .number), ("a FETCH 1 FLAGS (X)", .parameter),
        ("a FETCH $,1 FLAGS", .space), ("a FETCH 1,$ FLAGS", .set), ("a STORE 1 (UNCHANGEDSINCE) FLAGS x", .space),
        ("a STORE 1 (UNCHANGEDSINCE 1 X) FLAGS x", .list), ("a STORE 1 (X 1) FLAGS x", .parameter),
        ("a SEARCH RETURN (X) ALL", .parameter), ("a SEARCH RETURN (ALL)", .space), ("a SEARCH RETURN ALL", .list),
        ("a SEARCH MODSEQ \"/x/y\" all 1", .searchKey), ("a SEARCH MODSEQ \"/flags/x\" none 1", .searchKey),
        ("a ID (\"a\")", .space), ("a LIST \"\"", .space), ("a AUTHENTICATE PLAIN !", .string),
    ])
    func failures(line: String, problem: IMAPSyntaxError.Problem) {
        #expect(Self.outcome(line) == .failure(problem))
    }

    @Test func tagOfABadCommand() {
        do throws(BadCommand) {
            _ = try CommandParser.parse(Frame(text: Array("x1 FOO".utf8)))
            Issue.record("must fail")
        } catch {
            #expect(error == BadCommand(tag: "x1", error: IMAPSyntaxError(.unknownCommand, at: 3)))
        }
        #expect(CommandParser.takesMessages(Array("x append Sent {5}\r\n".utf8)))
        #expect(CommandParser.takesMessages(Array("x uid replace 4 Sent {5}\r\n".utf8)))
        #expect(!CommandParser.takesMessages(Array("x APPENDS Sent {5}\r\n".utf8)))
        #expect(!CommandParser.takesMessages(Array("x UID SEARCH TEXT {5}\r\n".utf8)))
        #expect(CommandParser.tag(of: Array("(".utf8)) == nil)
    }

    @Test func fetch() throws {
        guard
            case .fetch(let request, true)? = Self.parsed(
                "a uid fetch 1:3,*:7 (flags BODY.PEEK[1.2.HEADER.FIELDS.NOT (\"To\" cc)]<5.10> rfc822.size BODY BODY[] flags)"
            )
        else { return #expect(Bool(false)) }
        #expect(request.set.ranges == [.init(1, 3), .init(nil, 7)])
        #expect(
            request.items == [
                .flags,
                .section(
                    SectionSpec(path: [1, 2], .headerFieldsNot(["To", "cc"])),
                    partial: PartialRange(offset: 5, count: 10),
                    peek: true
                ), .size, .body, .section(SectionSpec(), partial: nil, peek: false),
            ]
        )
        guard case .fetch(let macro, false)? = Self.parsed("a FETCH * FULL") else { return #expect(Bool(false)) }
        #expect(macro.items == FetchItem.full)
    }

    @Test func search() {
        guard
            case .search(let request, false)? = Self.parsed(
                "a SEARCH CHARSET utf-8 OR (FROM {3}\r\n SEEN) NOT 1:5 SINCE 1-Feb-1994",
                ["müx"]
            )
        else { return #expect(Bool(false)) }
        #expect(request.charset == "UTF-8")
        #expect(
            request.key
                == .and([
                    .or(
                        .and([.address(field: "FROM", "müx"), .flag(.seen, true)]),
                        .not(.sequence(SequenceSet([.init(1, 5)])))
                    ), .received(.since, CalendarDate(year: 1994, month: 2, day: 1)),
                ])
        )
    }

    @Test func searchReturn() {
        func request(_ line: String) -> SearchRequest? {
            guard case .search(let request, _)? = Self.parsed(line) else { return nil }
            return request
        }
        #expect(request("a SEARCH ALL")?.options == nil)
        #expect(request("a SEARCH return () ALL")?.options == .all)
        #expect(
            request("a UID SEARCH RETURN (Min MAX COUNT save) CHARSET UTF-8 $")?.options == [.min, .max, .count, .save]
        )
        #expect(request("a SEARCH UID $")?.key == .uid(.savedResult))
        #expect(request("a SEARCH MODSEQ \"/flags/\\\\draft\" all 620162338")?.key == .modSeq(620_162_338))
        #expect(request("a SEARCH OR $ MODSEQ 0")?.key == .or(.sequence(.savedResult), .modSeq(0)))
    }

    @Test func resynchronization() {
        guard
            case .select(.inbox, let parameters)? = Self.parsed(
                "a SELECT inbox (QRESYNC (67 90060115194045000 41:211,214 (5,9:10 15,20:21)) CONDSTORE)"
            ),
            case .examine(_, let short)? = Self.parsed("a EXAMINE x (QRESYNC (67 9 (1 2)))"),
            case .select(_, let plain)? = Self.parsed("a SELECT x")
        else { return #expect(Bool(false)) }
        #expect(parameters.wantsModSeqs)
        #expect(
            parameters.known
                == KnownMailbox(
                    uidValidity: 67,
                    modSeq: 90_060_115_194_045_000,
                    uids: NumberSet([41...211, 214...214]),
                    sample: KnownMailbox.Sample(numbers: NumberSet([5, 9, 10]), uids: NumberSet([15, 20, 21]))
                )
        )
        #expect(short.known?.uids == nil && short.known?.sample?.uids == NumberSet([2]))
        #expect(plain == SelectParameters())
        guard case .fetch(let fetch, true)? = Self.parsed("a UID FETCH $ FLAGS (VANISHED CHANGEDSINCE 5)"),
            case .store(let store, false)? = Self.parsed("a STORE 7,5 (UNCHANGEDSINCE 0) +FLAGS.SILENT \\Deleted")
        else { return #expect(Bool(false)) }
        #expect(fetch == FetchRequest(set: .savedResult, items: [.flags], changedSince: 5, tellsVanished: true))
        #expect(store.unchangedSince == 0 && store.isSilent)
    }

    @Test func secretsDoNotShow() {
        #expect(!Self.outcomeText("a LOGIN anna hunter2").contains("hunter2"))
    }

    private static func outcomeText(_ line: String) -> String { "\(outcome(line))" }

    @Test("INV-9: nesting, keys and ranges are bound")
    func limits() {
        let deep = String(repeating: "(", count: Limits.imapNesting + 1)
        #expect(Self.outcome("a SEARCH " + deep) == .failure(.tooDeep))
        let nots = String(repeating: "NOT ", count: Limits.imapNesting + 1)
        #expect(Self.outcome("a SEARCH \(nots)SEEN") == .failure(.tooDeep))
        let keys = Array(repeating: "SEEN", count: Limits.imapSearchKeys + 1).joined(separator: " ")
        #expect(Self.outcome("a SEARCH " + keys) == .failure(.tooMany))
        let ranges = Array(repeating: "1", count: Limits.imapSetRanges + 1).joined(separator: ",")
        #expect(Self.outcome("a FETCH \(ranges) FLAGS") == .failure(.tooMany))
        let path = Array(repeating: "1", count: Limits.mimeDepth + 1).joined(separator: ".")
        #expect(Self.outcome("a FETCH 1 BODY[\(path)]") == .failure(.tooDeep))
        #expect(
            Self.outcome("a STORE 1 FLAGS (\(String(repeating: "x", count: Limits.keyword + 1)))") == .failure(.flag)
        )
        #expect(Self.outcome(String(repeating: "t", count: Limits.imapTag + 1) + " NOOP") == .failure(.tag))
    }

    static let lines = [
        "a UID FETCH 1:*,3 (FLAGS BODY.PEEK[1.2.HEADER.FIELDS (To)]<0.9> ENVELOPE)",
        "a SEARCH CHARSET UTF-8 OR (SEEN TEXT \"a\\\"b\") NOT KEYWORD x SINCE 1-Feb-1994 LARGER 4",
        "a APPEND \"In&AOk-box\" (\\Seen x) \" 1-Feb-1994 21:52:25 -0800\" {2}\r\n",
        "a APPEND x (\\Seen) CATENATE (TEXT {3}\r\n URL \"/a/;UID=1\") UTF8 (~{5+}\r\n)",
        "a UID REPLACE 7 x {2}\r\n",
        "a LIST \"\" \"%/*\"", "a STATUS INBOX (MESSAGES UIDNEXT)", "a ID (\"name\" NIL)",
        "a STORE 1 +FLAGS.SILENT (x)",
        "a SELECT x (CONDSTORE QRESYNC (67 9 41:211 (5,9:10 15,20:21)))", "a FETCH $ (MODSEQ) (CHANGEDSINCE 5)",
        "a STORE 1 (UNCHANGEDSINCE 5) FLAGS (x)", "a SEARCH RETURN (MIN SAVE) MODSEQ \"/flags/x\" priv 5",
        "a CREATE x (USE (\\Drafts \\Sent))",
        "a LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (a* %) RETURN (CHILDREN STATUS (MESSAGES SIZE) METADATA (/shared/x))",
        "a GETMETADATA (MAXSIZE 5 DEPTH infinity) x (/shared/comment \"/private/a\")",
        "a SETMETADATA \"\" (/private/comment {2}\r\n /shared/x NIL)", "a LISTRIGHTS x anna", "a SETACL x anna +a",
        "a SETQUOTA \"\" (STORAGE 5 MESSAGE 6)",
        "a NOTIFY SET STATUS (selected-delayed (MessageNew (UID BODY.PEEK[TEXT]) MessageExpunge)) (subtree (a b) NONE)",
        "a SEARCH OR EMAILID Mx-1 THREADID T_2", "a FETCH 1 (EMAILID THREADID)", "a RENAME {1}\r\n {1+}\r\n",
        "a AUTHENTICATE PLAIN AGE=", "a LOGIN a \"b\"",
    ]

    /// Every beginning of a line is a failure or a command, never a trap.
    @Test(arguments: lines)
    func everyBeginning(line: String) {
        for end in line.utf8.indices { _ = Self.outcome(String(line[..<end]), ["x", "y"]) }
    }

    static func fuzz(_ bytes: [UInt8]) {
        _ = try? CommandParser.parse(Frame(text: bytes, literals: [[1], [2, 3]]))
        _ = try? ResponseParser.parse(Frame(text: bytes, literals: [[1], [2, 3]]))
    }

    @Test(arguments: 0..<300)
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let sources = Self.lines + ResponseTests.lines
        var bytes = Array((sources.randomElement(using: &generator) ?? "").utf8)
        for _ in 0..<Int.random(in: 1...8, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            default: bytes.insert(Array("(){}[]<>\"\\* ,:\r\n".utf8).randomElement(using: &generator) ?? 0, at: place)
            }
        }
        Self.fuzz(bytes)
    }
}

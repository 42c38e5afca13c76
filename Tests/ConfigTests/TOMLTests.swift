import Base
import TestSupport
import Testing

@testable import Config

/// A table as text with sorted keys, for comparing.
private func shown(_ value: TOMLValue) -> String {
    switch value {
    case .string(let text): "\"\(text)\""
    case .integer(let number): String(number)
    case .float(let number): "f\(number)"
    case .boolean(let flag): String(flag)
    case .dateTime(let time): shown(time)
    case .array(let elements): "[" + elements.map { shown($0.value) }.joined(separator: ",") + "]"
    case .table(let table):
        "{" + table.entries.map { "\($0.key)=\(shown($0.node.value))" }.sorted().joined(separator: ",") + "}"
    }
}

private func shown(_ time: TOMLDateTime) -> String {
    let day = time.day.map { "\($0.year)-\($0.month)-\($0.day)" } ?? ""
    let clock = time.time.map { "T\($0.hour):\($0.minute):\($0.second).\($0.nanosecond)" } ?? ""
    return day + clock + (time.offset.map { "+\($0)" } ?? "")
}

private func parse(_ bytes: [UInt8]) -> (table: TOMLTable?, problems: [String]) {
    let source = SourceText(path: "x", bytes: bytes)
    let reporter = ProblemReporter(source)
    let table = TOML.parse(source, into: reporter)
    return (table, reporter.problems.map { $0.description })
}

private func parse(_ text: String) -> (table: TOMLTable?, problems: [String]) { parse(Array(text.utf8)) }

/// The fuzz entry: any bytes are read or refused, and what is refused has a place in the text.
func readAnything(_ bytes: [UInt8]) -> Bool {
    let source = SourceText(path: "x", bytes: bytes)
    let reporter = ProblemReporter(source)
    let table = TOML.parse(source, into: reporter)
    let lines = bytes.count(where: { $0 == ASCII.lf }) + 1
    return (table == nil) == !reporter.problems.isEmpty
        && reporter.problems.allSatisfy { (1...lines).contains($0.position?.line ?? 0) }
}

@Suite struct TOMLTests {
    static let valid: [(String, String)] = [
        ("", "{}"),
        ("# only a comment", "{}"),
        ("\u{FEFF}a = 1", "{a=1}"),
        ("a = 1\r\nb = 2\r\n", "{a=1,b=2}"),
        ("a.b.c = 1\na.b.d = 2", "{a={b={c=1,d=2}}}"),
        ("a . b = 1", "{a={b=1}}"),
        ("\"a b\".'c.d' = 1", "{a b={c.d=1}}"),
        ("3.14 = 'pi'", "{3={14=\"pi\"}}"),
        ("\"\" = 1", "{=1}"),
        ("a-b_1 = true\nc = false", "{a-b_1=true,c=false}"),
        ("a = \"t\\t\\\"\\\\\\u00E9\\U0001F600\\b\\f\\n\\r\"", "{a=\"t\t\"\\é😀\u{8}\u{C}\n\r\"}"),
        ("a = 'C:\\x'", "{a=\"C:\\x\"}"),
        ("a = \"\"\"\none\ntwo\\\n   \n  three\"\"\"", "{a=\"one\ntwothree\"}"),
        ("a = \"\"\"\"quoted\"\"\"\"\"", "{a=\"\"quoted\"\"\"}"),
        ("a = '''\r\nit''s\\n'''", "{a=\"it''s\\n\"}"),
        ("a = \"\"\nb = ''", "{a=\"\",b=\"\"}"),
        ("a = \"\"\"\"\"\"", "{a=\"\"}"),
        (
            "a = [+99, 42, 0, -17, 1_000, 0xDEAD_beef, 0o755, 0b1101, -0, +0]",
            "{a=[99,42,0,-17,1000,3735928559,493,13,0,0]}"
        ),
        ("a = [9223372036854775807, -9223372036854775808]", "{a=[9223372036854775807,-9223372036854775808]}"),
        (
            "a = [1.0, -0.01, 5e+22, 1e06, -2E-2, 6.626e-34, 9_224.5, inf, -inf]",
            "{a=[f1.0,f-0.01,f5e+22,f1000000.0,f-0.02,f6.626e-34,f9224.5,finf,f-inf]}"
        ),
        ("a = 1979-05-27T07:32:00Z", "{a=1979-5-27T7:32:0.0+0}"),
        ("a = 1979-05-27 00:32:00.9999991239-07:30", "{a=1979-5-27T0:32:0.999999123+-450}"),
        ("a = [1979-05-27t07:32:00, 1979-05-27, 07:32:00.5]", "{a=[1979-5-27T7:32:0.0,1979-5-27,T7:32:0.500000000]}"),
        ("a = 2024-02-29 # leap", "{a=2024-2-29}"),
        ("a = [ # c\n 1, # one\n\n [2, 'x'], ]", "{a=[1,[2,\"x\"]]}"),
        ("a = { b = 1, c.d = 2, e = { f = [] } }", "{a={b=1,c={d=2},e={f=[]}}}"),
        ("a = {}", "{a={}}"),
        ("[a.b]\nc = 1\n[a]\nd = 2", "{a={b={c=1},d=2}}"),
        ("[ a . 'b' ] # c\nc = 1", "{a={b={c=1}}}"),
        ("[[p]]\nn = 1\n[p.q]\nr = 1\n[[p]]\n[[p.s]]\nt = 1\n[[p.s]]", "{p=[{n=1,q={r=1}},{s=[{t=1},{}]}]}"),
        ("[f]\na.b = 1\na.c.d = 2\n[f.a.t]\nx = 1", "{f={a={b=1,c={d=2},t={x=1}}}}"),
        ("[a.b.c]\nz = 9\n[a]\nb.t = 1", "{a={b={c={z=9},t=1}}}"),
    ]

    @Test(arguments: valid)
    func reads(_ text: String, _ expected: String) throws {
        let (table, problems) = parse(text)
        #expect(problems == [])
        #expect(shown(.table(try #require(table))) == expected)
    }

    static let invalid: [(String, String)] = [
        ("a", "x:1:2: expected \"=\" after the key; keys with spaces or dots in them need quotes"),
        ("= 1", "x:1:1: expected a key; write `key = value` or a [table]"),
        ("a =", "x:1:4: expected a value; write a \"string\", a number, true, false, a date, [ ] or { }"),
        ("a = 1 b = 2", "x:1:7: expected the end of the line; write one key a line"),
        ("a = yes", "x:1:5: \"yes\" is no value; text needs quotes"),
        ("a = 007", "x:1:5: \"007\" has a leading zero; remove it, or quote it if it is text"),
        ("a = 1__0", "x:1:5: \"1__0\" is not a number"),
        ("a = 0xG", "x:1:5: \"0xG\" is not a number"),
        ("a = 1.", "x:1:5: \"1.\" is not a number"),
        ("a = .5", "x:1:5: \".5\" is not a number"),
        ("a = 1.e3", "x:1:5: \"1.e3\" is not a number"),
        ("a = +0x1", "x:1:5: \"+0x1\" is not a number"),
        ("a = 9223372036854775808", "x:1:5: \"9223372036854775808\" does not fit into 64 bits"),
        (
            "a = 2023-02-29",
            "x:1:5: \"2023-02-29\" is no date or time; write 2026-03-01, 09:30:00 or 2026-03-01T09:30:00Z"
        ),
        ("a = 25:00:00", "x:1:5: \"25:00:00\" is no date or time; write 2026-03-01, 09:30:00 or 2026-03-01T09:30:00Z"),
        ("é = 1", "x:1:1: expected a key; write `key = value` or a [table]"),
        ("k = \"é\" x", "x:1:9: expected the end of the line; write one key a line"),
        ("a = \"open\nb = 1", "x:1:5: the string is not closed; add \" before the end of the line"),
        ("a = '''open\n", "x:1:5: the string is not closed; add '''"),
        ("a = \"\\x\"", "x:1:6: unknown escape \"\\x\"; write \\\\ for a backslash"),
        ("a = \"\\uD800\"", "x:1:6: \\u needs 4 and \\U 8 hexadecimal digits of a Unicode character"),
        ("a = \"\\u12\"", "x:1:6: \\u needs 4 and \\U 8 hexadecimal digits of a Unicode character"),
        ("a = \"\u{1}\"", "x:1:6: control character U+0001 is not allowed; remove it or write \\u0001"),
        ("# \u{7F}", "x:1:3: control character U+007F is not allowed; remove it or write \\u007F"),
        (
            "a = 1\rb",
            "x:1:6: a carriage return must be followed by a line feed; save the file with one kind of line end"
        ),
        ("\"\"\"a\"\"\" = 1", "x:1:1: a key cannot be a multi-line string; use one quote at each end"),
        ("[a", "x:1:3: expected \"]\" to end the table's name"),
        ("[[a]", "x:1:5: expected \"]]\" to end the table's name"),
        ("[]", "x:1:2: expected a key; write `key = value` or a [table]"),
        ("a = [1 2]", "x:1:8: expected \",\" or \"]\" in the array"),
        ("a = [1,", "x:1:5: the array is not closed; add \"]\""),
        ("a = { b = 1,\n c = 2 }", "x:1:13: an inline table must stand on one line; use a [table] for longer ones"),
        ("a = { b = 1, }", "x:1:14: an inline table cannot end with a comma; remove it"),
        ("a = { b = 1", "x:1:5: the inline table is not closed; add \"}\""),
        ("a = 1\na = 2", "x:2:1: \"a\" is already set at 1:1; keep one of them"),
        ("[a]\n[a]", "x:2:2: the table \"a\" is already defined at 1:2; join the two"),
        ("a.b = 1\n[a]", "x:2:2: the table \"a\" is already defined at 1:1; join the two"),
        ("[f]\na.b = 1\n[f.a]", "x:3:4: the table \"a\" is already defined at 2:1; join the two"),
        ("[a.b.c]\nz = 9\n[a]\nb.c.t = 1", "x:4:3: the table \"c\" is already defined at 1:6; join the two"),
        ("a = {}\na.b = 1", "x:2:1: the inline table \"a\" at 1:1 cannot be added to; write it as a [table]"),
        ("a = {}\n[a.b]", "x:2:2: the inline table \"a\" at 1:1 cannot be added to; write it as a [table]"),
        ("a = 1\n[a]", "x:2:2: \"a\" is an integer (set at 1:1), not a table"),
        ("a = 1\na.b = 2", "x:2:1: \"a\" is an integer (set at 1:1), not a table"),
        (
            "a = []\n[[a]]",
            "x:2:3: \"a\" is an array (defined at 1:1), not an array of tables; use [[a]] or [a] throughout"
        ),
        (
            "[[a]]\n[a]",
            "x:2:2: \"a\" is an array of tables (defined at 1:3), not an array of tables; use [[a]] or [a] throughout"
        ),
    ]

    @Test(arguments: invalid)
    func refuses(_ text: String, _ problem: String) {
        let (table, problems) = parse(text)
        #expect(table == nil)
        #expect(problems == [problem])
    }

    @Test func severalProblemsAreToldAtOnce() {
        let text = """
            a = yes
            b = [1, oops
              2,
            ]
            c = 1
            [d
            c = 2
            [e]
            c = 3
            c = 4
            """
        #expect(
            parse(text).problems == [
                "x:1:5: \"yes\" is no value; text needs quotes",
                "x:2:9: \"oops\" is no value; text needs quotes",
                "x:6:3: expected \"]\" to end the table's name",
                "x:10:1: \"c\" is already set at 9:1; keep one of them",
            ]
        )
    }

    @Test func whatIsNotUTF8IsRefusedWithItsPlace() {
        let bytes: [UInt8] = Array("a = 1\nb = \"é".utf8) + [0xFF]
        #expect(parse(bytes).problems == ["x:2:7: the text is not UTF-8 here; save the file as UTF-8"])
    }

    @Test(arguments: ["[", "{a=", "a."])
    func nestingHasALimit(_ piece: String) {
        let deep = String(repeating: piece, count: 10_000)
        let text = piece == "a." ? deep + "a = 1" : "a = " + deep
        #expect(parse(text).problems.first?.contains("more than 64 tables and arrays inside each other") == true)
        #expect(parse(String(repeating: "[", count: 10) + "a").table == nil)
    }

    @Test func columnsCountCharacters() {
        #expect(parse("k = { 'äöü' = 1, b = oops }").problems == ["x:1:22: \"oops\" is no value; text needs quotes"])
    }

    @Test func everyPrefixIsReadOrRefused() {
        for (text, _) in Self.valid + Self.invalid {
            let bytes = Array(text.utf8)
            for count in 0...bytes.count { #expect(readAnything(Array(bytes[..<count]))) }
        }
    }

    @Test func mutationsNeverTrap() {
        var random = SeededGenerator(seed: 20_260_301)
        let seeds = (Self.valid + Self.invalid).map { Array($0.0.utf8) }
        let alphabet = Array("[]{}=.,#\"'\\\n\r\t 019aeExobuU_+-:TZ".utf8) + [0x00, 0x7F, 0xC3, 0xA9, 0xFF]
        for round in 0..<4000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0...bytes.count, using: &random)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.insert(byte, at: position)
                case 1 where position < bytes.count: bytes[position] = byte
                default: if position < bytes.count { bytes.remove(at: position) }
                }
            }
            #expect(readAnything(bytes), "round \(round)")
        }
    }
}

import Base
import TestSupport
import Testing

@testable import Config

private func read(_ text: String) -> (rows: [[String]]?, problems: [String]) {
    let source = SourceText(path: "x", bytes: Array(text.utf8))
    let reporter = ProblemReporter(source)
    let table = CSVReader.read(source, into: reporter)
    let rows = table.map { [$0.header.map(\.text)] + $0.rows.map { $0.fields.map(\.text) } }
    return (rows, reporter.problems.map(\.description))
}

@Suite struct CSVTests {
    @Test(
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("\u{FEFF}a;b\r\n1;2\r\n\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n\"1,\"\"x\"\"\",\"two\nlines\"", [["a", "b"], ["1,\"x\"", "two\nlines"]]),
            ("\"a,1\";b\n;", [["a,1", "b"]]),
            ("a,b,,\n1,2,,\n3,4\n", [["a", "b"], ["1", "2"], ["3", "4"]]),
            ("a\n x \n", [["a"], ["x"]]),
            ("a,b\n田中,é\n", [["a", "b"], ["田中", "é"]]),
        ] as [(String, [[String]])]
    )
    func reads(_ text: String, _ expected: [[String]]) {
        let (rows, problems) = read(text)
        #expect(rows == expected)
        #expect(problems == [])
    }

    @Test func problemsHavePlacesAndTheRestIsRead() {
        let (rows, problems) = read("a,b\n1,2,3\n\"x\"y,1\nz\"z,1\n5,6\n\"open,1\n")
        #expect(rows == [["a", "b"], ["5", "6"]])
        #expect(
            problems == [
                "x:2:1: the row has 3 fields, the header 2; quote fields that contain the delimiter",
                "x:3:4: text behind the closing quote; write \"\" for a quote inside a field",
                "x:4:2: a quote inside a field; quote the whole field and write \"\" for it",
                "x:6:1: the quoted field is not closed; add \" at its end",
            ]
        )
    }

    @Test func anEmptyTableIsTold() {
        #expect(read("\n\n").problems == ["x:3:1: the table is empty; begin with a row of column names"])
    }

    @Test func mutationsNeverTrap() {
        var random = SeededGenerator(seed: 7)
        let seed = Array("id,name,addresses\r\na,\"b \"\"c\"\"\nd\",e@f.example\r\ng;h,i,\"\"\n".utf8)
        let alphabet = Array(",;\"\n\r a".utf8) + [0x00, 0xFF]
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                bytes[position] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let source = SourceText(path: "x", bytes: bytes)
            let table = CSVReader.read(source, into: ProblemReporter(source))
            #expect(table?.rows.allSatisfy { $0.fields.count == table?.header.count } != false)
        }
    }
}

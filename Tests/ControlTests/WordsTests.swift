import Base
import Testing

@testable import Control

@Suite struct ArgumentsTests {
    private let known = [Option("config", "DIR", help: ""), Option("json", help: "")]

    @Test func takesOptionsAnywhereAndOperandsInOrder() throws {
        let arguments = try Arguments(["a", "--config", "x", "b", "--json", "--", "--c"], known)
        #expect(arguments.operands == ["a", "b", "--c"])
        #expect(arguments["config"] == "x")
        #expect(arguments.has("json"))
    }

    @Test func takesAValueBehindAnEqualsSign() throws {
        #expect(try Arguments(["--config=a=b"], known)["config"] == "a=b")
        #expect(try Arguments(["--config="], known)["config"]?.isEmpty == true)
    }

    @Test(
        arguments: [
            (["--cofig", "x"], #"unknown option "--cofig" (did you mean "--config"?)"#),
            (["--config"], "option --config needs a value: DIR"),
            (["--json=yes"], "option --json takes no value"),
            (["--json", "--json"], "option --json is given twice"),
            (["-x"], #"unknown option "-x""#),
        ])
    func refuses(_ words: [String], why: String) {
        #expect(throws: UsageError(why)) { try Arguments(words, known) }
    }
}

@Suite struct ProgramTests {
    @Test(arguments: Commands.all.map(\.name))
    func helpTellsEverything(_ name: String) async throws {
        let heard = try await greenroom(name, "--help")
        #expect(heard.code == .success)
        for heading in ["Usage", "Description", "Options", "Exit codes"] { #expect(heard.out.contains(heading)) }
        #expect(heard.out.contains { $0.hasPrefix("    0  ") })
        #expect(heard.out.contains { $0.hasPrefix("    1  ") })
        #expect(heard.out.contains("    --config DIR"))
        let prose = heard.out.filter { !$0.hasPrefix("    greenroom") }
        #expect(prose.allSatisfy { $0.count <= 80 })
    }

    @Test(
        arguments: [
            (["chek"], #"greenroom: unknown command "chek" (did you mean "check"?)"#),
            (["--verson"], #"greenroom: unknown option "--verson" (did you mean "--version"?)"#),
            (["check", "now"], #"greenroom check: "now" is one word too many"#),
            (["ledger", "verfy"], #"greenroom ledger: unknown verb "verfy" (did you mean "verify"?)"#),
            (["ledger", "--from", "0"], #"greenroom ledger: option --from needs a number from 1, not "0""#),
            (["password", "--label", "x"], "greenroom password: option --member is missing"),
            (
                ["approvals", "approve", "A-1"],
                "greenroom approvals: name the version too, as approvals list prints it: A-1.1"
            ),
        ])
    func wordsThatAreNoCommandEndWith2(_ words: [String], why: String) async throws {
        let heard = try await greenroom(words)
        #expect(heard.code == .usage)
        #expect(heard.err.first == why)
        #expect(heard.out.isEmpty)
    }

    @Test func noWordsEndWith2AndHelpWith0() async throws {
        #expect(try await greenroom([]).code == .usage)
        #expect(try await greenroom("--help").code == .success)
        #expect(try await greenroom("--version").out == ["greenroom \(Program.version)"])
    }

    @Test func textFromOutsideMovesNoCursor() {
        let heard = Heard()
        heard.console.say("a\u{1B}[2Jb\r\nc")
        #expect(heard.out == ["a\u{FFFD}[2Jb", "c"])
    }
}

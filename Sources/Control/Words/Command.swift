internal import Base

/// How a command ended.
package enum ExitCode: Int32, Sendable, Hashable {
    case success = 0
    /// It could not be done, or what was checked is not good.
    case failure = 1
    /// The words were no command.
    case usage = 2
}

/// One command of `greenroom`: how it is called, what it is for, and what it does.
package struct Command: Sendable {
    package typealias Run = @Sendable (Arguments, Workplace) async throws -> ExitCode
    /// What the running gateway does for it, when it is asked over the control socket.
    package typealias Answer = @Sendable (Arguments, Caller, ControlDesk, Console) async throws -> ExitCode

    package let name: String
    /// One line for the list of commands.
    let summary: String
    /// What stands behind `greenroom`, one way to call it each.
    let synopsis: [String]
    let description: String
    let options: [Option]
    /// How many operands it takes.
    let operands: ClosedRange<Int>
    /// What the exit codes mean, beside 2.
    let exits: (success: String, failure: String)
    let examples: [String]
    /// Whether the process answers signals while it runs.
    package let takesSignals: Bool
    let run: Run
    let answer: Answer?

    package init(
        _ name: String,
        summary: String,
        synopsis: [String],
        description: String,
        options: [Option],
        operands: ClosedRange<Int> = 0...0,
        exits: (success: String, failure: String),
        examples: [String],
        takesSignals: Bool = false,
        answer: Answer? = nil,
        run: @escaping Run
    ) {
        self.name = name
        self.summary = summary
        self.synopsis = synopsis
        self.description = description
        self.options = options
        self.operands = operands
        self.exits = exits
        self.examples = examples
        self.takesSignals = takesSignals
        self.answer = answer
        self.run = run
    }

    /// The text of `--help`.
    package var help: String {
        var lines = ["greenroom \(name) - \(summary)", "", "Usage"]
        lines += synopsis.map { "    greenroom \($0)" }
        lines += ["", "Description"]
        for paragraph in description.split(separator: "\n", omittingEmptySubsequences: false) {
            lines += paragraph.isEmpty ? [""] : Self.wrapped(String(paragraph), indent: 4)
        }
        lines += ["", "Options"]
        for option in options + [Option("help", help: "Print this text.")] {
            lines.append("    --\(option.name)" + (option.value.map { " \($0)" } ?? ""))
            lines += Self.wrapped(option.help, indent: 8)
        }
        lines += ["", "Exit codes"]
        let codes = [(0, exits.success), (1, exits.failure), (2, "The words are no command; nothing was done.")]
        for (code, meaning) in codes {
            let text = Self.wrapped(meaning, indent: 7)
            lines += ["    \(code)" + (text.first ?? "").dropFirst(5)] + text.dropFirst()
        }
        lines += ["", examples.count == 1 ? "Example" : "Examples"]
        lines += examples.map { "    \($0)" }
        return lines.joined(separator: "\n")
    }

    /// Takes the words apart, with the right number of operands.
    package func arguments(_ words: [String]) throws(UsageError) -> Arguments {
        let arguments = try Arguments(words, options)
        if let extra = arguments.operands.dropFirst(operands.upperBound).first {
            throw UsageError("\"\(extra)\" is one word too many")
        }
        guard arguments.operands.count >= operands.lowerBound else {
            throw UsageError("something is missing; usage: greenroom \(synopsis.first ?? name)")
        }
        return arguments
    }

    /// A paragraph in lines of at most 79 characters.
    private static func wrapped(_ text: String, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, margin.count + line.count + 1 + word.count > 79 {
                lines.append(margin + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [margin + line]
    }
}

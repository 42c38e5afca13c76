internal import Base

/// Something in the files that an admin must mend: where, what, and the cure.
package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    /// Missing where the whole file is meant.
    package var position: SourcePosition?
    package var text: String

    package init(path: String, position: SourcePosition? = nil, text: String) {
        self.path = path
        self.position = position
        self.text = text
    }

    /// `config/team.toml:12:3: unknown key "nmae" (did you mean "name"?)`.
    package var description: String {
        guard let position else { return "\(path): \(text)" }
        return "\(path):\(position): \(text)"
    }
}

extension Problem: Comparable {
    /// By file and place, so that the same files give the same list.
    package static func < (left: Self, right: Self) -> Bool {
        let origin = SourcePosition(line: 0, column: 0)
        return (left.path, left.position ?? origin, left.text) < (right.path, right.position ?? origin, right.text)
    }
}

/// Takes the problems of one file as its readers find them.
final class ProblemReporter {
    let source: SourceText
    private var told: [Problem] = []
    /// Those that are only counted.
    private var untold = 0

    init(_ source: SourceText) { self.source = source }

    /// Whether no more problems are taken.
    var isFull: Bool { told.count >= Limits.configurationProblems }

    /// The first in the order in which they were found, and how many more there are.
    var problems: [Problem] {
        guard untold > 0 else { return told }
        let text = "the file has \(untold) problems more than the \(told.count) that are told; mend these first"
        return [Problem(path: source.path, text: text)] + told
    }

    /// The text is made only for what is told: there may be a problem in each of a million rows.
    func report(_ text: @autoclosure () -> String, at offset: Int) {
        guard !isFull else {
            untold += 1
            return
        }
        let text = text()
        let problem = Problem(path: source.path, position: source.position(at: offset), text: text)
        guard !told.contains(problem) else { return }
        told.append(problem)
    }

    /// `3:1` for texts that name another place of the same file.
    func place(_ offset: Int) -> String { source.position(at: offset).description }
}

package import Base

/// Where a command's words go, line by line.
package struct Console: Sendable {
    private let out: @Sendable (String) -> Void
    private let err: @Sendable (String) -> Void

    /// - Parameters:
    ///   - out: Takes a line of the answer, without its line break.
    ///   - err: Takes a line of complaint.
    package init(out: @escaping @Sendable (String) -> Void, err: @escaping @Sendable (String) -> Void) {
        self.out = out
        self.err = err
    }

    /// Says a text, whose lines are lines of the answer.
    package func say(_ text: String) { Self.lines(text).forEach(out) }

    package func say(_ value: JSON) { out(value.text) }

    /// Says what went wrong.
    package func complain(_ text: String) { Self.lines(text).forEach(err) }

    /// Subjects and texts come from outside: no line of them may move a terminal's cursor.
    private static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { line in
            var result = String.UnicodeScalarView()
            for scalar in line.unicodeScalars {
                let isControl = scalar.value < 0x20 && scalar != "\t" || (0x7F...0x9F).contains(scalar.value)
                result.append(isControl ? "\u{FFFD}" : scalar)
            }
            return String(result)
        }
    }
}

internal import Config

/// An option of a command: `--config DIR`, or `--json` without a value.
package struct Option: Sendable, Hashable {
    package let name: String
    /// What stands for the value in the help; nil where the option has none.
    package let value: String?
    package let help: String

    package init(_ name: String, _ value: String? = nil, help: String) {
        self.name = name
        self.value = value
        self.help = help
    }
}

/// The words behind a command's name, taken apart.
package struct Arguments: Sendable, Hashable {
    /// The options that were given, `json` for `--json`; one without a value has an empty one.
    private(set) var options: [String: String] = [:]
    package private(set) var operands: [String] = []
    /// As they were given.
    package let words: [String]

    /// Takes the words apart: `--name VALUE`, `--name=VALUE`, operands, and `--` before operands
    /// that begin with a dash.
    package init(_ words: [String], _ known: [Option]) throws(UsageError) {
        self.words = words
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                return
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts.first ?? word
            guard let option = known.first(where: { "--" + $0.name == name }) else {
                let near = Suggestion.text(for: name, among: known.map { "--" + $0.name } + ["--help"])
                throw UsageError("unknown option \"\(name)\"\(near)")
            }
            guard options[option.name] == nil else { throw UsageError("option \(name) is given twice") }
            guard let placeholder = option.value else {
                guard parts.count == 1 else { throw UsageError("option \(name) takes no value") }
                options[option.name] = ""
                continue
            }
            if parts.count == 2 {
                options[option.name] = parts[1]
            } else {
                guard let value = rest.popFirst() else {
                    throw UsageError("option \(name) needs a value: \(placeholder)")
                }
                options[option.name] = value
            }
        }
    }

    /// Whether an option was given.
    package func has(_ name: String) -> Bool { options[name] != nil }

    /// The value of an option.
    package subscript(_ name: String) -> String? { options[name] }

    /// The value of an option that must be there.
    package func required(_ name: String) throws(UsageError) -> String {
        guard let value = options[name], !value.isEmpty else { throw UsageError("option --\(name) is missing") }
        return value
    }

    /// The value of an option as a number from `least` on.
    package func number(_ name: String, from least: Int64) throws(UsageError) -> Int64? {
        guard let text = options[name] else { return nil }
        guard let number = Int64(text), number >= least else {
            throw UsageError("option --\(name) needs a number from \(least), not \"\(text)\"")
        }
        return number
    }
}

/// The words are no command; told with exit code 2.
package struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) { description = text }
}

/// The command could not be done; told with exit code 1.
package struct CommandFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) { description = text }
}

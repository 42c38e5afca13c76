internal import Base
internal import Campaigns

/// How a value is written in the files, and what it becomes.
struct ValueForm<Value> {
    /// What is asked for, with its article and an example: `a duration such as "30s"`.
    let expected: String
    /// How a missing key is written: `"30s"`.
    let example: String
    /// Words that may have been meant.
    var candidates: [String] = []
    /// Whether a faulty value may be a secret that somebody put in the wrong place.
    var isPrivate = false
    /// `nil` for what has not this form.
    let read: (TOMLValue) -> Value?

    /// The same form with one more demand.
    func map<Result>(_ expected: String? = nil, _ transform: @escaping (Value) -> Result?) -> ValueForm<Result> {
        ValueForm<Result>(expected: expected ?? self.expected, example: example, candidates: candidates) {
            read($0).flatMap(transform)
        }
    }

    /// `must be an integer, not "many"`.
    func complaint(_ value: TOMLValue) -> String {
        guard !isPrivate else { return "must be \(expected)" }
        let suggestion =
            if case .string(let text) = value { Suggestion.text(for: text, among: candidates) } else { "" }
        return "must be \(expected), not \(value.shown)\(suggestion)"
    }
}

extension TOMLValue {
    /// The value for a message; tables and arrays by their type.
    var shown: String {
        switch self {
        case .string(let text): "\"\(Log.printable(String(text.prefix(60))))\""
        case .integer(let number): String(number)
        case .float(let number): String(number)
        case .boolean(let flag): flag ? "true" : "false"
        case .dateTime, .array, .table: typeName
        }
    }

    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

// MARK: Plain values

extension ValueForm where Value == String {
    /// Any text.
    static var text: Self { Self(expected: "a string", example: "\"…\"") { $0.string } }

    /// A text of one line that is not empty.
    static var line: Self {
        Self(expected: "a text of one line", example: "\"…\"") { value in
            guard let text = value.string, !ASCII.trimmed(text).isEmpty,
                text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { return nil }
            return text
        }
    }

    /// An id that stands in folder names, the ledger and other files.
    static var identifier: Self {
        Self(expected: "an id of small letters, digits, \"-\", \"_\" and \".\"", example: "\"spring\"") { value in
            value.string.flatMap { isIdentifier($0) ? $0 : nil }
        }
    }

    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64 else { return false }
        let isSmall = { (byte: UInt8) in (0x61...0x7A).contains(byte) || ASCII.isDigit(byte) }
        return isSmall(first) && text.utf8.allSatisfy { isSmall($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }

    /// The name of an environment variable.
    static var variable: Self {
        Self(expected: "the name of an environment variable", example: "\"SMTP_PASSWORD\"") { value in
            guard let name = value.string, let first = name.utf8.first, !ASCII.isDigit(first),
                name.utf8.allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x5F })
            else { return nil }
            return name
        }
    }

    /// A host's name or address.
    static var host: Self {
        Self(expected: "a host name or an IP address", example: "\"imap.example\"") { value in
            guard let text = value.string else { return nil }
            return IPAddress(text) != nil || isHostName(text) ? ASCII.lowercased(text) : nil
        }
    }

    /// A host's name, A-labels (RFC 1123 §2.1).
    static var hostName: Self {
        Self(expected: "a host name", example: "\"mail.brand.example\"") { value in
            value.string.flatMap { isHostName($0) ? ASCII.lowercased($0) : nil }
        }
    }

    private static func isHostName(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != 0x2D && label.last != 0x2D
                    && label.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x2D }
            } && labels.last?.allSatisfy(ASCII.isDigit) == false
    }

    /// A language tag (BCP 47): `en`, `pt-BR`.
    static var language: Self {
        Self(expected: "a language tag such as \"en\" or \"pt-BR\"", example: "\"en\"") { value in
            guard let text = value.string else { return nil }
            let parts = text.utf8.split(separator: 0x2D, omittingEmptySubsequences: false)
            guard let first = parts.first, (2...3).contains(first.count), first.allSatisfy({ ASCII.isLetter($0) }),
                parts.allSatisfy({
                    (1...8).contains($0.count) && $0.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) }
                })
            else { return nil }
            return text
        }
    }
}

extension ValueForm where Value == Bool {
    static var flag: Self {
        Self(expected: "true or false", example: "true") { value in
            guard case .boolean(let flag) = value else { return nil }
            return flag
        }
    }

    /// A key whose presence is what counts.
    static var onlyTrue: Self {
        Self(expected: "true (leave the key out otherwise)", example: "true") { value in
            guard case .boolean(true) = value else { return nil }
            return true
        }
    }
}

extension ValueForm where Value == Int {
    static func integer(in range: ClosedRange<Int>) -> Self {
        let expected =
            range.upperBound == .max
            ? "an integer of at least \(range.lowerBound)"
            : "an integer from \(range.lowerBound) to \(range.upperBound)"
        return Self(expected: expected, example: String(range.lowerBound)) { value in
            guard case .integer(let number) = value, let number = Int(exactly: number), range.contains(number)
            else { return nil }
            return number
        }
    }

    /// Bytes: `"50 MiB"`, or an integer.
    static func size(in range: ClosedRange<Int>) -> Self {
        let expected =
            "a size such as \"50 MiB\" from \(Sizes.text(range.lowerBound)) to \(Sizes.text(range.upperBound))"
        return Self(expected: expected, example: "\"50 MiB\"") { value in
            let bytes: Int? =
                switch value {
                case .integer(let number): Int(exactly: number)
                case .string(let text): Sizes.bytes(text)
                default: nil
                }
            return bytes.flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueForm where Value == UInt16 {
    static var port: Self {
        ValueForm<Int>.integer(in: 1...65_535).map { UInt16(exactly: $0) }
    }
}

extension ValueForm where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of an enumeration's words.
    static var choice: Self {
        let words = Value.allCases.map(\.rawValue)
        return Self(expected: Self.alternatives(words), example: "\"\(words.first ?? "")\"", candidates: words) {
            value in
            value.string.flatMap(Value.init(rawValue:))
        }
    }

    private static func alternatives(_ words: [String]) -> String {
        let quoted = words.map { "\"\($0)\"" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }
}

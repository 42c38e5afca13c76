internal import Text

/// A line of a notice with named places: `New message from {name} (@{handle})`.
///
/// `{handle}` and `{platform}` take one word of letters, digits, dots, underscores and hyphens
/// (a handle with or without `@`); every other place takes any text that is not empty. Letter
/// case, full-width forms and the length of white space do not count; the whole line has to fit.
package struct TextPattern: Hashable, Sendable, CustomStringConvertible {
    /// Why a text is no pattern.
    package enum Fault: Error, Hashable {
        /// A brace without its other half.
        case openBrace
        /// `{}` or a name with other than small letters and hyphens.
        case badPlace(String)
        /// Two places with nothing between them.
        case placesTouch(String)
        /// The same name twice.
        case twice(String)
        /// Only places: it would fit everything.
        case noText
    }

    enum Piece: Hashable, Sendable {
        case text(String)
        case place(String)
    }

    let pieces: [Piece]
    private let source: String

    package var description: String { source }

    /// The names of the places, in order.
    package var places: [String] {
        pieces.compactMap { piece in
            if case .place(let name) = piece { name } else { nil }
        }
    }

    package init(_ source: String) throws(Fault) {
        self.source = source
        var pieces: [Piece] = []
        var names: Set<String> = []
        var rest = Substring(source)
        while let open = rest.firstIndex(of: "{") {
            let before = rest[..<open]
            guard !before.contains("}") else { throw .openBrace }
            guard let close = rest[open...].firstIndex(of: "}") else { throw .openBrace }
            let name = String(rest[rest.index(after: open)..<close])
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x2D }) else {
                throw .badPlace(name)
            }
            guard names.insert(name).inserted else { throw .twice(name) }
            if !before.isEmpty {
                pieces.append(.text(Self.folded(String(before))))
            } else if !pieces.isEmpty {
                throw .placesTouch(name)
            }
            pieces.append(.place(name))
            rest = rest[rest.index(after: close)...]
        }
        guard !rest.contains("}") else { throw .openBrace }
        if !rest.isEmpty { pieces.append(.text(Self.folded(String(rest)))) }
        guard pieces.contains(where: { if case .text(let text) = $0 { text != " " } else { false } }) else {
            throw .noText
        }
        self.pieces = Self.trimmed(pieces)
    }

    private static func trimmed(_ pieces: [Piece]) -> [Piece] {
        var pieces = pieces
        if case .text(let first) = pieces.first, first.hasPrefix(" ") {
            pieces[0] = .text(String(first.dropFirst()))
        }
        if case .text(let last) = pieces.last, last.hasSuffix(" ") {
            pieces[pieces.count - 1] = .text(String(last.dropLast()))
        }
        return pieces.filter { $0 != .text("") }
    }

    /// The form of a line in which it is compared: searchable, white space as one space.
    static func folded(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var space = false
        for scalar in CaseFolding.searchable(text).unicodeScalars {
            if scalar.properties.isWhitespace {
                space = true
                continue
            }
            if space { result.append(" ") }
            space = false
            result.append(scalar)
        }
        if space { result.append(" ") }
        return String(result)
    }
}

extension TextPattern {
    /// A line made ready for many patterns.
    struct Line: Sendable {
        fileprivate let text: [Unicode.Scalar]

        init(_ line: String) { text = Array(TextPattern.folded(line).trimmingSpaces.unicodeScalars) }
    }

    /// What stands at the places where the whole line fits, folded.
    ///
    /// `nil` where it does not. A place takes as little as it can, so the cost is that of the line
    /// times the places.
    package func matches(wholeLine line: String) -> [String: String]? { matches(Line(line)) }

    func matches(_ line: Line) -> [String: String]? {
        var found: [String: String] = [:]
        return matches(line.text[...], pieces[...], &found) ? found : nil
    }

    private func matches(
        _ text: ArraySlice<Unicode.Scalar>,
        _ pieces: ArraySlice<Piece>,
        _ found: inout [String: String]
    ) -> Bool {
        var text = text
        var pieces = pieces
        while let piece = pieces.popFirst() {
            switch piece {
            case .text(let literal):
                let literal = Array(literal.unicodeScalars)
                guard text.starts(with: literal) else { return false }
                text = text.dropFirst(literal.count)
            case .place(let name):
                guard let end = end(ofPlace: name, in: text, before: pieces) else { return false }
                found[name] = String(String.UnicodeScalarView(text[..<end]))
                text = text[end...]
            }
        }
        return text.isEmpty
    }

    /// Where a place ends: before the next literal, or with the line.
    ///
    /// The last literal is looked for from the end, for what stands before it may hold it too.
    private func end(
        ofPlace name: String,
        in text: ArraySlice<Unicode.Scalar>,
        before pieces: ArraySlice<Piece>
    ) -> Int? {
        let end: Int
        if case .text(let literal) = pieces.first {
            let literal = Array(literal.unicodeScalars)
            guard literal.count <= text.count else { return nil }
            let starts = text.startIndex...(text.endIndex - literal.count)
            let isLast = pieces.count == 1
            let fits = { (start: Int) in text[start...].starts(with: literal) }
            guard
                let start = isLast
                    ? starts.last(where: { $0 == starts.upperBound && fits($0) }) : starts.first(where: fits)
            else { return nil }
            end = start
        } else {
            end = text.endIndex
        }
        guard end > text.startIndex else { return nil }
        if Self.wordPlaces.contains(name) {
            var word = text[..<end]
            if name == "handle", word.first == "@" { word = word.dropFirst() }
            guard !word.isEmpty, word.allSatisfy({ $0.isWordLetter }) else { return nil }
        }
        return end
    }

    private static let wordPlaces: Set<String> = ["handle", "platform"]
}

extension Unicode.Scalar {
    fileprivate var isWordLetter: Bool {
        properties.isAlphabetic || properties.numericType != nil || self == "." || self == "_" || self == "-"
    }
}

extension String {
    fileprivate var trimmingSpaces: Substring {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}

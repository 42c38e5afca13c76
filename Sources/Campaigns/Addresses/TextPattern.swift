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

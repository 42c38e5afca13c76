internal import Text

/// A text that a campaign sends again and again: `Hi {name}, a reminder for {campaign} …`.
///
/// A place takes what the records say and nothing else, so that an unchanged template holds no word
/// that nobody approved.
package struct MailTemplate: Hashable, Sendable {
    package enum Place: String, CaseIterable, Hashable, Sendable {
        /// The creator's name, its first word, or another of their names.
        case name
        case campaign
        case brand
        /// The author's name, or its first word.
        case sender
    }

    /// What stands at the places.
    package typealias Values = [Place: [String]]

    private enum Piece: Hashable, Sendable {
        case text([UInt8])
        case place(Place)
    }

    package let id: TemplateID
    package let text: String
    /// Of mail that is not an answer; an answer keeps the subject of its thread.
    package let subject: String?
    private let pieces: [Piece]
    private let subjectPieces: [Piece]?

    /// `nil` where a brace is left open or names no place.
    package init?(id: TemplateID, subject: String?, text: String) {
        guard let pieces = Self.pieces(text) else { return nil }
        if let subject {
            guard let pieces = Self.pieces(subject) else { return nil }
            subjectPieces = pieces
        } else {
            subjectPieces = nil
        }
        self.id = id
        self.text = text
        self.subject = subject
        self.pieces = pieces
    }

    private static func pieces(_ text: String) -> [Piece]? {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}"),
                let place = Place(rawValue: String(rest[rest.index(after: open)..<close])),
                !rest[..<open].contains("}")
            else { return nil }
            pieces.append(.text(Array(TextPattern.folded(String(rest[..<open])).utf8)))
            pieces.append(.place(place))
            rest = rest[rest.index(after: close)...]
        }
        guard !rest.contains("}") else { return nil }
        pieces.append(.text(Array(TextPattern.folded(String(rest)).utf8)))
        return pieces
    }

    /// A text in the form in which it is compared with templates.
    package struct Compared: Sendable {
        fileprivate let bytes: [UInt8]

        /// White space, letter case and full-width forms do not count.
        package init(_ text: String) {
            bytes = MailTemplate.trimmed(Array(TextPattern.folded(text).utf8)[...])
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = bytes
        while bytes.first == 0x20 { bytes.removeFirst() }
        while bytes.last == 0x20 { bytes.removeLast() }
        return Array(bytes)
    }

    /// Whether a text is this template's, its places filled from the records.
    package func isUnchanged(_ text: Compared, _ values: Values) -> Bool { Self.fits(text, pieces, values) }

    /// The same of a subject; a template without one says nothing about it.
    package func isSubject(_ subject: Compared, _ values: Values) -> Bool {
        subjectPieces.map { Self.fits(subject, $0, values) } ?? false
    }

    private static func fits(_ text: Compared, _ pieces: [Piece], _ values: Values) -> Bool {
        var pieces = pieces
        if case .text(let first) = pieces.first { pieces[0] = .text(Array(first.drop { $0 == 0x20 })) }
        if case .text(let last) = pieces.last, let end = pieces.indices.last {
            pieces[end] = .text(Array(last.reversed().drop { $0 == 0x20 }.reversed()))
        }
        let folded = values.mapValues { names in
            names.map { trimmed(Array(TextPattern.folded($0).utf8)[...]) }.filter { !$0.isEmpty }
        }
        return fits(text.bytes[...], pieces[...], folded)
    }

    private static func fits(
        _ text: ArraySlice<UInt8>,
        _ pieces: ArraySlice<Piece>,
        _ values: [Place: [[UInt8]]]
    ) -> Bool {
        guard let piece = pieces.first else { return text.isEmpty }
        let rest = pieces.dropFirst()
        switch piece {
        case .text(let literal):
            return text.starts(with: literal) && fits(text.dropFirst(literal.count), rest, values)
        case .place(let place):
            return (values[place] ?? []).contains { value in
                text.starts(with: value) && fits(text.dropFirst(value.count), rest, values)
            }
        }
    }
}

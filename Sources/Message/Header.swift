internal import Base

/// The fields of one header in their order (RFC 5322 §2.2), over the bytes that were parsed.
///
/// Lines that are no field stay in the bytes and are passed over. At most `Limits.headerFields`
/// fields are looked at.
package struct Header: Sendable, RandomAccessCollection {
    private let bytes: [UInt8]
    private let places: [HeaderField.Place]
    /// From the first field to behind the empty line, if there is one.
    package let range: Range<Int>
    /// Octets of the empty line at its end, 0 where there is none.
    private let emptyLine: Int

    init(bytes: [UInt8], places: [HeaderField.Place], range: Range<Int>, emptyLine: Int = 0) {
        self.bytes = bytes
        self.places = places
        self.range = range
        self.emptyLine = emptyLine
    }

    /// Parses the header at the start of the bytes; what follows the empty line is left alone.
    package init(_ bytes: [UInt8]) {
        var parser = StructureParser(bytes)
        self = parser.header()
    }

    /// Whether an empty line ends it, and not a line that is no field.
    var hasEmptyLine: Bool { emptyLine > 0 }

    package var startIndex: Int { 0 }
    package var endIndex: Int { places.count }
    package subscript(position: Int) -> HeaderField { HeaderField(bytes: bytes, place: places[position]) }

    /// The first field of a name, letter case aside.
    package func first(_ name: String) -> HeaderField? { first { $0.isNamed(name) } }

    /// Every field of a name, letter case aside, in order.
    package func all(_ name: String) -> [HeaderField] { filter { $0.isNamed(name) } }

    package func contains(_ name: String) -> Bool { first(name) != nil }

    /// The first field's unfolded body.
    package func value(_ name: String) -> [UInt8]? { first(name)?.unfolded }

    /// The first field as decoded text.
    package func text(_ name: String) -> String? { first(name)?.text }

    /// The bytes of the header as they are.
    package var rawBytes: [UInt8] { Array(bytes[range]) }

    /// BODY[HEADER.FIELDS (…)] or, with `excluding`, HEADER.FIELDS.NOT: what of the header is asked
    /// for, byte by byte, and the empty line if there is one (RFC 9051 §6.4.5.1).
    ///
    /// Lines that are no field, and fields over `Limits.headerFields`, have no name: NOT shows them.
    package func fields(named names: [String], excluding: Bool = false) -> [UInt8] {
        let named = places.filter { place in
            let field = HeaderField(bytes: bytes, place: place)
            return names.contains { field.isNamed($0) }
        }
        let end = range.upperBound - emptyLine
        var result: [UInt8] = []
        var position = range.lowerBound
        for place in named {
            let shown = excluding ? position..<place.range.lowerBound : place.range
            result.append(contentsOf: bytes.span.extracting(shown))
            position = place.range.upperBound
        }
        if excluding { result.append(contentsOf: bytes.span.extracting(position..<Swift.max(position, end))) }
        result.append(contentsOf: bytes.span.extracting(end..<range.upperBound))
        return result
    }
}

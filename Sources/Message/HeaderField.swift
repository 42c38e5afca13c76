internal import Base

/// One field of a header, as a view of the message's bytes: nothing is copied until it is asked for.
package struct HeaderField: Sendable {
    /// Where a field stands in the bytes.
    struct Place: Sendable, Hashable {
        /// The whole field with its last line end.
        let range: Range<Int>
        /// The name, without the colon and blanks before it.
        let name: Range<Int>
        /// What stands between the colon and the last line end, folded as it is.
        let body: Range<Int>
    }

    private let bytes: [UInt8]
    private let place: Place

    init(bytes: [UInt8], place: Place) {
        self.bytes = bytes
        self.place = place
    }

    /// The whole field with its last line end, in the bytes that were parsed.
    package var range: Range<Int> { place.range }

    /// What stands between the colon and the last line end, in the bytes that were parsed.
    package var bodyRange: Range<Int> { place.body }

    /// The name as it was written.
    package var name: String { String(decoding: bytes[place.name], as: UTF8.self) }

    /// Whether this is the name, letter case aside.
    package func isNamed(_ name: String) -> Bool {
        ASCII.equalsIgnoringCase(bytes.span.extracting(place.name), name.utf8.span)
    }

    /// Whether the name begins so, letter case aside.
    package func hasNamePrefix(_ prefix: String) -> Bool {
        ASCII.equalsIgnoringCase(
            bytes.span.extracting(place.name).extracting(first: prefix.utf8.count),
            prefix.utf8.span
        )
    }

    /// The body on one line: line ends of folding removed, stray CR and LF made spaces, no blanks at the ends.
    package var unfolded: [UInt8] { Self.unfold(bytes, place.body) }

    /// The unfolded body as text, encoded words decoded (RFC 2047); what is neither UTF-8 nor
    /// encoded is read as Windows-1252.
    package var text: String { EncodedWord.decode(unfolded) }

    static func unfold(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            index += 1
            guard byte == ASCII.cr || byte == ASCII.lf else {
                result.append(byte)
                continue
            }
            if byte == ASCII.cr, index < range.upperBound, bytes[index] == ASCII.lf { index += 1 }
            // RFC 5322 §2.2.3: the line end goes, the blank behind it stays.
            let isFold = index < range.upperBound && (bytes[index] == ASCII.space || bytes[index] == ASCII.tab)
            if !isFold { result.append(ASCII.space) }
        }
        return ASCII.trimmed(result)
    }
}

internal import Base

/// The order of texts in SORT and THREAD: i;unicode-casemap (RFC 5051).
///
/// Letters in title case and taken apart from their marks, compared by octets of UTF-8. Letters are
/// taken apart in the scripts that `Composition` knows.
package enum Collation {
    /// What stands for a text: two keys compare as the texts do, and are the same where the
    /// collation takes the texts as the same.
    package static func key(_ text: String) -> [UInt8] {
        var utf8 = Array(text.utf8)
        guard utf8.contains(where: { $0 >= 0x80 }) else {
            for index in utf8.indices { utf8[index] = ASCII.uppercased(utf8[index]) }
            return utf8
        }
        var result: [UInt8] = []
        result.reserveCapacity(utf8.count)
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 {
                result.append(ASCII.uppercased(UInt8(truncatingIfNeeded: scalar.value)))
                continue
            }
            let title = scalar.properties.titlecaseMapping.unicodeScalars
            // Simple mappings alone: `ß` has none.
            for part in Composition.decomposed(title.count == 1 ? title.first ?? scalar : scalar) {
                result.append(contentsOf: UTF8.encode(part) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return result
    }
}

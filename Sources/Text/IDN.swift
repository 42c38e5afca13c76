internal import Base

/// Internationalised domain names: one host, two spellings (RFC 5890 A-labels and U-labels).
///
/// What is done is what comparing needs: the dots and full-width letters of UTS 46, case
/// folding, punycode. Whether a label may be registered is not asked, and `ß` is not `ss`
/// (IDNA 2008): two hosts that a registry keeps apart are never made one.
package enum IDN {
    /// The domain as people read it, folded: U-labels in lower case, no dot at the end.
    ///
    /// A label whose punycode is broken stays as it is.
    ///
    /// Two spellings of one domain give Strings that are equal by Swift's `==`, which compares
    /// by canonical equivalence; their bytes may differ.
    package static func unicode(_ domain: some StringProtocol) -> String {
        if isPlainASCII(domain) {
            let lower = ASCII.lowercased(String(domain))
            return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
        }
        let labels = labels(domain).map { label -> String in
            guard hasPrefix(label), let decoded = Punycode.decode(label.dropFirst(prefix.count)) else { return label }
            // An A-label that stands for plain ASCII is no A-label (RFC 5891 §4.2.3.1).
            return decoded.utf8.contains { $0 >= 0x80 } ? CaseFolding.simple(decoded) : label
        }
        return labels.joined(separator: ".")
    }

    /// The domain as DNS and a server without SMTPUTF8 take it: A-labels.
    ///
    /// `nil` where a label is too long.
    package static func ascii(_ domain: some StringProtocol) -> String? {
        var result: [String] = []
        for label in labels(domain) {
            if label.utf8.allSatisfy({ $0 < 0x80 }) {
                result.append(label)
            } else {
                guard let encoded = Punycode.encode(Composition.composed(label)) else { return nil }
                result.append(prefix + encoded)
            }
        }
        return result.joined(separator: ".")
    }

    private static let prefix = "xn--"

    /// Nothing to decode and nothing to fold but A to Z: what nearly every domain is.
    private static func isPlainASCII(_ domain: some StringProtocol) -> Bool {
        var previous: UInt8 = 0
        var last: UInt8 = 0
        for byte in domain.utf8 {
            if byte >= 0x80 { return false }
            if byte == 0x2D, last == 0x2D, ASCII.lowercased(previous) == 0x6E { return false }
            previous = last
            last = byte
        }
        return true
    }

    private static func hasPrefix(_ label: String) -> Bool {
        ASCII.equalsIgnoringCase(label.utf8.prefix(prefix.utf8.count), prefix.utf8)
    }

    /// The labels, folded, with the full stops of UTS 46 taken for dots.
    private static func labels(_ domain: some StringProtocol) -> [String] {
        var labels: [String] = []
        var label = String.UnicodeScalarView()
        for scalar in domain.unicodeScalars {
            switch scalar.value {
            case 0x2E, 0x3002, 0xFF0E, 0xFF61:
                labels.append(CaseFolding.simple(String(label)))
                label = String.UnicodeScalarView()
            case 0xFF01...0xFF5E:
                label.append(CaseFolding.narrowed(scalar))
            default:
                label.append(scalar)
            }
        }
        if !label.isEmpty { labels.append(CaseFolding.simple(String(label))) }
        return labels
    }
}

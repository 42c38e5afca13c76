internal import Base

/// An address of the envelope: `Mailbox` of RFC 5321 §4.1.2, with UTF-8 as RFC 6531 §3.3 allows.
///
/// Only the grammar makes these values, so none of them can hold a control character.
package struct EnvelopeAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without quotes and backslashes.
    package let localPart: String
    /// As it was written: a name or an address literal in brackets; empty for `<Postmaster>` alone.
    package let domain: String

    init(localPart: String, domain: String) {
        self.localPart = localPart
        self.domain = domain
    }

    /// Reads an address that stands alone, without angle brackets; `nil` where it is none.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var cursor = ByteCursor(bytes.span)
        guard let address = PathGrammar.takeMailbox(&cursor), cursor.isAtEnd else { return nil }
        self = address
    }

    /// As it stands between angle brackets, the local part quoted where it must be.
    package var text: String {
        domain.isEmpty ? localPart : "\(writtenLocalPart)@\(domain)"
    }

    package var description: String { text }

    /// Whether it can only be sent with SMTPUTF8 (RFC 6531).
    package var needsUTF8: Bool {
        localPart.utf8.contains { $0 >= 0x80 } || domain.utf8.contains { $0 >= 0x80 }
    }

    private var writtenLocalPart: String {
        if PathGrammar.isDotString(localPart) { return localPart }
        var result = "\""
        for scalar in localPart.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}

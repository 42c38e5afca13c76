internal import Base
internal import Text

/// An addr-spec as a record or a message spells it, with the form in which it is compared.
package struct Address: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Without quotes and escapes.
    package let local: String
    /// As spelled, in either form of an internationalised name.
    package let domain: String
    package let key: AddressKey

    /// From the parts that RFC 5322 §3.4.1 names, the local part unquoted.
    package init(local: String, domain: String) {
        self.local = local
        self.domain = domain
        self.key = AddressKey(local: local, domain: DomainName(domain))
    }

    /// From `local@domain` with nothing around it.
    ///
    /// `nil` for anything else. For the configuration: the addresses of messages come from the
    /// parser of Message.
    package init?(_ text: some StringProtocol) {
        guard let at = text.lastIndex(of: "@") else { return nil }
        let local = String(text[..<at])
        let domain = String(text[text.index(after: at)...])
        guard Self.isPlainLocal(local), Self.isPlainDomain(domain) else { return nil }
        self.init(local: local, domain: domain)
    }

    package var description: String { "\(local)@\(domain)" }

    /// The same mailbox, however it is spelled (MATCHING §1).
    package static func == (left: Self, right: Self) -> Bool { left.key == right.key }

    package func hash(into hasher: inout Hasher) { hasher.combine(key) }

    package static func < (left: Self, right: Self) -> Bool { left.key < right.key }

    private static func isPlainLocal(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 64 * 4, !text.hasPrefix("."), !text.hasSuffix(".") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case ...0x20, 0x7F: false
            case 0x22, 0x28, 0x29, 0x2C, 0x3A, 0x3B, 0x3C, 0x3E, 0x40, 0x5B, 0x5C, 0x5D: false
            default: true
            }
        }
    }

    private static func isPlainDomain(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255, !text.hasPrefix("."), !text.contains("..") else { return false }
        return text.utf8.allSatisfy { byte in
            byte >= 0x80 || ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == 0x2E || byte == 0x2D
        }
    }
}

/// An address as it is compared (MATCHING §1).
///
/// Two keys are equal when their folded texts are canonically equivalent: that is Swift's `==`
/// and hashing of Strings, so NFC and NFD spellings are one without being rewritten. The bytes
/// of two equal keys may differ; a key is therefore for comparing, not for storing.
package struct AddressKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let text: String

    package init(local: String, domain: DomainName) {
        let folded = CaseFolding.simple(local)
        guard domain.name == Self.gmail || domain.name == Self.googlemail else {
            self.text = folded + "@" + domain.name
            return
        }
        // §1.4: there dots do not count, and everything from `+` on is dropped.
        let base = String((folded.firstIndex(of: "+").map { folded[..<$0] } ?? folded[...]).filter { $0 != "." })
        self.text = (base.isEmpty ? folded : base) + "@" + Self.gmail
    }

    private init(text: String) { self.text = text }

    /// The key without a `+suffix`.
    ///
    /// `nil` where there is none. Reaching a known address by it is only likely (§1.5).
    package var withoutSuffix: AddressKey? {
        guard let plus = text.firstIndex(of: "+"), plus > text.startIndex,
            let at = text.lastIndex(of: "@"), plus < at
        else { return nil }
        return AddressKey(text: String(text[..<plus]) + String(text[at...]))
    }

    /// What stands between the first `+` and `@`: the plus token of an own address (§6.1).
    package var suffix: String? {
        guard let plus = text.firstIndex(of: "+"), let at = text.lastIndex(of: "@"), plus < at else { return nil }
        return String(text[text.index(after: plus)..<at])
    }

    package var domain: DomainName {
        guard let at = text.lastIndex(of: "@") else { return DomainName(folded: "") }
        return DomainName(folded: String(text[text.index(after: at)...]))
    }

    package var local: String {
        guard let at = text.lastIndex(of: "@") else { return text }
        return String(text[..<at])
    }

    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    private static let gmail = "gmail.com"
    private static let googlemail = "googlemail.com"
}

internal import Base

/// One mailbox of an address field (RFC 5322 §3.4), as it was written.
package struct Address: Sendable, Hashable {
    /// The display name's words joined by single spaces, unquoted, encoded words left as they are.
    package var name: [UInt8]?
    /// The comments that stood beside it, in order.
    package var comments: [[UInt8]]
    /// The source route of obsolete syntax, `@a,@b`.
    package var route: [UInt8]?
    /// Unquoted; empty in `<>`.
    package var localPart: [UInt8]
    /// Without comments and blanks; empty where none was written.
    package var domain: [UInt8]
    package var isLocalPartQuoted: Bool
    /// Whether more stood there than the grammar allows, or less than it asks for.
    package var isMalformed: Bool

    package init(
        name: [UInt8]? = nil,
        comments: [[UInt8]] = [],
        route: [UInt8]? = nil,
        localPart: [UInt8],
        domain: [UInt8],
        isLocalPartQuoted: Bool = false,
        isMalformed: Bool = false
    ) {
        self.name = name
        self.comments = comments
        self.route = route
        self.localPart = localPart
        self.domain = domain
        self.isLocalPartQuoted = isLocalPartQuoted
        self.isMalformed = isMalformed
    }

    /// A mailbox for a field that we write.
    package init(name: String? = nil, spec: String) {
        let parsed = AddressList(Array(spec.utf8)).mailboxes.first
        self.init(
            name: name.map { Array($0.utf8) },
            localPart: parsed?.localPart ?? Array(spec.utf8),
            domain: parsed?.domain ?? [],
            isLocalPartQuoted: parsed?.isLocalPartQuoted ?? false
        )
    }

    /// Whether both halves are there: whether mail can be sent to it.
    package var isComplete: Bool { !localPart.isEmpty && !domain.isEmpty }

    /// `local@domain`, quoted where the local part needs it; empty for `<>`.
    package var spec: String {
        guard isComplete else { return String(decoding: localPart + domain, as: UTF8.self) }
        return String(decoding: Self.written(localPart: localPart), as: UTF8.self) + "@"
            + String(decoding: domain, as: UTF8.self)
    }

    /// The local part as text, unquoted.
    package var localPartText: String { String(decoding: localPart, as: UTF8.self) }

    package var domainText: String { String(decoding: domain, as: UTF8.self) }

    /// What a person reads as the name: decoded; empty where there is none.
    ///
    /// Never evidence.
    package var displayName: String { name.map { EncodedWord.decode($0) } ?? "" }

    /// The comments as text, decoded.
    ///
    /// Never evidence.
    package var commentTexts: [String] { comments.map { EncodedWord.decode($0) } }

    private static func written(localPart: [UInt8]) -> [UInt8] {
        let isAtom = !localPart.isEmpty && localPart.first != UInt8(ascii: ".") && localPart.last != UInt8(ascii: ".")
        guard !isAtom || !localPart.allSatisfy({ ByteClass.dotAtom.contains($0) }) else { return localPart }
        return quoted(localPart)
    }

    /// A quoted string (RFC 5322 §3.2.4); control characters become spaces.
    static func quoted(_ text: [UInt8]) -> [UInt8] {
        var result = [ASCII.quote]
        for byte in text {
            if byte == ASCII.quote || byte == ASCII.backslash { result.append(ASCII.backslash) }
            result.append(byte < 0x20 || byte == 0x7F ? ASCII.space : byte)
        }
        return result + [ASCII.quote]
    }
}

extension ByteClass {
    /// Characters of a dot-atom, 8-bit included (RFC 5322 §3.2.3, RFC 6532 §3.2).
    static let dotAtom = ByteClass(0x21...0xFF).subtracting(ByteClass("()<>[]:;@\\,\"\u{7F}"))
}

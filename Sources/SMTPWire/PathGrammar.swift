internal import Base

/// `Path` and `Mailbox` of RFC 5321 §4.1.2, with the UTF-8 of RFC 6531 §3.3.
enum PathGrammar {
    /// What a path names.
    enum Path: Equatable {
        /// `<>`
        case null
        case address(EnvelopeAddress)
    }

    private static let atext = ByteClass.alphanumerics.union(ByteClass("!#$%&'*+-/=?^_`{|}~")).union(.eightBit)
    private static let quotedText = ByteClass(0x20...0x7E).subtracting(ByteClass("\"\\")).union(.eightBit)
    private static let quotedPair = ByteClass(0x20...0x7E)
    private static let label = ByteClass.alphanumerics.union(ByteClass("-")).union(.eightBit)

    /// `"<" [ A-d-l ":" ] Mailbox ">"`, `"<>"` or `"<Postmaster>"`.
    ///
    /// A source route is read and forgotten, as RFC 5321 §4.1.1.3 asks.
    static func takePath(_ cursor: inout ByteCursor) -> Path? {
        guard cursor.take(0x3C) else { return nil }
        if cursor.take(0x3E) { return .null }
        guard takeRoute(&cursor) else { return nil }
        let start = cursor.offset
        if let address = takeMailbox(&cursor) {
            return cursor.take(0x3E) ? .address(address) : nil
        }
        cursor.offset = start
        guard cursor.takeKeyword("postmaster>") else { return nil }
        return .address(EnvelopeAddress(localPart: cursor.text(start..<cursor.offset - 1), domain: ""))
    }

    /// Reads `Local-part "@" ( Domain / address-literal )`.
    static func takeMailbox(_ cursor: inout ByteCursor) -> EnvelopeAddress? {
        let start = cursor.offset
        guard let local = cursor.next == ASCII.quote ? takeQuoted(&cursor) : takeDotString(&cursor),
            local.count <= Limits.localPart, cursor.take(0x40),
            let domain = takeDomain(&cursor),
            cursor.offset - start <= Limits.address,
            let localPart = String(validating: local, as: UTF8.self)
        else { return nil }
        return EnvelopeAddress(localPart: localPart, domain: domain)
    }

    /// Whether a local part may stand without quotes.
    static func isDotString(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var cursor = ByteCursor(bytes.span)
        return takeDotString(&cursor) != nil && cursor.isAtEnd
    }

    /// Reads `Atom *("." Atom)`.
    private static func takeDotString(_ cursor: inout ByteCursor) -> [UInt8]? {
        let start = cursor.offset
        repeat {
            guard !cursor.takeAll(in: atext).isEmpty else { return nil }
        } while cursor.take(0x2E)
        return cursor.copy(start..<cursor.offset)
    }

    /// `DQUOTE *QcontentSMTP DQUOTE`, without the quotes.
    private static func takeQuoted(_ cursor: inout ByteCursor) -> [UInt8]? {
        guard cursor.take(ASCII.quote) else { return nil }
        var result: [UInt8] = []
        while true {
            result += cursor.copy(cursor.takeAll(in: quotedText))
            if cursor.take(ASCII.quote) { return result }
            guard cursor.take(ASCII.backslash), let byte = cursor.take(in: quotedPair) else { return nil }
            result.append(byte)
        }
    }

    private static func takeDomain(_ cursor: inout ByteCursor) -> String? {
        let start = cursor.offset
        if cursor.take(0x5B) {
            guard takeAddressLiteral(&cursor), cursor.take(0x5D) else { return nil }
        } else {
            guard takeName(&cursor) else { return nil }
        }
        return String(validating: cursor.copy(start..<cursor.offset), as: UTF8.self)
    }

    /// `IPv4-address-literal / IPv6-address-literal`, without the brackets (RFC 5321 §4.1.3).
    private static func takeAddressLiteral(_ cursor: inout ByteCursor) -> Bool {
        let family: IPAddress.Family = cursor.takeKeyword("IPv6:") ? .v6 : .v4
        let text = cursor.text(cursor.takeUntil(0x5D))
        return IPAddress(text)?.family == family
    }

    /// `sub-domain *("." sub-domain)`; labels neither start nor end with a hyphen.
    private static func takeName(_ cursor: inout ByteCursor) -> Bool {
        let start = cursor.offset
        repeat {
            let range = cursor.takeAll(in: label)
            guard let first = range.first, let last = range.last,
                cursor.bytes[first] != 0x2D, cursor.bytes[last] != 0x2D
            else { return false }
        } while cursor.take(0x2E)
        return cursor.offset - start <= Limits.domain
    }

    /// `[ At-domain *( "," At-domain ) ":" ]`, taken where it is there; false where it is broken.
    private static func takeRoute(_ cursor: inout ByteCursor) -> Bool {
        guard cursor.next == 0x40 else { return true }
        repeat {
            guard cursor.take(0x40), takeName(&cursor) else { return false }
        } while cursor.take(0x2C)
        return cursor.take(0x3A)
    }
}

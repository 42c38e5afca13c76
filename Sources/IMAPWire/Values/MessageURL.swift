internal import Base

/// A message of this server, or a part of one, as a URL names it (RFC 5092 §6): the form with an
/// absolute path, such as `/Drafts;UIDVALIDITY=7/;UID=20/;SECTION=1.2`.
///
/// URLs with a server's name are not taken: by what names this one is known is not its to know.
package struct MessageURL: Hashable, Sendable {
    package var mailbox: MailboxName
    package var uidValidity: UInt32?
    package var uid: UInt32
    package var section: SectionSpec
    package var partial: PartialRange?

    package init(
        mailbox: MailboxName,
        uidValidity: UInt32? = nil,
        uid: UInt32,
        section: SectionSpec = SectionSpec(),
        partial: PartialRange? = nil
    ) {
        self.mailbox = mailbox
        self.uidValidity = uidValidity
        self.uid = uid
        self.section = section
        self.partial = partial
    }

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Limits.messageURL, bytes.first == UInt8(ascii: "/") else { return nil }
        // Each `;` that a value holds is encoded, so the words are found as they stand.
        guard let found = Self.split(bytes[1...], at: "/;UID=") else { return nil }
        let path = Self.split(found.before, at: ";UIDVALIDITY=")
        guard let name = Self.decoded(path?.before ?? found.before).flatMap({ String(validating: $0, as: UTF8.self) }),
            let mailbox = MailboxName(name)
        else { return nil }
        self.mailbox = mailbox
        if let path {
            guard let validity = Self.number(path.after), validity > 0 else { return nil }
            uidValidity = validity
        }
        var rest = found.after
        if let cut = Self.split(rest, at: "/;PARTIAL=") {
            guard let partial = Self.partial(cut.after) else { return nil }
            self.partial = partial
            rest = cut.before
        }
        section = SectionSpec()
        if let cut = Self.split(rest, at: "/;SECTION=") {
            guard let section = Self.section(cut.after) else { return nil }
            self.section = section
            rest = cut.before
        }
        guard let uid = Self.number(rest), uid > 0 else { return nil }
        self.uid = uid
    }

    private static func split(
        _ bytes: ArraySlice<UInt8>,
        at word: StaticString
    ) -> (before: ArraySlice<UInt8>, after: ArraySlice<UInt8>)? {
        let word = Array(word.description.utf8)
        guard bytes.count >= word.count else { return nil }
        for start in bytes.startIndex...(bytes.endIndex - word.count)
        where ASCII.equalsIgnoringCase(bytes[start..<(start + word.count)], word) {
            return (bytes[..<start], bytes[(start + word.count)...])
        }
        return nil
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "%") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.endIndex,
                let digits = Hexadecimal.decode(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self)),
                let byte = digits.first
            else { return nil }
            result.append(byte)
            index += 3
        }
        return result
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        var cursor = ByteCursor(bytes.span)
        guard let number = cursor.takeNumber(upTo: UInt64(UInt32.max)), cursor.isAtEnd else { return nil }
        return UInt32(number)
    }

    private static func section(_ bytes: ArraySlice<UInt8>) -> SectionSpec? {
        guard let decoded = decoded(bytes), !decoded.isEmpty else { return nil }
        let text = [UInt8(ascii: "[")] + decoded + [UInt8(ascii: "]")]
        var reader = WireReader(text.span, literals: [])
        guard let section = try? reader.expectSection(), reader.isAtEnd else { return nil }
        return section
    }

    private static func partial(_ bytes: ArraySlice<UInt8>) -> PartialRange? {
        guard let cut = split(bytes, at: ".") else {
            return number(bytes).map { PartialRange(offset: UInt64($0), count: .max) }
        }
        guard let offset = number(cut.before), let count = number(cut.after), count > 0 else { return nil }
        return PartialRange(offset: UInt64(offset), count: UInt64(count))
    }
}

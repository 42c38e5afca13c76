/// What of a part a section names (RFC 9051 §6.4.5.1).
package enum SectionText: Sendable, Hashable {
    /// BODY[] or BODY[n]: the message, or the part's body.
    case whole
    /// HEADER, of the message or of a message inside a part.
    case header
    /// TEXT, of the message or of a message inside a part.
    case text
    /// MIME: the part's own header; never without a part number.
    case mime
}

extension MIMEPart {
    /// The part at a section's numbers, from 1; the part itself for none.
    ///
    /// A message that is no multipart is its own part 1, as RFC 9051 §6.4.5.1 wants.
    package func part(at numbers: some Collection<Int>) -> MIMEPart? {
        var part = self
        for (index, number) in numbers.enumerated() {
            // Below the top, numbers count in the parts of a multipart or of the message inside.
            let holder = index > 0 ? part.message ?? part : part
            if case .multipart(let parts) = holder.content {
                guard number >= 1, number <= parts.count else { return nil }
                part = parts[number - 1]
            } else {
                guard number == 1, index == 0 || part.message != nil else { return nil }
                part = holder
            }
        }
        return part
    }

    /// Where a section stands in the bytes; `nil` where the message has no such section.
    package func range(of text: SectionText, at numbers: some Collection<Int>) -> Range<Int>? {
        guard let part = part(at: numbers) else { return nil }
        if numbers.isEmpty {
            return switch text {
            case .whole: part.range
            case .header: part.header.range
            case .text: part.body
            case .mime: nil
            }
        }
        return switch text {
        case .whole: part.body
        case .mime: part.header.range
        case .header: part.message?.header.range
        case .text: part.message?.body
        }
    }
}

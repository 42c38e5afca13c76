internal import Base
internal import Message

/// The bytes of a corrected version (DESIGN §1): whose mail it is and what it answers stay as its
/// author had them.
enum CorrectedMail {
    /// Fields that say what the mail is; with the MIME fields, all that a correction brings.
    ///
    /// Everything else is its author's: From, Reply-To, In-Reply-To, References.
    private static let content: Set<String> = [
        "date", "message-id", "mime-version", "importance", "priority", "x-priority", "x-msmail-priority",
    ]
    private static let recipients: Set<String> = ["to", "cc", "bcc"]
    /// What would tell of the version before, or no longer holds of the new one.
    private static let dropped: Set<String> = [
        "subject", "thread-topic", "thread-index", "dkim-signature", "received", "return-path",
    ]

    /// The correction as a mail of the original's author.
    ///
    /// With `keepsRecipients` it goes to whom the original goes, whoever the correction was sent to.
    static func bytes(
        of correction: ParsedMessage,
        subject: String,
        original: ParsedMessage,
        keepsRecipients: Bool
    ) -> [UInt8] {
        let brought = keepsRecipients ? content : content.union(recipients)
        var result: [UInt8] = []
        for field in original.header {
            let name = ASCII.lowercased(field.name)
            if !brought.contains(name), !dropped.contains(name), !name.hasPrefix("content-") {
                result += original.bytes[field.range]
            }
        }
        result += subjectField(subject)
        for field in correction.header {
            let name = ASCII.lowercased(field.name)
            if brought.contains(name) || name.hasPrefix("content-") { result += correction.bytes[field.range] }
        }
        return result + [ASCII.cr, ASCII.lf] + correction.bytes[correction.header.range.upperBound...]
    }

    /// The original with another text; what is attached to it stays.
    static func bytes(of original: ParsedMessage, text: String, at now: Timestamp, boundary: String) -> [UInt8] {
        let attached = Self.attached(to: original.root).map { part in
            let header = part.header.range
            // Without the empty line, which whoever composes puts there.
            let fields = part.header.reduce(into: [UInt8]()) { $0 += original.bytes[$1.range] }
            return ComposedPart.original(
                header: fields,
                body: Array(original.bytes[header.upperBound..<part.range.upperBound])
            )
        }
        let body: ComposedPart = attached.isEmpty ? .text(text) : .mixed([.text(text)] + attached)
        var fields: [UInt8] = []
        for field in original.header {
            let name = ASCII.lowercased(field.name)
            guard name != "date", name != "mime-version", !name.hasPrefix("content-") else { continue }
            fields += original.bytes[field.range]
        }
        let date = ComposedField("Date", .date(MailDate(now)))
        return fields + ComposedMessage(fields: [date], body: body).bytes(boundary: boundary)
    }

    /// The parts that somebody attached; pictures that only the old text showed go with it.
    private static func attached(to part: MIMEPart) -> [MIMEPart] {
        if case .multipart(let parts) = part.content {
            switch part.mediaType.subtype {
            case "alternative", "related": return parts.flatMap { attached(to: $0) }.filter { $0.id == nil }
            default: return parts.flatMap { attached(to: $0) }
            }
        }
        let isText = part.mediaType.name == "text/plain" || part.mediaType.name == "text/html"
        return part.disposition?.isAttachment == true || part.fileName != nil || !isText ? [part] : []
    }

    /// The message with another subject; every other byte as it is.
    static func withSubject(_ subject: String, _ message: ParsedMessage) -> [UInt8] {
        let unnamed = message.removingFields(
            FieldSelection(names: ["Subject"]),
            fromAttachedMessages: FieldSelection()
        )
        return ParsedMessage(unnamed.bytes).prepending(fields: subjectField(subject))
    }

    private static func subjectField(_ subject: String) -> [UInt8] {
        subject.isEmpty ? [] : ComposedField("Subject", .text(subject)).bytes
    }
}

internal import Base
internal import Message
internal import Policy

/// What a message is by its parts: a calendar answer and a receipt are what programs send, and nothing else
/// lies beside them; what only holds such a part is ordinary mail as well.
enum OutboundForm {
    static func forms(of message: ParsedMessage) -> Set<Facts.Form> {
        var forms: Set<Facts.Form> = []
        if holdsReceipt(message.root) { forms.insert(.receipt) }
        if holdsCalendarAnswer(message.root) { forms.insert(.calendarAnswer) }
        if forms.isEmpty || !(isReceipt(message.root) || isCalendarAnswer(message.root)) { forms.insert(.ordinary) }
        return forms
    }

    // MARK: Receipts (RFC 8098)

    private static func holdsReceipt(_ part: MIMEPart) -> Bool {
        part.mediaType.name == "multipart/report" || part.content.parts.contains(where: holdsReceipt)
    }

    /// A text, the receipt, and perhaps what it is about.
    private static func isReceipt(_ root: MIMEPart) -> Bool {
        let parts = root.parts
        guard root.mediaType.name == "multipart/report", (2...3).contains(parts.count), isText(parts[0]),
            parts[1].mediaType.name == "message/disposition-notification"
        else { return false }
        return parts.count == 2 || ["message/rfc822", "text/rfc822-headers"].contains(parts[2].mediaType.name)
    }

    /// Text in the body, in one form or in several.
    private static func isText(_ part: MIMEPart) -> Bool {
        guard part.parts.isEmpty else {
            return part.mediaType.name == "multipart/alternative" && part.parts.allSatisfy(isText)
        }
        return ["text/plain", "text/html"].contains(part.mediaType.name) && part.fileName == nil
            && part.disposition?.isAttachment != true
    }

    // MARK: Calendar answers (RFC 6047 §2.4)

    private static func holdsCalendarAnswer(_ part: MIMEPart) -> Bool {
        isAnswer(part) || part.content.parts.contains(where: holdsCalendarAnswer)
    }

    /// The method stands in the media type.
    private static func isAnswer(_ part: MIMEPart) -> Bool {
        guard part.mediaType.name == "text/calendar", let method = part.mediaType.parameters["method"] else {
            return false
        }
        return ASCII.equalsIgnoringCase(method.text, "REPLY")
    }

    /// The answer, a text that says the same to people, and the same as a file.
    private static func isCalendarAnswer(_ root: MIMEPart) -> Bool {
        holdsCalendarAnswer(root) && isOnlyAnswer(root)
    }

    private static func isOnlyAnswer(_ part: MIMEPart) -> Bool {
        guard part.parts.isEmpty else { return part.parts.allSatisfy(isOnlyAnswer) }
        return isText(part) || isAnswer(part) || part.mediaType.name == "application/ics"
    }
}

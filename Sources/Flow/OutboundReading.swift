internal import Base
internal import Campaigns
internal import Message
internal import Policy
internal import Triage

/// What policy reads of an outbound message.
///
/// Read once and before the transaction: the writer's thread is everybody's.
struct OutboundReading: Sendable {
    /// The whole text, with what it quotes.
    let text: String
    let freshText: String
    let amounts: [Money]
    let attachments: [Message.Attachment]
    let form: Facts.Form
    /// Whether it answers, quotes or attaches what Greenroom wrote (INV-4).
    let hasInternalContent: Bool

    init(
        _ parsed: ParsedMessage,
        _ text: SplitText,
        input: MatchInput,
        commandDomain: String,
        hasSignedInternalFields: Bool
    ) {
        self.text = text.readable.text
        freshText = text.fresh
        amounts = Triage.read(parsed, text).amounts
        attachments = parsed.attachments
        form = Self.form(of: parsed.root)
        hasInternalContent = hasSignedInternalFields || InternalContent.stands(in: parsed, commandDomain: commandDomain)
    }

    private static func form(of root: MIMEPart) -> Facts.Form {
        if root.mediaType.name == "multipart/report" { return .receipt }
        return holdsCalendarAnswer(root) ? .calendarAnswer : .ordinary
    }

    /// RFC 6047 §2.4: the method stands in the media type.
    private static func holdsCalendarAnswer(_ part: MIMEPart) -> Bool {
        if part.mediaType.name == "text/calendar", let method = part.mediaType.parameters["method"] {
            return ASCII.equalsIgnoringCase(method.text, "REPLY")
        }
        return part.parts.contains(where: holdsCalendarAnswer)
    }
}

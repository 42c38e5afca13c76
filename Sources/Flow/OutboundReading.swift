internal import Base
internal import Campaigns
internal import Message
internal import Policy
internal import Text
internal import Triage

/// What policy reads of an outbound message.
///
/// Read once and before the transaction: the writer's thread is everybody's.
struct OutboundReading: Sendable {
    /// The whole text, with what it quotes.
    let text: String
    let freshText: String
    /// Made ready for finding the words of rules; `nil` where no rule looks for any.
    let searched: FoldedText?
    let amounts: [Money]
    let terms: [ReadTerm]
    let requests: Set<DataKind>
    let attachments: [Message.Attachment]
    let form: Facts.Form
    /// Whether it answers, quotes or attaches what Greenroom wrote (INV-4).
    let hasInternalContent: Bool
    /// Whether its alternatives say the same; asked only where rules ask for templates.
    let isPlain: Bool

    init(
        _ parsed: ParsedMessage,
        _ text: SplitText,
        input: MatchInput,
        commandDomain: String,
        rules: RuleSet,
        hasSignedInternalFields: Bool
    ) {
        let reading = Triage.read(parsed, text)
        self.text = text.readable.text
        freshText = text.fresh
        amounts = reading.amounts
        terms = reading.terms
        requests = reading.requests
        attachments = parsed.attachments
        searched =
            rules.readsText
            ? Facts.searched(
                subject: input.subject,
                text: freshText,
                attachments: attachments.compactMap(\.name)
            ) : nil
        isPlain =
            rules.readsTemplates && !text.readable.isCutShort
            && Self.alternativesAgree(parsed, parsed.root, with: text.readable.text)
        form = Self.form(of: parsed.root)
        hasInternalContent = hasSignedInternalFields || InternalContent.stands(in: parsed, commandDomain: commandDomain)
    }

    /// The attachments as rules see them.
    var files: [Facts.Attachment] {
        attachments.map { Facts.Attachment(name: $0.name ?? "", mediaType: $0.mediaType, size: $0.size) }
    }

    /// Clients that write HTML send the text twice, and a reader sees one of the two: both have to say the
    /// same words.
    private static func alternativesAgree(_ parsed: ParsedMessage, _ part: MIMEPart, with text: String) -> Bool {
        guard part.mediaType.name == "text/html", part.disposition?.isAttachment != true else {
            return part.parts.allSatisfy { alternativesAgree(parsed, $0, with: text) }
        }
        let bytes = parsed.decodedBody(of: part, limit: Limits.readableText)
        let html = HTMLText(Charset.decode(bytes, label: part.mediaType.charset), limit: Limits.readableText)
        return !html.isCutShort && words(html.text) == words(text)
    }

    private static func words(_ text: String) -> [Substring] {
        CaseFolding.searchable(text).split { !$0.isLetter && !$0.isNumber }
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

internal import Base
package import Message
internal import Text

extension MatchInput {
    /// What matching reads of a parsed message.
    ///
    /// A submission's blind recipients stand in its envelope: whoever has it adds them to `bcc`.
    package init(_ message: ParsedMessage) {
        self.init(message, SplitText(message))
    }

    /// The same of a message whose text was split already.
    package init(_ message: ParsedMessage, _ text: SplitText) {
        let header = message.header
        func mailboxes(_ field: String) -> [Correspondent] {
            AddressList(header, field).mailboxes.compactMap { Correspondent($0) }
        }
        let authors = AddressList(header, "From").mailboxes
        let subject = header.text("Subject") ?? ""
        let (readable, split) = (text.readable, text.split)
        let marks = AutomaticMarks(header)
        self.init(
            from: authors.compactMap { Correspondent($0) },
            fromFieldCount: header.all("From").count,
            fromDecorations: authors.flatMap(\.decorations),
            replyTo: mailboxes("Reply-To"),
            to: mailboxes("To"),
            cc: mailboxes("Cc"),
            bcc: mailboxes("Bcc"),
            deliveredTo: mailboxes("Delivered-To").map(\.address),
            messageID: header.messageID,
            inReplyTo: header.inReplyTo,
            references: header.references,
            subject: subject,
            authenticationResults: header.all("Authentication-Results").compactMap {
                AuthenticationResults($0.unfolded)
            },
            marks: Marks(isBulk: marks.isBulk, isAutomaticReply: marks.isAutomaticReply),
            report: DeliveryReport(message).map { Report($0) },
            text: readable.text,
            freshText: split.lines.filter { $0.kind == .fresh || $0.kind == .signature }.map(\.text)
                .joined(separator: "\n"),
            signatureLinks: Self.signatureLinks(readable.links, split),
            attachedMessages: Self.innerMessages(of: message.root),
            quotedHeaders: split.headerBlocks.map { block in
                InnerMessage(
                    from: block.addresses.compactMap { Correspondent($0)?.address },
                    subject: block.subject,
                    isForwarded: block.isForwarded
                )
            }
        )
    }

    /// The links of the sender's signature.
    ///
    /// HTML does not say where a link stands once it is text. One with words is looked for in the
    /// last new lines; a picture's is taken only where nothing is quoted, for it may be the
    /// signature of somebody quoted.
    private static func signatureLinks(_ links: [HTMLText.Link], _ split: FreshText) -> [String] {
        let own = split.lines.filter { $0.kind == .fresh || $0.kind == .signature }
        let hasEarlier = own.count < split.lines.count
        let last = own.map { ASCII.trimmed($0.text) }.filter { !$0.isEmpty }.suffix(signatureLines)
        return links.filter { link in
            let words = ASCII.trimmed(link.text)
            guard !words.isEmpty else { return !hasEarlier }
            // The line is the link's words, or a row of such words: `Instagram | TikTok`.
            return last.contains { line in
                line == words
                    || line.split(whereSeparator: { "|·•/,".contains($0) }).contains { ASCII.trimmed($0) == words }
            } && !(hasEarlier && split.earlier.contains(words))
        }.map(\.target)
    }

    private static let signatureLines = 8

    private static func innerMessages(of part: MIMEPart) -> [InnerMessage] {
        if let inner = part.message {
            let from = AddressList(inner.header, "From").mailboxes.compactMap { Correspondent($0)?.address }
            return [InnerMessage(from: from, subject: inner.header.text("Subject"))]
        }
        return part.parts.flatMap { innerMessages(of: $0) }
    }
}

extension MatchInput.Report {
    fileprivate init(_ report: DeliveryReport) {
        self.init(
            originalID: report.originalMessageID,
            failedRecipients: report.failed.flatMap { [$0.original, $0.address] }
                .compactMap { $0.flatMap { Address($0) } }
        )
    }
}

extension Correspondent {
    /// `nil` for a mailbox to which nothing can be sent.
    fileprivate init?(_ mailbox: Message.Address) {
        // RFC 5321 §4.5.3.1: no mail goes to longer ones, and nothing is compared with them.
        guard mailbox.isComplete, mailbox.localPart.count <= 256, mailbox.domain.count <= 255 else { return nil }
        self.init(
            name: mailbox.displayName,
            address: Address(local: mailbox.localPartText, domain: mailbox.domainText)
        )
    }
}

extension Message.Address {
    /// All that is shown beside the address itself.
    fileprivate var decorations: [String] {
        let shown = [displayName] + commentTexts + (isLocalPartQuoted ? [localPartText] : [])
        return shown.filter { !$0.isEmpty }
    }
}

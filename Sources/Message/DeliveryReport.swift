internal import Base

/// A delivery report or a receipt (RFC 3464, RFC 8098), read or written.
package struct DeliveryReport: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable {
        case failed
        case delayed
        case delivered
        case relayed
        case expanded
    }

    /// What the report says of one recipient.
    package struct Recipient: Sendable, Hashable {
        /// Final-Recipient, without its address type.
        package let address: String
        /// Original-Recipient, without its address type; `nil` where it is missing.
        package let original: String?
        /// The address type of `original`, `rfc822` as a rule.
        package let originalType: String
        /// `nil` for one that no standard knows, and in receipts.
        package let action: Action?
        /// The enhanced status code, such as `5.1.1` (RFC 3463).
        package let status: String
        /// Diagnostic-Code without its type: what the other server said.
        package let diagnostic: String

        package init(
            address: String,
            original: String? = nil,
            originalType: String = "rfc822",
            action: Action?,
            status: String,
            diagnostic: String = ""
        ) {
            self.address = address
            self.original = original
            self.originalType = originalType
            self.action = action
            self.status = status
            self.diagnostic = diagnostic
        }
    }

    /// Whether it is a receipt that was asked for (RFC 8098) and not a report of transport.
    package let isReceipt: Bool
    package let recipients: [Recipient]
    /// The id of the message that is reported on, without angle brackets.
    package let originalMessageID: String?

    /// The recipients that did not get it.
    package var failed: [Recipient] { recipients.filter { $0.action == .failed } }

    /// Reads a report; `nil` where the message is none.
    package init?(_ message: ParsedMessage) {
        guard message.root.mediaType.name == "multipart/report" else {
            guard let recipients = Self.failedRecipients(message.header) else { return nil }
            self.init(
                isReceipt: false,
                recipients: recipients,
                originalMessageID: message.header.inReplyTo.first ?? message.header.references.last
            )
            return
        }
        var recipients: [Recipient] = []
        var isReceipt = false
        var original: String?
        for part in message.root.parts {
            switch part.mediaType.name {
            case "message/delivery-status", "message/global-delivery-status":
                recipients += Self.recipients(message.decodedBody(of: part, limit: Limits.header))
            case "message/disposition-notification", "message/global-disposition-notification":
                isReceipt = true
                let fields = Header(message.decodedBody(of: part, limit: Limits.header))
                original =
                    original ?? fields.value("Original-Message-ID").flatMap { MessageIdentifiers.parse($0).first }
                if let recipient = Self.recipient(fields) { recipients.append(recipient) }
            case "text/rfc822-headers", "message/global-headers":
                original = Header(message.decodedBody(of: part, limit: Limits.header)).messageID ?? original
            default:
                original = part.message?.header.messageID ?? original
            }
        }
        self.init(
            isReceipt: isReceipt,
            recipients: recipients,
            originalMessageID: original ?? message.header.inReplyTo.first
        )
    }

    private init(isReceipt: Bool, recipients: [Recipient], originalMessageID: String?) {
        self.isReceipt = isReceipt
        self.recipients = recipients
        self.originalMessageID = originalMessageID
    }

    /// Programs that send no multipart/report name the recipients in a field.
    private static func failedRecipients(_ header: Header) -> [Recipient]? {
        guard let value = header.value("X-Failed-Recipients") else { return nil }
        return AddressList(value).mailboxes.filter(\.isComplete).map {
            Recipient(address: $0.spec, action: .failed, status: "5.0.0")
        }
    }

    /// Blocks of fields: the first is about the message, each further one about a recipient.
    private static func recipients(_ bytes: [UInt8]) -> [Recipient] {
        var rest = bytes[...]
        var found: [Recipient] = []
        while !rest.isEmpty, found.count < Limits.recipients {
            let block = Header(Array(rest))
            if let recipient = recipient(block) { found.append(recipient) }
            guard block.range.upperBound > 0 else { break }
            rest = rest.dropFirst(block.range.upperBound)
        }
        return found
    }

    private static func recipient(_ fields: Header) -> Recipient? {
        guard let final = fields.text("Final-Recipient") ?? fields.text("Original-Recipient") else { return nil }
        let action = fields.text("Action").map { ASCII.lowercased($0) }
        return Recipient(
            address: withoutType(final),
            original: fields.text("Original-Recipient").map { withoutType($0) },
            originalType: fields.text("Original-Recipient").flatMap(type) ?? "rfc822",
            action: action.flatMap { Action(rawValue: $0) },
            status: fields.text("Status").flatMap { $0.split(separator: " ").first.map(String.init) } ?? "",
            diagnostic: fields.text("Diagnostic-Code").map { withoutType($0) } ?? ""
        )
    }

    /// What stands before the semicolon of `rfc822; mia@x.example`.
    private static func type(_ value: String) -> String? {
        value.firstIndex(of: ";").map { ASCII.trimmed(value[..<$0]) }
    }

    /// `rfc822; mia@x.example` without what stands before the semicolon.
    private static func withoutType(_ value: String) -> String {
        guard let semicolon = value.firstIndex(of: ";") else { return ASCII.trimmed(value) }
        let rest = ASCII.trimmed(value[value.index(after: semicolon)...])
        return rest.hasPrefix("<") && rest.hasSuffix(">") ? String(rest.dropFirst().dropLast()) : rest
    }
}

/// A delivery report to be written (RFC 3464 §2, RFC 6522).
package struct ComposedDeliveryReport: Sendable {
    /// The host that reports.
    package var reportingHost: String
    package var from: Address
    package var to: Address
    package var date: MailDate
    /// Without angle brackets.
    package var messageID: String
    package var subject: String
    /// What a person reads.
    package var text: String
    package var arrival: MailDate?
    /// ENVID of the submission (RFC 3461 §4.4), decoded.
    package var envelopeID: String?
    package var recipients: [DeliveryReport.Recipient]
    /// The server that said what the diagnostics say.
    package var remoteHost: String?
    package var lastAttempt: MailDate?
    /// Until when it will be tried again; of delays alone.
    package var willRetryUntil: MailDate?
    /// The message that is reported on; its header alone goes into the report unless `returnsBody`.
    package var original: [UInt8]
    package var returnsBody: Bool

    package init(
        reportingHost: String,
        from: Address,
        to: Address,
        date: MailDate,
        messageID: String,
        subject: String,
        text: String,
        arrival: MailDate? = nil,
        envelopeID: String? = nil,
        recipients: [DeliveryReport.Recipient],
        remoteHost: String? = nil,
        lastAttempt: MailDate? = nil,
        willRetryUntil: MailDate? = nil,
        original: [UInt8],
        returnsBody: Bool = false
    ) {
        self.reportingHost = reportingHost
        self.from = from
        self.to = to
        self.date = date
        self.messageID = messageID
        self.subject = subject
        self.text = text
        self.arrival = arrival
        self.envelopeID = envelopeID
        self.recipients = recipients
        self.remoteHost = remoteHost
        self.lastAttempt = lastAttempt
        self.willRetryUntil = willRetryUntil
        self.original = original
        self.returnsBody = returnsBody
    }

    package func bytes(boundary: String) -> [UInt8] {
        let originalHeader = Header(original)
        var fields: [ComposedField] = [
            ComposedField("From", .addresses([from])),
            ComposedField("To", .addresses([to])),
            ComposedField("Date", .date(date)),
            ComposedField("Message-ID", .messageIDs([messageID])),
            ComposedField("Subject", .text(subject)),
            ComposedField("Auto-Submitted", .structured("auto-replied")),
        ]
        if let id = originalHeader.messageID {
            fields.append(ComposedField("In-Reply-To", .messageIDs([id])))
            fields.append(ComposedField("References", .messageIDs([id])))
        }
        let header = LineEnds.canonical(originalHeader.rawBytes)
        let isInternational = header.contains { $0 > 0x7F }
        let returned: ComposedPart =
            returnsBody
            ? .message(original)
            : .fields(mediaType: isInternational ? "message/global-headers" : "text/rfc822-headers", header)
        // RFC 6533 §3: addresses in UTF-8 stand in a type of their own.
        let type = needsUTF8 ? "message/global-delivery-status" : "message/delivery-status"
        return ComposedMessage(
            fields: fields,
            body: .report("delivery-status", [.text(text), .fields(mediaType: type, status), returned])
        ).bytes(boundary: boundary)
    }

    private var needsUTF8: Bool {
        recipients.contains { ($0.address + ($0.original ?? "")).utf8.contains { $0 > 0x7F } }
    }

    private var status: [UInt8] {
        var perMessage: [ComposedField] = []
        if let envelopeID { perMessage.append(field("Original-Envelope-Id", envelopeID)) }
        perMessage.append(field("Reporting-MTA", "dns; \(reportingHost)"))
        if let arrival { perMessage.append(ComposedField("Arrival-Date", .date(arrival))) }
        return perMessage.flatMap(\.bytes) + recipients.flatMap { [ASCII.cr, ASCII.lf] + status(of: $0) }
    }

    private func status(of recipient: DeliveryReport.Recipient) -> [UInt8] {
        var fields: [ComposedField] = []
        if let original = recipient.original {
            fields.append(field("Original-Recipient", "\(recipient.originalType); \(original)"))
        }
        let type = recipient.address.utf8.contains { $0 > 0x7F } ? "utf-8" : "rfc822"
        fields.append(field("Final-Recipient", "\(type); \(recipient.address)"))
        fields.append(field("Action", (recipient.action ?? .failed).rawValue))
        fields.append(field("Status", recipient.status))
        if let remoteHost { fields.append(field("Remote-MTA", "dns; \(remoteHost)")) }
        if !recipient.diagnostic.isEmpty { fields.append(field("Diagnostic-Code", "smtp; \(recipient.diagnostic)")) }
        if let lastAttempt { fields.append(ComposedField("Last-Attempt-Date", .date(lastAttempt))) }
        if let willRetryUntil { fields.append(ComposedField("Will-Retry-Until", .date(willRetryUntil))) }
        return fields.flatMap(\.bytes)
    }

    /// A field whose value may be any server's words: one line, in ASCII where the report is.
    private func field(_ name: String, _ value: String) -> ComposedField {
        let scalars = value.unicodeScalars.map { scalar -> Character in
            if scalar.value < 0x20 || scalar.value == 0x7F { return " " }
            return scalar.isASCII || needsUTF8 ? Character(scalar) : "?"
        }
        return ComposedField(name, .structured(String(scalars)))
    }
}

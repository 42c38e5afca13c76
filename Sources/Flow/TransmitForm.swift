package import Base
internal import Message

/// The bytes that may leave, made once at submission and judged, hashed and sent as they are
/// (INV-1).
package struct TransmitForm: Sendable {
    package let bytes: [UInt8]
    /// Without angle brackets.
    package let messageID: String
    /// What the author submitted, shown to author and approvers: with Bcc, without our fields.
    package let submitted: [UInt8]
    /// Whether a header field of ours stood where it may not be removed: in a signed part.
    package let hasSignedInternalFields: Bool

    /// Makes the form of what a client submitted (RFC 6409 §8).
    ///
    /// Date and Message-ID are added only where they are missing, one Received field is put on
    /// top, and Bcc, Return-Path and our own fields are taken out; nothing else is touched, so that
    /// signatures stay good. Command addresses go from To and Cc: the campaign selectors among them were
    /// consumed (INV-4).
    package init(
        submitted bytes: [UInt8],
        received: String,
        now: Timestamp,
        newMessageID: String,
        commandDomain: String
    ) {
        let cleaned = ParsedMessage(bytes).removingFields(.internal, fromAttachedMessages: .internal)
        let header = Header(cleaned.bytes)
        var added: [UInt8] = []
        let id = header.messageID
        if id == nil { added += ComposedField("Message-ID", .messageIDs([newMessageID])).bytes }
        if !header.contains("Date") { added += ComposedField("Date", .date(MailDate(now))).bytes }
        messageID = id ?? newMessageID
        submitted = added + cleaned.bytes
        // What could not be looked into is taken for the worse.
        hasSignedInternalFields = cleaned.remainsInSignedPart || cleaned.isCutShort
        let unsent = ParsedMessage(cleaned.bytes)
            .removingFields(FieldSelection(names: ["Bcc", "Return-Path"]), fromAttachedMessages: FieldSelection())
        self.bytes =
            ComposedField("Received", .structured(received)).bytes + added
            + Self.withoutCommandAddresses(unsent.bytes, commandDomain)
    }

    private static func withoutCommandAddresses(_ bytes: [UInt8], _ commandDomain: String) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        for field in Header(bytes) where field.isNamed("To") || field.isNamed("Cc") {
            let mailboxes = AddressList(field.unfolded).mailboxes
            let others = mailboxes.filter { !isCommand($0.domainText, commandDomain) }
            guard others.count < mailboxes.count else { continue }
            result += bytes[position..<field.range.lowerBound]
            if !others.isEmpty { result += ComposedField(field.name, .addresses(others)).bytes }
            position = field.range.upperBound
        }
        return position == 0 ? bytes : result + bytes[position...]
    }

    private static func isCommand(_ domain: String, _ commandDomain: String) -> Bool {
        let folded = ASCII.lowercased(domain)
        return folded == commandDomain || folded.hasSuffix("." + commandDomain)
    }
}

extension FieldSelection {
    /// Our own fields: removed from whatever comes from outside or from a client (INV-4).
    static let `internal` = Self(prefixes: ["Greenroom-"])
}

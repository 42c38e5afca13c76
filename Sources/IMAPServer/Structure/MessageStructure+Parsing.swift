internal import Base
internal import IMAPWire
internal import Message
internal import Text

extension MessageStructure {
    /// Parses a message; what is broken in it is shown as it is.
    package init(parsing message: [UInt8]) {
        let parsed = ParsedMessage(message)
        let header = parsed.header
        let structure = BodyStructure(parsed.root)
        let subject = BaseSubject(Self.text(of: header.first("Subject")))
        let from = AddressList(header, "From").items.first
        let to = AddressList(header, "To").items.first
        let kept = KeptFields.of(header)
        self.init(
            sent: header.date?.timestamp,
            isReplyOrForward: subject.isReplyOrForward,
            keepsFields: kept != nil
        ) { part in
            switch part {
            case .envelope: Self.written { $0.envelope(IMAPWire.Envelope(header)) }
            case .bodyStructure: Self.written { $0.bodyStructure(structure, extended: true) }
            case .body: Self.written { $0.bodyStructure(structure, extended: false) }
            case .subject: Self.sortKey(subject.text)
            case .from: Self.sortKey(from?.mailboxName ?? "")
            case .to: Self.sortKey(to?.mailboxName ?? "")
            case .cc: Self.sortKey(AddressList(header, "Cc").items.first?.mailboxName ?? "")
            case .displayFrom: Self.sortKey(from?.shownName ?? "")
            case .displayTo: Self.sortKey(to?.shownName ?? "")
            case .messageID: Array((ThreadIdentifier.own(header) ?? "").utf8)
            case .references: ThreadIdentifier.references(header).flatMap { [ASCII.lf] + Array($0.utf8) }
            case .preview: Array(PreviewText.of(parsed).utf8)
            case .fields: kept ?? []
            }
        }
    }

    private static func written(_ write: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter()
        write(&writer)
        return writer.takeBytes()
    }

    /// A field's text as far as it is sorted by.
    private static func text(of field: HeaderField?) -> String {
        guard let field else { return "" }
        return EncodedWord.decode(Array(field.unfolded.prefix(Limits.sortedField)))
    }

    private static func sortKey(_ text: String) -> [UInt8] { Array(Collation.key(text).prefix(Limits.sortKey)) }
}

extension AddressList.Item {
    /// IMAP's addr-mailbox: of a group its name, which is how ENVELOPE begins one.
    fileprivate var mailboxName: String {
        switch self {
        case .mailbox(let address): address.localPartText
        case .groupStart(let name): EncodedWord.decode(name)
        case .groupEnd: ""
        }
    }

    /// What a client shows of it (RFC 5957 §3): the name, else the address.
    fileprivate var shownName: String {
        guard case .mailbox(let address) = self else { return mailboxName }
        let name = address.envelopeName.map { EncodedWord.decode($0) } ?? ""
        return name.isEmpty ? address.localPartText + "@" + address.domainText : name
    }
}

/// Message-IDs as THREAD compares them (RFC 5256 §3): without needless quoting, by letter case.
enum ThreadIdentifier {
    /// The message's own id.
    static func own(_ header: Header) -> String? { valid(header.value("Message-ID")).first }

    /// The ids of References, oldest first, else the first one of In-Reply-To.
    ///
    /// A long list keeps its oldest and its newest ones, as mail programs cut it.
    static func references(_ header: Header) -> [String] {
        let references = header.all("References").flatMap { valid($0.unfolded) }
        guard !references.isEmpty else { return Array(valid(header.value("In-Reply-To")).prefix(1)) }
        guard references.count > Limits.references else { return references }
        return [references[0]] + references.suffix(Limits.references - 1)
    }

    private static func valid(_ value: [UInt8]?) -> [String] {
        guard let value, value.contains(UInt8(ascii: "<")) else { return [] }
        return MessageIdentifiers.parse(value).compactMap { normalized($0) }
    }

    private static func normalized(_ id: String) -> String? {
        let bytes = Array(id.utf8)
        guard bytes.count <= Limits.messageIdentifier, let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0,
            at < bytes.count - 1
        else { return nil }
        guard bytes[0] == ASCII.quote, at > 1, bytes[at - 1] == ASCII.quote else { return id }
        var left: [UInt8] = []
        var isEscaped = false
        for byte in bytes[1..<(at - 1)] {
            isEscaped = byte == ASCII.backslash && !isEscaped
            if !isEscaped { left.append(byte) }
        }
        return String(decoding: left + bytes[at...], as: UTF8.self)
    }
}

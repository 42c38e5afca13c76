internal import Text

// MATCHING §5.8: a team member forwards a creator's mail to one of our mailboxes.

extension Inquiry {
    func forwardedCreators() -> Finding<CreatorID>? {
        guard let forward else { return nil }
        guard let author = forward.author else {
            return .nothing(Reason("5.8", "forwarded, author not told"))
        }
        let owners = directory.addresses.owners(of: author.key)?.creators ?? []
        switch owners.count {
        case 0: return .nothing(Reason("5.8", "forwarded from unknown \(author)"))
        case 1: return .likely(ids(owners), Reason("5.8", "forwarded from \(author)"))
        default: return .ambiguous(ids(owners), Reason("5.8", "forwarded from \(author)"))
        }
    }
}

/// Who wrote the message that a teammate forwarded.
struct ForwardedAuthor: Hashable, Sendable {
    /// The first author who is not one of us.
    let author: Address?
    /// The forwarded subject, where it is told.
    let subject: String?

    /// `nil` where nothing is forwarded: a reply with a quoted header block is no forward.
    init?(in input: MatchInput, _ directory: Directory) {
        if !input.attachedMessages.isEmpty {
            let first = input.attachedMessages.first { message in message.from.contains { !directory.isOwn($0) } }
            author = first?.from.first { !directory.isOwn($0) }
            subject = first?.subject ?? input.attachedMessages[0].subject
            return
        }
        guard SubjectLine(input.subject).kind != .reply else { return nil }
        let blocks = HeaderBlock.all(in: input.text)
        guard !blocks.isEmpty else { return nil }
        let block = blocks.first { block in block.from.map { !directory.isOwn($0) } ?? false }
        author = block?.from
        subject = block?.subject
    }
}

/// The header of a forwarded message as a mail program writes it into the text, in any language:
/// lines of `word: value` one below the other, of which one holds an address.
struct HeaderBlock: Hashable, Sendable {
    let from: Address?
    let subject: String?

    static func all(in text: String) -> [Self] {
        var blocks: [Self] = []
        var lines: [(label: String, value: String)] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let field = field(line) {
                lines.append(field)
                continue
            }
            // A value may go on in the next line; a block ends with an empty one.
            if !lines.isEmpty, line.contains(where: { !$0.isWhitespace }), lines.count < 8,
                line.first?.isWhitespace == true || line.contains("@")
            {
                lines[lines.count - 1].value += " " + line
                continue
            }
            if let block = block(lines) { blocks.append(block) }
            lines = []
        }
        if let block = block(lines) { blocks.append(block) }
        return blocks
    }

    private static func block(_ lines: [(label: String, value: String)]) -> Self? {
        guard lines.count >= 2 else { return nil }
        let addressed = lines.filter { !ShownAddresses.find(in: $0.value).isEmpty }
        guard !addressed.isEmpty else { return nil }
        // Where no label is known, the author stands before the recipients.
        let from = lines.first { fromLabels.contains($0.label) } ?? addressed.first { !otherLabels.contains($0.label) }
        guard let from else { return nil }
        let subject = lines.first { subjectLabels.contains($0.label) }?.value
        return Self(from: ShownAddresses.find(in: from.value).last, subject: subject.map { trimmed($0) })
    }

    /// `Label: value`, the label one to three short words, perhaps quoted or starred.
    private static func field(_ line: Substring) -> (label: String, value: String)? {
        let bare = line.drop { $0.isWhitespace || $0 == ">" || $0 == "*" || $0 == "_" }
        guard let colon = bare.prefix(24).firstIndex(where: { $0 == ":" || $0 == "：" }) else { return nil }
        let label = bare[..<colon].filter { $0 != "*" && $0 != "_" }
        guard !label.isEmpty, label.allSatisfy({ $0.isLetter || $0 == " " || $0 == "-" || $0.isMark }),
            label.split(separator: " ").count <= 3
        else { return nil }
        let value = bare[bare.index(after: colon)...].drop { $0 == "*" || $0 == "_" }
        guard !value.hasPrefix("//"), value.contains(where: { !$0.isWhitespace }) else { return nil }
        return (CaseFolding.searchable(label.split(separator: " ").joined(separator: " ")), String(value))
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }

    private static let fromLabels: Set<String> = [
        "from", "von", "de", "da", "van", "fra", "från", "od", "от", "від", "lähettäjä", "kimden", "gönderen", "feladó",
        "από", "差出人", "送信者", "发件人", "寄件者", "寄件人", "보낸 사람", "보낸사람", "מאת", "من", "จาก", "từ", "dari", "expéditeur",
    ]

    private static let otherLabels: Set<String> = [
        "to", "an", "à", "a", "para", "aan", "til", "till", "do", "кому", "vastaanottaja", "kime", "címzett", "προς",
        "宛先", "收件人", "收件者", "받는 사람", "받는사람", "אל", "إلى", "ถึง", "đến", "kepada", "cc", "kopie", "copia", "copie",
        "kopia", "копия", "참조", "抄送", "reply-to", "antwort an", "date", "sent", "datum", "gesendet", "fecha", "data",
    ]

    private static let subjectLabels: Set<String> = [
        "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "emne", "ämne", "temat", "тема",
        "aihe", "konu", "tárgy", "θέμα", "件名", "主题", "主旨", "제목", "נושא", "الموضوع", "หัวเรื่อง", "chủ đề", "předmět",
    ]
}

extension Character {
    /// A vowel sign or other mark that stands alone in some scripts' labels.
    fileprivate var isMark: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark: true
            default: false
            }
        }
    }
}

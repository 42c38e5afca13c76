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
    /// One text beside the first, with what templates are compared with.
    struct Other: Sendable {
        /// `nil` where more is seen than a text, which no template is.
        let fresh: String?
        var said: Facts.Said
    }

    /// The whole text, with what it quotes.
    let text: String
    let freshText: String
    /// What its readers see first.
    let main: Facts.Said
    /// What they may see in its place, where that says something else.
    let alternatives: [Other]
    /// What somebody may come to read.
    let asides: [Facts.Said]
    let isShownInDoubt: Bool
    let unread: [String]
    let attachments: [Message.Attachment]
    let forms: Set<Facts.Form>
    /// Whether it answers, quotes or attaches what Greenroom wrote (INV-4).
    let hasInternalContent: Bool

    init(
        _ parsed: ParsedMessage,
        _ text: SplitText,
        input: MatchInput,
        answered: AnsweredMail,
        commandDomain: String,
        hasSignedInternalFields: Bool
    ) {
        self.text = text.readable.text
        freshText = text.fresh
        attachments = parsed.attachments
        forms = OutboundForm.forms(of: parsed)
        hasInternalContent = hasSignedInternalFields || InternalContent.stands(in: parsed, commandDomain: commandDomain)
        var texts = Texts(subject: input.subject, text, answered)
        let every = parsed.everyText()
        for one in every.texts { texts.add(one, beside: text) }
        main = texts.main
        alternatives = texts.alternatives
        asides = texts.asides
        isShownInDoubt = every.isShownInDoubt
        unread = every.unread + texts.unread
    }

    /// The attachments as rules see them.
    var files: [Facts.Attachment] {
        attachments.map { Facts.Attachment(name: $0.name ?? "", mediaType: $0.mediaType, size: $0.size) }
    }
}

/// Gathers the texts of a message, each that says something new once.
private struct Texts {
    private let subject: String
    /// A subject that was newly written counts as text (LABELS §0); one that only looks like an answer is.
    private let newSubject: [String]
    private let answered: AnsweredMail
    private var reader: SaidReader
    let main: Facts.Said
    private(set) var alternatives: [OutboundReading.Other] = []
    private(set) var asides: [Facts.Said] = []

    var unread: [String] { reader.unread }

    init(subject: String, _ text: SplitText, _ answered: AnsweredMail) {
        self.subject = subject
        self.answered = answered
        let isNew = SubjectLine(subject).kind == .new || !answered.hasSubject(subject)
        newSubject = isNew && !subject.isEmpty ? [subject] : []
        reader = SaidReader(thread: text.split.earlier)
        main = reader.read([Self.own(newSubject, text.fresh)], searched: [subject, text.fresh])
        addRest(of: text.split)
    }

    private static func own(_ subject: [String], _ text: String) -> String {
        (subject + [text]).joined(separator: "\n")
    }

    mutating func add(_ one: MessageText, beside text: SplitText) {
        switch one.place {
        case .shown: addShown(one, beside: text)
        case .hidden:
            // With what it quotes it would say what the other side said.
            addAside(one.pieces.map { ownLines(FreshText($0, subject: subject)) }, in: "what is hidden in it")
        case .file(let name): addAside(one.pieces, in: "\"\(name)\"")
        case .message: addAside(one.pieces, in: "a message inside")
        case .header: addAside(one.pieces, in: "its header")
        }
    }

    private mutating func addShown(_ one: MessageText, beside text: SplitText) {
        let shown = one.pieces.joined(separator: "\n")
        guard shown != text.readable.text || one.hasPictures else { return }
        let split = FreshText(shown, subject: subject)
        let fresh = split.fresh
        addRest(of: split)
        guard one.hasPictures || one.hidesText || fresh.contains(where: { $0.isLetter || $0.isNumber }) else { return }
        let said = reader.read([Self.own(newSubject, fresh)], searched: [subject, fresh])
        let isKnown = said.saysTheSame(as: main) || alternatives.contains { $0.said.saysTheSame(as: said) }
        guard one.hasPictures || !isKnown else { return }
        alternatives.append(OutboundReading.Other(fresh: one.hasPictures ? nil : fresh, said: said))
    }

    /// What of a text is not newly written: the signature, and what it quotes of mail that is not known.
    private mutating func addRest(of split: FreshText) {
        if !split.signature.isEmpty { addAside([split.signature], in: "its signature") }
        let quoted = answered.unknownLines(split)
        if !quoted.isEmpty { addAside([quoted], in: "what it quotes of mail that is not known here") }
    }

    private mutating func addAside(_ pieces: [String], in place: String) {
        guard pieces.contains(where: { $0.contains { $0.isLetter || $0.isNumber } }) else { return }
        let said = reader.read(pieces, searched: pieces, in: place)
        guard !asides.contains(where: { $0.saysTheSame(as: said) }) else { return }
        asides.append(said)
    }

    private func ownLines(_ text: FreshText) -> String {
        let own = text.lines.filter { $0.kind == .fresh || $0.kind == .signature }.map(\.text)
        return (own + [answered.unknownLines(text)]).joined(separator: "\n")
    }
}

internal import Base
internal import Campaigns
internal import Message
internal import Store
internal import Text

/// The mail that a message says it answers, as the store has it: what is quoted of it is not the author's word.
///
/// Whatever else stands in the place of a quotation may be the author's own, and restrictions read it (INV-7).
struct AnsweredMail: Sendable {
    private var texts: [[UInt8]] = []
    private var subjects: Set<String> = []

    static let none = Self()

    private init() {}

    /// How many of the mails that a header names are looked at, the nearest first.
    private static let looked = 4

    /// Reads the mail that a message answers, if there is anything in it that could be that mail's.
    init(_ header: Header, _ transaction: ReadTransaction) throws(StoreError) {
        let ids = header.inReplyTo + header.references.reversed()
        var seen: Set<String> = []
        for id in ids where seen.count < Self.looked && seen.insert(id).inserted {
            for row in try transaction.messages(withMessageID: ThreadKey.messageID(id)).prefix(Self.looked) {
                // What a member filed may say anything.
                guard [Direction.inbound, .outbound].map(\.rawValue).contains(row.direction) else { continue }
                try add(row, transaction)
            }
        }
    }

    private mutating func add(_ row: MessageRow, _ transaction: ReadTransaction) throws(StoreError) {
        let bytes: [UInt8]
        do {
            bytes = try transaction.bytes(ofBody: row.body)
        } catch {
            // Its bytes are not here: then nothing is known of it.
            guard case .missing = error else { throw error }
            return
        }
        let message = ParsedMessage(bytes)
        subjects.insert(SubjectLine(message.header.text("Subject") ?? "").key)
        texts.append(Self.words(message.readableText().text))
        for text in message.everyText().texts where text.place == .shown {
            texts.append(Self.words(text.pieces.joined(separator: "\n")))
        }
    }

    /// Whether a message holds anything for which this has to be known.
    static func isNeeded(_ text: SplitText, subject: String) -> Bool {
        SubjectLine(subject).kind != .new || text.split.lines.contains { $0.kind.isEarlier }
    }

    /// Whether a subject is that of the thread.
    func hasSubject(_ subject: String) -> Bool { subjects.contains(SubjectLine(subject).key) }

    /// The lines of a text that stand in the place of a quotation and are none of this mail.
    func unknownLines(_ text: FreshText) -> String {
        text.lines.filter { $0.kind.isEarlier && !holds($0.text) }.map(\.text).joined(separator: "\n")
    }

    /// Whether the words of a line stand in it one after the other.
    private func holds(_ line: String) -> Bool {
        let words = Self.words(line)
        guard words.count > 1 else { return true }
        return texts.contains { $0.span.firstIndex(of: words) != nil }
    }

    /// The words of a text between blanks, whatever its lines and marks.
    private static func words(_ text: String) -> [UInt8] {
        var result: [UInt8] = [ASCII.space]
        for word in CaseFolding.searchable(Disguise.removed(from: text)).split(whereSeparator: {
            !$0.isLetter && !$0.isNumber && !$0.isCurrencySymbol
        }) {
            result += Array(word.utf8)
            result.append(ASCII.space)
        }
        return result
    }
}

extension FreshText.Kind {
    /// Whether it is taken for what somebody wrote before.
    fileprivate var isEarlier: Bool { self == .quoted || self == .history || self == .forwarded }
}

extension House {
    /// The mail that a submission answers.
    func answeredMail(
        _ parsed: ParsedMessage,
        _ text: SplitText,
        _ input: MatchInput
    ) async throws(HouseError) -> AnsweredMail {
        guard AnsweredMail.isNeeded(text, subject: input.subject) else { return .none }
        do {
            return try await store.read { try AnsweredMail(parsed.header, $0) }
        } catch {
            throw HouseError(error)
        }
    }
}

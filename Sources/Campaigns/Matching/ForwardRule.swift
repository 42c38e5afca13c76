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

    /// `nil` where nothing is forwarded: a reply above a header block is no forward.
    init?(in input: MatchInput, _ directory: Directory) {
        let isReply = SubjectLine(input.subject).kind == .reply
        let inner =
            input.attachedMessages.isEmpty
            ? input.quotedHeaders.filter { $0.isForwarded || !isReply } : input.attachedMessages
        guard !inner.isEmpty else { return nil }
        let first = inner.first { message in message.from.contains { !directory.isOwn($0) } }
        author = first?.from.first { !directory.isOwn($0) }
        subject = first?.subject ?? inner[0].subject
    }
}

/// The known messages that a message answers (MATCHING §0, Thread).
struct KnownThread: Hashable, Sendable {
    /// All that bear the id answered: none, one, or several where an id was not unique.
    let messages: [KnownMessage]

    /// By In-Reply-To; where that one is not known, by the last known one in References.
    init(of input: MatchInput, in threads: some ThreadIndex) {
        for id in input.inReplyTo + input.references.reversed() where id != input.messageID {
            let found = threads.messages(withID: id)
            guard found.isEmpty else {
                messages = found
                return
            }
        }
        messages = []
    }

    init(answering id: String, in threads: some ThreadIndex) {
        messages = threads.messages(withID: id)
    }

    /// The message answered; of several with one id, what all of them agree on.
    var parent: KnownMessage? {
        guard var parent = messages.first else { return nil }
        for other in messages.dropFirst() {
            parent.creators = Self.agreed(parent.creators, other.creators)
            parent.campaigns = Self.agreed(parent.campaigns, other.campaigns)
            parent.signals = parent.signals.filter { other.signals.contains($0) }
        }
        return parent
    }

    /// The creators of all messages with the id, each once.
    var allCreators: [CreatorID] { Set(messages.flatMap(\.creators.keys)).sorted() }

    /// Whether several messages with one id belong to different creators.
    var isDivided: Bool { Set(messages.map { Set($0.creators.keys) }).count > 1 }

    private static func agreed<Key>(_ left: Finding<Key>, _ right: Finding<Key>) -> Finding<Key> {
        guard Set(left.keys) == Set(right.keys), !left.keys.isEmpty, let reason = left.reason ?? right.reason else {
            return .nothing()
        }
        let confidence = left.confidence.limited(to: right.confidence)
        return confidence == .ambiguous ? .ambiguous(left.keys, reason) : .attached(left.keys, confidence, reason)
    }
}

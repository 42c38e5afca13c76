internal import Message
internal import Synchronization

/// What was parsed of a message's bytes: once for all chunks in which a client fetches a part.
final class ParsedContent: Sendable {
    private let message = Mutex<ParsedMessage?>(nil)

    /// Whether it was parsed before.
    var isKnown: Bool { message.withLock { $0 != nil } }

    /// The message taken apart; of whole content alone.
    func message(of bytes: [UInt8]) -> ParsedMessage {
        if let known = message.withLock({ $0 }) { return known }
        // Two that come at once both parse it: nobody waits under a lock for the other.
        let parsed = ParsedMessage(bytes)
        message.withLock { $0 = parsed }
        return parsed
    }
}

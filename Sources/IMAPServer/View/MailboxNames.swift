internal import Base
internal import IMAPWire
internal import Synchronization

/// The names that a member sees at one moment, with what LIST told of them: mail programs ask the same
/// again and again, and most often nothing has changed.
package final class MailboxNames: Sendable {
    /// What an answer is made for.
    private struct Question: Hashable {
        let request: ListRequest
        let isUTF8: Bool
    }

    package let listings: [MailboxListing]
    private let answers = Mutex<[Question: [UInt8]]>([:])

    package init(_ listings: [MailboxListing]) { self.listings = listings }

    /// The lines that answer a request which nothing but the names decide, made where nobody asked before.
    func answer(to request: ListRequest, inUTF8 isUTF8: Bool, made make: () -> [UInt8]) -> [UInt8] {
        let question = Question(request: request, isUTF8: isUTF8)
        if let known = answers.withLock({ $0[question] }) { return known }
        let made = make()
        guard listings.count <= Limits.namesOfKeptList else { return made }
        answers.withLock { answers in
            // Whoever asks for ever new patterns makes room for the next.
            if answers.count >= Limits.keptLists { answers.removeAll() }
            answers[question] = made
        }
        return made
    }
}

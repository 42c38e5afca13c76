internal import Base
internal import IMAPWire

/// What THREAD looks at in a message.
struct ThreadedMessage: Sendable {
    /// Its number or UID: what the answer names.
    let number: UInt32
    /// The point in time of its Date field, else INTERNALDATE (RFC 5256 §2.2).
    let sent: Timestamp
    /// The base subject as it is compared.
    let subject: [UInt8]
    let isReplyOrForward: Bool
    /// Normalised; `nil` where it has none.
    let id: String?
    /// Normalised, oldest first.
    let references: [String]

    init(
        number: UInt32,
        sent: Timestamp,
        subject: [UInt8] = [],
        isReplyOrForward: Bool = false,
        id: String? = nil,
        references: [String] = []
    ) {
        self.number = number
        self.sent = sent
        self.subject = subject
        self.isReplyOrForward = isReplyOrForward
        self.id = id
        self.references = references
    }

    /// Takes what an algorithm needs.
    private init(
        number: UInt32,
        _ entry: MailboxSnapshot.Entry,
        _ structure: MessageStructure,
        _ algorithm: ThreadRequest.Algorithm
    ) {
        let isLinked = algorithm == .references
        let id = structure[.messageID]
        self.init(
            number: number,
            sent: structure.sent ?? entry.received,
            subject: Array(structure[.subject]),
            isReplyOrForward: structure.isReplyOrForward,
            id: isLinked && !id.isEmpty ? String(decoding: id, as: UTF8.self) : nil,
            references: isLinked
                ? structure[.references].split(separator: ASCII.lf).map { String(decoding: $0, as: UTF8.self) } : []
        )
    }

    /// Messages asked of the house at a time.
    private static let batchCount = 1024

    /// The messages at indices, in their order.
    static func read(
        _ indices: [Int],
        byUID: Bool,
        _ algorithm: ThreadRequest.Algorithm,
        _ view: MailboxView,
        _ progress: Progress
    ) async throws(IMAPFailure) -> [Self] {
        var messages: [Self] = []
        messages.reserveCapacity(indices.count)
        var rest = indices[...]
        while !rest.isEmpty {
            let batch = rest.prefix(batchCount)
            rest = rest.dropFirst(batch.count)
            try await progress.check(messages.count, of: indices.count)
            let entries = batch.map { view.entries[$0] }
            let numbers = batch.map { byUID ? view.entries[$0].uid : UInt32($0 + 1) }
            let found = try await view.mailbox.structures(of: entries.map(\.edition)) { place, structure in
                Self(number: numbers[place], entries[place], structure, algorithm)
            }
            for (place, message) in found.enumerated() {
                // One that is gone stands alone: nothing more is known of it.
                messages.append(message ?? Self(number: numbers[place], sent: entries[place].received))
            }
        }
        return messages
    }
}

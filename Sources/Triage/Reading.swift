package import Base

/// What the newly written text of a message says (LABELS.md).
///
/// Topics, intents, decline reason, stage and language are not read yet: their lists are empty
/// and their values `nil` for every message, and no rule may take that for an answer. Amounts,
/// terms, requests for data, handles and the marks of machines are read.
package struct Reading: Hashable, Sendable {
    /// Not read yet: always empty.
    package var topics: [String]
    /// Not read yet: always empty, except `auto-reply` for an automatic reply.
    package var intents: [String]
    /// Every sum of money, once each, in the order of the text.
    package var amounts: [Money]
    /// The uses and exclusivities it speaks of, in the order of the text.
    package var terms: [ReadTerm]
    /// The data it asks for.
    package var requests: Set<DataKind>
    /// The handles of creators, once each, in the order of the text.
    package var handles: [ReadHandle]
    /// An absence note, a ticket receipt, a bounce.
    package var isAutomaticReply: Bool
    /// A newsletter or mass mailing.
    package var isBulk: Bool

    package init(
        topics: [String] = [],
        intents: [String] = [],
        amounts: [Money] = [],
        terms: [ReadTerm] = [],
        requests: Set<DataKind> = [],
        handles: [ReadHandle] = [],
        isAutomaticReply: Bool = false,
        isBulk: Bool = false
    ) {
        self.topics = topics
        self.intents = intents
        self.amounts = amounts
        self.terms = terms
        self.requests = requests
        self.handles = handles
        self.isAutomaticReply = isAutomaticReply
        self.isBulk = isBulk
    }
}

/// A handle that a text names (LABELS §5).
package struct ReadHandle: Hashable, Sendable {
    /// Lower case, without `@`.
    package var name: String
    /// `instagram`, `tiktok`, `youtube`, …; `nil` where the text does not say.
    package var platform: String?

    package init(name: String, platform: String?) {
        self.name = name
        self.platform = platform
    }
}

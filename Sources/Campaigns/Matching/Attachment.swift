/// Which way a message goes (MATCHING §2).
package enum Direction: String, CaseIterable, Hashable, Sendable {
    case inbound
    case outbound
    case `internal`
}

/// How sure an attachment is (MATCHING §7).
package enum Confidence: String, CaseIterable, Hashable, Sendable {
    case certain
    case likely
    /// A person decides between candidates.
    case ambiguous
    case none

    /// Of two sides the weaker one; `none` counts only where the other side has nothing either.
    package func joined(with other: Self) -> Self {
        if self == .ambiguous || other == .ambiguous { return .ambiguous }
        if self == .likely || other == .likely { return .likely }
        return self == .certain || other == .certain ? .certain : .none
    }

    /// The weaker of two degrees on one side: nothing is surer than what it rests on.
    func limited(to other: Self) -> Self { rank < other.rank ? self : other }

    private var rank: Int {
        switch self {
        case .certain: 3
        case .likely: 2
        case .ambiguous: 1
        case .none: 0
        }
    }
}

/// A plus token or a subject tag that a message carries (MATCHING §6.1, §6.2).
package struct Signal: Hashable, Sendable, Comparable {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case token
        case tag
    }

    package var kind: Kind
    package var campaign: CampaignID

    package init(_ kind: Kind, _ campaign: CampaignID) {
        self.kind = kind
        self.campaign = campaign
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.campaign, left.kind.rawValue) < (right.campaign, right.kind.rawValue)
    }
}

/// The rule of MATCHING.md that decided, by its number, and what it saw.
package struct Reason: Hashable, Sendable, CustomStringConvertible {
    /// `5.4`, `6.6`.
    package var rule: String
    /// `known address ana@post.example`.
    package var words: String

    package init(_ rule: String, _ words: String) {
        self.rule = rule
        self.words = words
    }

    package var description: String { "\(rule) \(words)" }
}

/// One side of an attachment: what is filed, or what is offered to a person.
package struct Finding<Key: RecordKey>: Hashable, Sendable {
    /// Filed there.
    ///
    /// Sorted. Empty unless `confidence` is certain or likely.
    package var attached: [Key]
    /// Only offered to a person.
    ///
    /// Sorted. Empty unless `confidence` is ambiguous.
    package var candidates: [Key]
    package var confidence: Confidence
    /// What decided, also where it decided for nothing; `nil` where no rule spoke.
    package var reason: Reason?

    package init(attached: [Key] = [], candidates: [Key] = [], confidence: Confidence = .none, reason: Reason? = nil) {
        self.attached = attached
        self.candidates = candidates
        self.confidence = confidence
        self.reason = reason
    }

    /// Attached or candidate.
    package var keys: [Key] { attached.isEmpty ? candidates : attached }

    static func nothing(_ reason: Reason? = nil) -> Self { Self(reason: reason) }

    static func certain(_ keys: some Sequence<Key>, _ reason: Reason) -> Self {
        attached(keys, .certain, reason)
    }

    static func likely(_ keys: some Sequence<Key>, _ reason: Reason) -> Self {
        attached(keys, .likely, reason)
    }

    /// Certain or likely.
    static func attached(_ keys: some Sequence<Key>, _ confidence: Confidence, _ reason: Reason) -> Self {
        let keys = Set(keys).sorted()
        return keys.isEmpty ? nothing(reason) : Self(attached: keys, confidence: confidence, reason: reason)
    }

    static func ambiguous(_ keys: some Sequence<Key>, _ reason: Reason) -> Self {
        let keys = Set(keys).sorted()
        return keys.isEmpty ? nothing(reason) : Self(candidates: keys, confidence: .ambiguous, reason: reason)
    }
}

/// What matching says of one message.
package struct Attachment: Hashable, Sendable {
    package var direction: Direction
    package var creators: Finding<CreatorID>
    /// At most one campaign is attached.
    package var campaigns: Finding<CampaignID>
    package var channel: Channel
    package var countsAsReply: Bool
    /// Not to be trusted (MATCHING §3): at most candidates.
    package var isSuspicious: Bool
    /// Bulk mail from nobody we know, or a report about nothing we sent (MATCHING §4).
    package var isNoise: Bool
    /// All that it carries, fresh or not; sorted.
    package var signals: [Signal]

    package init(
        direction: Direction,
        creators: Finding<CreatorID> = Finding(),
        campaigns: Finding<CampaignID> = Finding(),
        channel: Channel = .email,
        countsAsReply: Bool = false,
        isSuspicious: Bool = false,
        isNoise: Bool = false,
        signals: [Signal] = []
    ) {
        self.direction = direction
        self.creators = creators
        self.campaigns = campaigns
        self.channel = channel
        self.countsAsReply = countsAsReply
        self.isSuspicious = isSuspicious
        self.isNoise = isNoise
        self.signals = signals
    }

    package var campaign: CampaignID? { campaigns.attached.first }

    /// The message's confidence: the weaker side (MATCHING §7).
    package var confidence: Confidence { creators.confidence.joined(with: campaigns.confidence) }

    /// Rule numbers and words of both sides: `5.4 known address ana@post.example; 6.6 only open campaign`.
    package var reason: String {
        [creators.reason, campaigns.reason].compactMap { $0?.description }.joined(separator: "; ")
    }

    /// The conversations the message belongs to: one per attached creator.
    package var conversations: [ConversationKey] {
        creators.attached.map { ConversationKey(creator: $0, campaign: campaign) }
    }
}

/// What a platform's or marketplace's notice tells.
package enum NotificationKind: String, CaseIterable, Hashable, Sendable {
    case directMessage = "direct-message"
    case comment
    case mention
    case like
    case follow
    /// The state of an order, an application, a delivery.
    case status
    /// Several accounts acted.
    case digest
    case security
    case marketing

    /// Whether one account acted, so that its handle names the creator (MATCHING §5.1).
    package var hasActor: Bool {
        switch self {
        case .directMessage, .comment, .mention, .like, .follow, .status: true
        case .digest, .security, .marketing: false
        }
    }

    /// Whether somebody wrote to us (MATCHING §8).
    package var isAddressedToUs: Bool { self == .directMessage }
}

/// One kind of notice and how it is recognised.
///
/// Where both texts are given, both have to fit; the subject is compared whole, the body line by
/// line, the first line that fits.
package struct Recogniser: Hashable, Sendable {
    package var kind: NotificationKind
    package var subject: TextPattern?
    package var body: TextPattern?

    package init(kind: NotificationKind, subject: TextPattern? = nil, body: TextPattern? = nil) {
        self.kind = kind
        self.subject = subject
        self.body = body
    }
}

/// A social platform that tells of its accounts' actions by mail.
package struct Platform: Hashable, Sendable {
    package var id: PlatformID
    package var name: String
    /// Other names that texts use: `insta`, `IG`.
    package var aliases: [String]
    /// Where its mail comes from; domains below these count as well.
    package var senderDomains: [DomainName]
    /// Hosts whose first path segment is a handle: `instagram.com`.
    package var profileHosts: [DomainName]
    /// In order, the first that fits decides.
    package var recognisers: [Recogniser]
    /// Whether its mail is believed only with a pass of our own server (DESIGN §8).
    ///
    /// Where false, a mail that is not suspicious is enough.
    package var needsPass: Bool

    package init(
        id: PlatformID,
        name: String,
        aliases: [String] = [],
        senderDomains: [DomainName],
        profileHosts: [DomainName] = [],
        recognisers: [Recogniser] = [],
        needsPass: Bool = true
    ) {
        self.id = id
        self.name = name
        self.aliases = aliases
        self.senderDomains = senderDomains
        self.profileHosts = profileHosts
        self.recognisers = recognisers
        self.needsPass = needsPass
    }
}

/// A marketplace that stands between creators and brands; its relay addresses are conversations.
package struct Marketplace: Hashable, Sendable {
    package var id: String
    package var name: String
    package var senderDomains: [DomainName]
    /// The form of its relay addresses: `{conversation}@relay.market.example`.
    ///
    /// An address of such a form stands for one conversation (MATCHING §5.2); other addresses of
    /// the marketplace, such as its `noreply`, do not.
    package var relayAddresses: [TextPattern]
    /// In order, the first that fits decides.
    ///
    /// `{platform}` may be a place of the template.
    package var recognisers: [Recogniser]
    package var needsPass: Bool

    package init(
        id: String,
        name: String,
        senderDomains: [DomainName],
        relayAddresses: [TextPattern] = [],
        recognisers: [Recogniser] = [],
        needsPass: Bool = true
    ) {
        self.id = id
        self.name = name
        self.senderDomains = senderDomains
        self.relayAddresses = relayAddresses
        self.recognisers = recognisers
        self.needsPass = needsPass
    }
}

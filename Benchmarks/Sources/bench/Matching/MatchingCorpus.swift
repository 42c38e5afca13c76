import Campaigns

/// A large house's records and the mail that comes to it, always the same for one size.
struct MatchingCorpus {
    enum Kind: String, CaseIterable {
        case known = "known sender"
        case reply = "unknown address in a thread"
        case platform = "platform notice"
        case relay = "marketplace relay"
        case bulk = "bulk mail"
        case stranger = "stranger"
        case agency = "agency"
        case deceiving = "made to deceive"
        case forward = "forward by the team"
        case form = "web form"
    }

    static let authservID = "mx.brand.example"

    let creators: Int

    private static let agencies = 200
    private static let campaigns = 50
    private static let sentMessages = 10_000
    private static let forms = "forms@hosted.example"

    // MARK: Records

    /// Each has a handle, half of them a second address.
    func records() -> [Creator] {
        var random = SeededRandom(seed: 1)
        return (0..<creators).map { number in
            let name = MatchingNames.name(&random)
            let addresses =
                number.isMultiple(of: 2) ? [Self.address(number), Self.second(number)] : [Self.address(number)]
            return Creator(
                id: CreatorID("c\(number)"),
                name: name,
                addresses: addresses.compactMap { Address($0) },
                handles: [Handle(Self.handle(number), on: number.isMultiple(of: 3) ? "tiktok" : "instagram")],
                agency: number.isMultiple(of: 50) ? AgencyID("a\(number / 50 % Self.agencies)") : nil
            )
        }
    }

    func directory(of records: [Creator]) -> Directory {
        Directory(
            creators: records,
            agencies: (0..<Self.agencies).map { number in
                Agency(
                    id: AgencyID("a\(number)"),
                    name: "Agency \(number)",
                    domains: [DomainName("agency\(number).example")]
                )
            },
            campaigns: (0..<Self.campaigns).map { number in
                Campaign(
                    id: CampaignID("campaign-\(number)"),
                    name: "Launch Number \(number)",
                    subjectTags: ["[L\(number)]"],
                    plusTokens: ["l\(number)"],
                    members: (0..<400).map { Membership(creator: CreatorID("c\(($0 * 997 + number * 31) % creators)")) }
                )
            },
            platforms: ["instagram", "tiktok"].map { key in
                Platform(
                    id: PlatformID(key),
                    name: key,
                    senderDomains: [DomainName("mail.\(key).example")],
                    recognisers: [
                        Self.recogniser(.digest, subject: "{handle} and {others} others sent you messages"),
                        Self.recogniser(.comment, subject: "{handle} commented on your post"),
                        Self.recogniser(.directMessage, subject: "{name} (@{handle}) sent you a message"),
                    ]
                )
            },
            marketplaces: [
                Marketplace(
                    id: "hub",
                    name: "Hub",
                    senderDomains: [DomainName("hub.example")],
                    relayAddresses: [Self.pattern("{conversation}@relay.hub.example")].compactMap { $0 },
                    recognisers: [Self.recogniser(.directMessage, body: "{handle} on {platform} wrote:")]
                )
            ],
            own: OwnIdentity(
                domains: [DomainName("brand.example")],
                mailboxes: [Address("collabs@brand.example")].compactMap { $0 },
                formSenders: [Address(Self.forms)].compactMap { $0 },
                team: [Address("ben@brand.example")].compactMap { $0 }
            )
        )
    }

    /// A fifth are at domains of their own with a local part that many have.
    private static func address(_ number: Int) -> String {
        switch number % 5 {
        case 0: "hello@studio-\(spread(number)).example"
        case 1: "first.last\(number)@gmail.com"
        case 2: "creator\(number)@mail.example"
        case 3: "name_\(number)@post\(number % 97).example"
        default: "me\(number)@site\(spread(number)).example"
        }
    }

    private static func second(_ number: Int) -> String { "other\(number)@second\(number % 1000).example" }

    private static func handle(_ number: Int) -> String { "creates.\(spread(number))" }

    /// A number that does not follow the one before, in letters.
    private static func spread(_ number: Int) -> String {
        String(UInt64(number) &* 0x9E37_79B9_7F4A_7C15 >> 20, radix: 36)
    }

    private static func pattern(_ text: String) -> TextPattern? { try? TextPattern(text) }

    private static func recogniser(_ kind: NotificationKind, subject: String? = nil, body: String? = nil) -> Recogniser
    {
        Recogniser(kind: kind, subject: subject.flatMap { pattern($0) }, body: body.flatMap { pattern($0) })
    }

    // MARK: Mail

    /// What was sent to creators before.
    func sent() -> [[UInt8]] {
        (0..<Self.sentMessages).map { number in
            Self.mail(
                from: "collabs@brand.example",
                to: Self.address(number * 37 % creators),
                subject: "Our offer \(number)",
                fields: ["Message-ID: <sent-\(number)@brand.example>"],
                text: "Hello"
            )
        }
    }

    /// One message of the stream, of the kinds as often as they come.
    func message(_ number: Int, _ random: inout SeededRandom) -> (Kind, [UInt8]) {
        let creator = random.below(creators)
        let kind = Self.kinds[number % Self.kinds.count]
        let text = Self.text(&random)
        let unknown = "someone\(number)@elsewhere\(number % 5000).example"
        let pass = "Authentication-Results: \(Self.authservID); dmarc=pass"
        switch kind {
        case .known: return (kind, Self.mail(from: Self.address(creator), subject: "Hello", text: text))
        case .reply:
            let answered = "In-Reply-To: <sent-\(random.below(Self.sentMessages))@brand.example>"
            return (kind, Self.mail(from: unknown, subject: "Re: Our offer", fields: [answered], text: text))
        case .platform:
            let key = creator.isMultiple(of: 3) ? "tiktok" : "instagram"
            let subject = "Somebody (@\(Self.handle(creator))) sent you a message"
            return (kind, Self.mail(from: "no-reply@mail.\(key).example", subject: subject, fields: [pass], text: text))
        case .relay:
            let line = "\(Self.handle(creator)) on \(creator.isMultiple(of: 3) ? "TikTok" : "Instagram") wrote:\r\n"
            let from = "conversation-\(number)@relay.hub.example"
            return (kind, Self.mail(from: from, subject: "New message", fields: [pass], text: line + text))
        case .bulk:
            let field = "List-Unsubscribe: <mailto:leave@news.example>"
            return (kind, Self.mail(from: unknown, subject: "News", fields: [field], text: text))
        case .stranger:
            let from = random.happens(percent: 30) ? "hello@studio-\(Self.spread(number + creators))x.example" : unknown
            return (
                kind, Self.mail(from: from, subject: "A question", text: "I saw @\(Self.handle(creator)).\r\n" + text)
            )
        case .agency:
            let from = "agent@agency\(random.below(Self.agencies)).example"
            return (kind, Self.mail(from: from, subject: "@\(Self.handle(creator / 50 * 50))", text: text))
        case .deceiving:
            let known = Self.address(creator)
            let from =
                random.happens(percent: 50) ? "\"\(known)\" <\(unknown)>" : known.replacing("e", with: "е") + ".test"
            return (kind, Self.mail(from: from, subject: "Invoice", text: text))
        case .forward:
            let block =
                "---------- Forwarded message ---------\r\nFrom: Her <\(Self.address(creator))>\r\n"
                + "Date: Mon, 2 Mar 2026 10:00\r\nSubject: Rates\r\nTo: ben@brand.example\r\n\r\n"
            return (kind, Self.mail(from: "ben@brand.example", subject: "Fwd: Rates", text: block + text))
        case .form:
            let field = "Reply-To: \(Self.address(creator))"
            return (kind, Self.mail(from: Self.forms, subject: "Form", fields: [field], text: text))
        }
    }

    /// Of a hundred messages.
    private static let kinds: [Kind] = {
        let shares: [(Kind, Int)] = [
            (.known, 30), (.reply, 10), (.platform, 15), (.relay, 5), (.bulk, 10), (.stranger, 12), (.agency, 6),
            (.deceiving, 6), (.forward, 3), (.form, 3),
        ]
        return shares.flatMap { Array(repeating: $0.0, count: $0.1) }
    }()

    private static func mail(
        from: String,
        to: String = "collabs@brand.example",
        subject: String,
        fields: [String] = [],
        text: String
    ) -> [UInt8] {
        let lines = ["From: \(from)", "To: \(to)", "Subject: \(subject)"] + fields + ["", text]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// From a few lines to about four KiB, as people write.
    private static func text(_ random: inout SeededRandom) -> String {
        let lines = 3 + random.below(random.happens(percent: 20) ? 60 : 15)
        let body = (0..<lines).map { _ in
            (0..<10).map { _ in MatchingNames.word(&random).lowercased() }.joined(separator: " ")
        }
        return "Hi,\r\n" + body.joined(separator: ".\r\n") + "\r\nLaunch is soon.\r\nThanks\r\n"
    }
}

import Campaigns
import Message
import Testing

/// A small world of records that the suites share, and shorthand for messages in it.
enum World {
    static let own = OwnIdentity(
        domains: [DomainName("brand.example")],
        mailboxes: [address("collabs@brand.example")],
        formSenders: [address("forms@hosted.example")],
        team: [address("ben@brand.example")]
    )

    static let creators = [
        Creator(
            id: "ana",
            name: "Ana Torres",
            addresses: [address("ana@post.example"), address("ana.torres@gmail.com")],
            handles: [Handle("ana.creates", on: "instagram"), Handle("anatok", on: "tiktok")]
        ),
        Creator(
            id: "bo",
            name: "Bo Lindqvist",
            addresses: [address("bo@studio.example")],
            handles: [Handle("bo_films", on: "youtube"), Handle("twin", on: "tiktok")]
        ),
        Creator(
            id: "cleo",
            name: "Cleo Marsh",
            addresses: [address("cleo@münchen.example")],
            handles: [Handle("cleo", on: "instagram"), Handle("twin", on: "instagram")]
        ),
        Creator(
            id: "mia",
            name: "Mia Chen",
            otherNames: ["陈美雅"],
            handles: [Handle("mia.c", on: "instagram")],
            agency: "stars"
        ),
        Creator(id: "mina", name: "Mina Chen", addresses: [address("mina@own.example")], agency: "stars"),
        Creator(id: "kim", name: "Kim Minji", otherNames: ["김민지"], agency: "stars"),
    ]

    static let agencies = [
        Agency(
            id: "stars",
            name: "Stars",
            addresses: [address("stars.agency@gmail.com")],
            domains: [DomainName("stars.example")]
        )
    ]

    static let campaigns = [
        Campaign(
            id: "spring",
            name: "Spring Glow",
            subjectTags: ["[SPRING26]"],
            plusTokens: ["spring"],
            members: [
                Membership(creator: "ana", startingStage: .negotiating), Membership(creator: "mia"),
                Membership(creator: "cleo"),
            ]
        ),
        Campaign(
            id: "summer",
            name: "Summer Tour",
            aliases: ["여름 투어"],
            plusTokens: ["summer"],
            members: [
                Membership(creator: "cleo", startingStage: .replied),
                Membership(creator: "bo", startingStage: .declined),
            ]
        ),
        Campaign(
            id: "winter",
            name: "Winter",
            status: .completed,
            plusTokens: ["winter"],
            members: [Membership(creator: "ana", startingStage: .completed)]
        ),
    ]

    static let platforms = [
        Platform(
            id: "instagram",
            name: "Instagram",
            senderDomains: [DomainName("mail.instagram.example")],
            recognisers: [
                recogniser(.digest, subject: "{handle} and {others} others sent you messages"),
                recogniser(.directMessage, subject: "{name} (@{handle}) sent you a message"),
                recogniser(.comment, subject: "{handle} commented on your post"),
                recogniser(.security, subject: "New login for {handle}"),
            ]
        )
    ]

    static let marketplaces = [
        Marketplace(
            id: "hub",
            name: "Hub",
            senderDomains: [DomainName("hub.example")],
            relayAddresses: [pattern("{conversation}@relay.hub.example")],
            recognisers: [recogniser(.directMessage, body: "{handle} on {platform} wrote:")]
        )
    ]

    static let directory = Directory(
        creators: creators,
        agencies: agencies,
        campaigns: campaigns,
        platforms: platforms,
        marketplaces: marketplaces,
        own: own
    )

    static func match(_ input: MatchInput, _ threads: ThreadHistory = ThreadHistory()) -> Campaigns.Attachment {
        Matcher(directory: directory, authservID: "mx.brand.example").match(input, in: threads)
    }

    /// The history of messages matched one after the other.
    static func history(_ inputs: MatchInput...) -> ThreadHistory {
        var history = ThreadHistory()
        for input in inputs { history.record(input, match(input, history), in: directory) }
        return history
    }

    static func inbound(
        from: String,
        name: String = "",
        to: [String] = ["collabs@brand.example"],
        id: String? = nil,
        answering: String? = nil,
        subject: String = "Hello",
        text: String = "",
        passed: Bool = false
    ) -> MatchInput {
        MatchInput(
            from: [Correspondent(name: name, address: address(from))],
            to: to.map { Correspondent(address: address($0)) },
            messageID: id,
            inReplyTo: answering.map { [$0] } ?? [],
            subject: subject,
            authenticationResults: passed ? [verdict("mx.brand.example; dmarc=pass")] : [],
            freshText: text
        )
    }

    static func outbound(
        to: [String],
        from: String = "collabs@brand.example",
        id: String? = nil,
        answering: String? = nil,
        subject: String = "Our offer"
    ) -> MatchInput {
        inbound(from: from, to: to, id: id, answering: answering, subject: subject)
    }

    static func verdict(_ text: String) -> AuthenticationResults {
        guard let verdict = AuthenticationResults(Array(text.utf8)) else { preconditionFailure("no results: \(text)") }
        return verdict
    }

    static func address(_ text: String) -> Campaigns.Address {
        guard let address = Campaigns.Address(text) else { preconditionFailure("no address: \(text)") }
        return address
    }

    private static func recogniser(
        _ kind: NotificationKind,
        subject: String? = nil,
        body: String? = nil
    ) -> Recogniser {
        Recogniser(kind: kind, subject: subject.map { pattern($0) }, body: body.map { pattern($0) })
    }

    static func pattern(_ text: String) -> TextPattern {
        do { return try TextPattern(text) } catch { preconditionFailure("no pattern: \(text): \(error)") }
    }
}

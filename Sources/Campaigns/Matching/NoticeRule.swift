internal import Text

// MATCHING §5.1, §5.2: platforms and marketplaces tell of others' actions.

extension Inquiry {
    /// §5.1: a platform's notification goes by the handle of the account that acted.
    func platformNotice() -> Attachment? {
        guard let from = input.from.first?.address,
            case .platform(let number) = directory.senders.sender(at: from.key.domain)
        else { return nil }
        let platform = directory.platforms[number]
        guard !platform.needsPass || authentication.proves(from.key.domain) else {
            return unproven("5.1", platform.name)
        }
        var attachment = Attachment(direction: .inbound, channel: Channel(platform.id))
        guard let notice = Notice(in: input, platform.recognisers) else {
            attachment.creators = .nothing(Reason("5.1", "\(platform.id) notice of no known kind"))
            attachment.isNoise = isBulk
            return attachment
        }
        guard notice.kind.hasActor, let handle = notice.handle else {
            attachment.creators = .nothing(Reason("5.1", "\(platform.id) \(notice.kind.rawValue) notice"))
            attachment.isNoise = isBulk
            return attachment
        }
        let owners = directory.handles.creators(of: handle, on: platform.id)
        let reason = Reason("5.1", "\(platform.id) \(notice.kind.rawValue) of @\(handle)")
        switch owners.count {
        case 0: attachment.creators = .nothing(Reason("5.1", reason.words + ", in no record"))
        case 1: attachment.creators = .certain(ids(owners), reason)
        default: attachment.creators = .ambiguous(ids(owners), reason)
        }
        attachment.campaigns = campaigns(of: attachment.creators, in: input.text)
        attachment.countsAsReply = notice.kind.isAddressedToUs
        return attachment
    }

    /// §5.2: mail from a marketplace, by its template or by the relay address.
    func marketplaceMail() -> Attachment? {
        guard let from = input.from.first?.address,
            case .marketplace(let number) = directory.senders.sender(at: from.key.domain)
        else { return nil }
        let marketplace = directory.marketplaces[number]
        guard !marketplace.needsPass || authentication.proves(from.key.domain) else {
            return unproven("5.2", marketplace.name)
        }
        var attachment = Attachment(direction: .inbound, channel: .marketplace)
        let notice = Notice(in: input, marketplace.recognisers)
        attachment.countsAsReply = notice?.kind.isAddressedToUs ?? true
        if let notice, notice.kind.hasActor, let found = named(by: notice, marketplace) {
            attachment.creators = found
        } else if let found = relayCreators((input.from + input.replyTo).map(\.address.key)) {
            attachment.creators = found
        } else {
            attachment.creators = .nothing(Reason("5.2", "\(marketplace.id) names nobody we know"))
            attachment.isNoise = isBulk
            return attachment
        }
        // A digest of many stays noise, whatever stands in it (§4.1).
        if isBulk, notice?.kind.hasActor != true {
            attachment.creators = .nothing(Reason("4.1", "bulk mail of \(marketplace.id)"))
            attachment.isNoise = true
            return attachment
        }
        attachment.campaigns = campaigns(of: attachment.creators, in: input.text)
        return attachment
    }

    /// A notice that nothing proves is nobody's, and no other rule may take what stands in it for a
    /// sender's own words (INV-5).
    private func unproven(_ rule: String, _ name: String) -> Attachment {
        Attachment(
            direction: .inbound,
            creators: .nothing(Reason(rule, "\(name) notice without a pass")),
            isNoise: isBulk
        )
    }

    /// A relay address is a thread of its own: the creator of the conversation, ids or not.
    func relayCreators(_ addresses: [AddressKey]) -> Finding<CreatorID>? {
        guard let (address, message) = relayMessage(addresses), !message.creators.attached.isEmpty else { return nil }
        return .certain(message.creators.attached, Reason("5.2", "relay address \(address)"))
    }

    /// The newest message of the relay conversation that the message belongs to.
    func relayMessage(_ addresses: [AddressKey]) -> (AddressKey, KnownMessage)? {
        for address in addresses where directory.isRelay(address) {
            if let message = threads.newestMessage(withRelay: address) { return (address, message) }
        }
        return nil
    }

    var goesToRelay: Bool {
        !directory.marketplaces.isEmpty && input.recipients.contains { directory.isRelay($0.address.key) }
    }

    private func named(by notice: Notice, _ marketplace: Marketplace) -> Finding<CreatorID>? {
        guard let handle = notice.handle else { return nil }
        let platform = notice.platform.flatMap { directory.handles.platformNames[$0] }
        if notice.platform != nil, platform == nil { return nil }
        let owners = directory.handles.creators(of: handle, on: platform)
        let reason = Reason("5.2", "\(marketplace.id) names @\(handle)" + (platform.map { " on \($0)" } ?? ""))
        switch owners.count {
        case 0: return nil
        case 1: return .certain(ids(owners), reason)
        default: return .ambiguous(ids(owners), reason)
        }
    }
}

/// A notice that one of the recognisers knows: its kind and what stands at its places.
struct Notice {
    let kind: NotificationKind
    let handle: String?
    let platform: String?

    init?(in input: MatchInput, _ recognisers: [Recogniser]) {
        let lines = input.text.split(whereSeparator: \.isNewline).prefix(Self.linesRead)
            .filter { $0.utf8.count <= Self.longestLine }
            .map { TextPattern.Line(String($0)) }
        let title = TextPattern.Line(String(input.subject.prefix(Self.longestLine)))
        for recogniser in recognisers {
            guard recogniser.subject != nil || recogniser.body != nil else { continue }
            var places: [[String: String]] = []
            if let subject = recogniser.subject {
                guard let found = subject.matches(title) else { continue }
                places.append(found)
            }
            if let body = recogniser.body {
                guard let found = lines.lazy.compactMap({ body.matches($0) }).first else { continue }
                places.append(found)
            }
            let handles = Set(places.compactMap { $0["handle"].map { HandleName.normalised($0) } })
            kind = recogniser.kind
            // Subject and body that name two accounts name nobody.
            handle = handles.count == 1 ? handles.first : nil
            platform = places.compactMap { $0["platform"] }.first
            return
        }
        return nil
    }

    /// The frame of a notice stands at its top; what is quoted follows.
    private static let linesRead = 200
    /// Longer lines are no frame's.
    private static let longestLine = 500
}

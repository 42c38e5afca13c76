internal import Text

// MATCHING §6: the campaign.

/// The campaigns whose tag, name or alias stands in the subject as a whole phrase.
struct SubjectPhrases: Sendable {
    let campaigns: Set<CampaignID>

    /// In a forward the forwarded subject counts as well.
    init(_ subjects: [String], _ directory: Directory) {
        campaigns = subjects.reduce(into: []) { $0.formUnion(directory.campaignsNamed(in: $1)) }
    }
}

extension Directory {
    /// The campaigns named in a text by tag, full name or alias.
    func campaignsNamed(in text: String) -> Set<CampaignID> {
        guard !campaignPhrases.isEmpty, !text.isEmpty else { return [] }
        return Set(campaignPhrases.hits(in: FoldedText(text)).map { campaigns[$0.payload].id })
    }
}

extension Inquiry {
    /// All plus tokens and subject tags of the message (§6.1, §6.2).
    static func signals(
        of input: MatchInput,
        _ direction: Direction,
        _ subject: SubjectPhrases,
        _ directory: Directory
    ) -> Set<Signal> {
        var signals = Set(subject.campaigns.map { Signal(.tag, $0) })
        var addresses = input.recipients.map(\.address) + input.deliveredTo
        if direction == .outbound { addresses += (input.from + input.replyTo).map(\.address) }
        for address in addresses where directory.isOwn(address) {
            // From the spelling, for the key of a gmail address has lost its token.
            guard let plus = address.local.firstIndex(of: "+") else { continue }
            let token = CaseFolding.simple(String(address.local[address.local.index(after: plus)...]))
            for number in directory.tokens[token] { signals.insert(Signal(.token, directory.campaigns[number].id)) }
        }
        return signals
    }

    /// Signals that the parent did not carry; all of them outside a thread of these creators (§0).
    func freshSignals(for creators: [CreatorID]) -> [Signal] {
        guard let parent = thread.parent, isThread(parent, of: creators) else { return signals.sorted() }
        return signals.subtracting(parent.signals).sorted()
    }

    /// The campaign of a message with these creators.
    ///
    /// Campaigns' names are looked for (§6.5) in the fresh text, or in `text`: the whole notice of
    /// a platform or marketplace.
    func campaigns(of creators: Finding<CreatorID>, in text: String? = nil) -> Finding<CampaignID> {
        let keys = creators.keys
        guard !keys.isEmpty else { return strangersCampaign() }
        if let signalled = signalledCampaign(creators) { return signalled }
        if let inherited = inheritedCampaign(keys) { return inherited }
        // A creator who is only a candidate decides nothing more, and internal mail keeps what its
        // thread has (§5.10).
        guard !creators.attached.isEmpty else { return .nothing() }
        if direction == .internal, forward == nil { return .nothing() }
        return campaignOfSubjectThread(keys)
            ?? campaignNamed(in: text ?? input.freshText, creators)
            ?? onlyOpenCampaign(keys)
    }

    /// §6.1, §6.2.
    private func signalledCampaign(_ creators: Finding<CreatorID>) -> Finding<CampaignID>? {
        let fresh = freshSignals(for: creators.keys)
        let found = Set(fresh.map(\.campaign))
        guard let first = fresh.first else { return nil }
        guard found.count == 1 else {
            return .ambiguous(found, Reason("6.2", "signals of several campaigns"))
        }
        let token = fresh.contains { $0.kind == .token }
        let reason = Reason(
            token ? "6.1" : "6.2",
            (token ? "plus token of " : "subject names ") + first.campaign.rawValue
        )
        // The team's own token stands; of others, a campaign that is not the creator's is a question.
        let isTeams = direction == .outbound || (direction == .internal && token)
        if !isTeams, let conflict = conflict(first.campaign, creators, reason) { return conflict }
        return .certain([first.campaign], reason)
    }

    /// §6.3: the campaign of the thread, by id or by relay address.
    private func inheritedCampaign(_ creators: [CreatorID]) -> Finding<CampaignID>? {
        if let parent = thread.parent, isThread(parent, of: creators), !parent.campaigns.attached.isEmpty {
            let reason = Reason("6.3", "thread of \(parent.messageID)")
            let confidence = direction == .internal && forward == nil ? .certain : parent.campaigns.confidence
            return .attached(parent.campaigns.attached, confidence, reason)
        }
        guard !directory.marketplaces.isEmpty,
            let (address, message) = relayMessage((input.from + input.replyTo + input.recipients).map(\.address.key)),
            isThread(message, of: creators), !message.campaigns.attached.isEmpty
        else { return nil }
        return .attached(
            message.campaigns.attached,
            message.campaigns.confidence,
            Reason("6.3", "conversation of \(address)")
        )
    }

    /// §6.4: a reply whose ids lead nowhere, with the subject of a message of the same creator.
    private func campaignOfSubjectThread(_ creators: [CreatorID]) -> Finding<CampaignID>? {
        guard thread.messages.isEmpty else { return nil }
        let subject = SubjectLine(input.subject)
        guard subject.kind == .reply, !subject.key.isEmpty,
            let message = threads.newestMessage(withAnyOf: creators, baseSubject: subject.key),
            isThread(message, of: creators), !message.campaigns.attached.isEmpty
        else { return nil }
        return .likely(message.campaigns.attached, Reason("6.4", "reply with the subject of \(message.messageID)"))
    }

    /// §6.5: exactly one campaign's name in the text.
    private func campaignNamed(in text: String, _ creators: Finding<CreatorID>) -> Finding<CampaignID>? {
        let named = directory.campaignsNamed(in: text)
        guard named.count == 1, let campaign = named.first else { return nil }
        let reason = Reason("6.5", "text names \(campaign)")
        if direction == .inbound, let conflict = conflict(campaign, creators, reason) { return conflict }
        return .likely([campaign], reason)
    }

    /// §6.6: the only open campaign, of several creators the only one they share.
    private func onlyOpenCampaign(_ creators: [CreatorID]) -> Finding<CampaignID> {
        var open = Set(creators.first.map { directory.openCampaigns(of: $0) } ?? [])
        for creator in creators.dropFirst() { open.formIntersection(directory.openCampaigns(of: creator)) }
        switch open.count {
        case 0: return .nothing(Reason("6.6", "no open campaign"))
        case 1: return .likely(open, Reason("6.6", "only open campaign"))
        default: return .ambiguous(open, Reason("6.6", "several open campaigns"))
        }
    }

    /// §6.7: a stranger's plus token gives the campaign alone.
    private func strangersCampaign() -> Finding<CampaignID> {
        guard direction == .inbound else { return .nothing() }
        let tokens = Set(signals.filter { $0.kind == .token }.map(\.campaign))
        guard let first = tokens.first else { return .nothing() }
        return tokens.count == 1
            ? .likely([first], Reason("6.7", "plus token of \(first)"))
            : .ambiguous(tokens, Reason("6.7", "plus tokens of several campaigns"))
    }

    /// §6, membership: a campaign in which a creator has no record stands beside the creator's
    /// open ones, for a person.
    private func conflict(
        _ campaign: CampaignID,
        _ creators: Finding<CreatorID>,
        _ reason: Reason
    ) -> Finding<CampaignID>? {
        guard creators.attached.contains(where: { directory.stage(of: $0, in: campaign) == nil }) else { return nil }
        let open = creators.attached.flatMap { directory.openCampaigns(of: $0) }
        return .ambiguous([campaign] + open, Reason(reason.rule, reason.words + ", where the creator has no record"))
    }

    private func isThread(_ message: KnownMessage, of creators: [CreatorID]) -> Bool {
        message.creators.keys.contains { creators.contains($0) }
    }
}

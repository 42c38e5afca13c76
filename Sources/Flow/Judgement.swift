internal import Base
internal import Campaigns
internal import Config
internal import Message
internal import Outbound
internal import Policy
internal import SMTPWire
internal import Store
internal import Text
internal import Triage

/// What is known of an outbound message before its transaction, and the verdict inside of it.
struct Judgement: Sendable {
    let rulebook: Rulebook
    let author: MemberID
    let envelope: SMTPWire.Envelope
    let selectors: [CampaignID]
    let input: MatchInput
    let reading: OutboundReading
    /// The message itself, where it was handed in before and is judged again.
    var earlier: Earlier?

    /// A message that is in the store already: it is no colleague's mail, and delays run from when it was
    /// handed in.
    struct Earlier {
        let id: OutboundID
        let submittedAt: Timestamp
    }

    /// Matches and judges with the records as the transaction sees them.
    func verdict(_ transaction: ReadTransaction, at now: Timestamp) throws(StoreError) -> (Attachment, Verdict) {
        try verdict(StoredRecords(transaction: transaction), at: now)
    }

    /// Matches and judges with these records.
    func verdict(_ records: some JudgedRecords, at now: Timestamp) throws(StoreError) -> (Attachment, Verdict) {
        let matcher = Matcher(directory: rulebook.directory, authservID: nil)
        let attachment = matcher.match(input, in: records.threads)
        let campaigns = candidateCampaigns(attachment)
        guard !campaigns.isEmpty else {
            return (attachment, rulebook.rules.decide(try facts(attachment, nil, records, now)))
        }
        // Where campaigns remain open, it is judged under all of them and the verdicts are joined
        // (DESIGN §1).
        var verdicts: [Verdict] = []
        for campaign in campaigns {
            verdicts.append(rulebook.rules.decide(try facts(attachment, campaign, records, now)))
        }
        let joined = verdicts.dropFirst().reduce(verdicts[0]) { $0.joined($1) }
        guard selectors.isEmpty, verdicts.contains(where: { !$0.asksTheSame(as: verdicts[0]) }) else {
            return (attachment, joined)
        }
        return (attachment, joined.joined(OpenCampaign.question(campaigns)))
    }

    private func candidateCampaigns(_ attachment: Attachment) -> [CampaignID] {
        if !selectors.isEmpty { return selectors }
        if let campaign = attachment.campaign { return [campaign] }
        return attachment.campaigns.candidates
    }

    private func facts(
        _ attachment: Attachment,
        _ campaign: CampaignID?,
        _ records: some JudgedRecords,
        _ now: Timestamp
    ) throws(StoreError) -> Facts {
        var collaborators: [Facts.Collaborator] = []
        for creator in attachment.creators.keys {
            collaborators.append(try collaborator(creator, campaign, records, now))
        }
        let configured = campaign.flatMap { rulebook.directory.campaign($0) }
        let isInThread = try isInCreatorThread(records)
        let templates = configured.map { Templates(of: $0, self, attachment, isInThread) }
        var facts = Facts(
            now: now,
            submittedAt: earlier?.submittedAt,
            sender: author,
            senderGroups: rulebook.groups(of: author),
            recipients: envelope.recipients.map { recipient($0.address) },
            campaign: campaign,
            collaborators: collaborators,
            channel: attachment.channel,
            isInCreatorThread: isInThread,
            subject: input.subject,
            text: reading.freshText,
            searched: reading.main.searched,
            amounts: reading.main.amounts,
            terms: reading.main.terms,
            requests: reading.main.requests,
            attachments: reading.files,
            template: templates?.template(of: reading.freshText),
            alternatives: reading.alternatives.map { other in
                var said = other.said
                said.template = other.fresh.flatMap { templates?.template(of: $0) }
                return said
            },
            asides: reading.asides,
            isShownInDoubt: reading.isShownInDoubt,
            unread: reading.unread,
            hasInternalContent: reading.hasInternalContent,
            calendar: configured?.calendar ?? rulebook.configuration.gateway.calendar,
            undoTime: rulebook.undoTime
        )
        facts.forms = reading.forms
        return facts
    }

    /// Says of texts whose template they are, with nothing of the author's own beside it: an answer keeps the
    /// subject of its thread, other mail has the template's.
    private struct Templates {
        private let templates: [MailTemplate]
        private let values: MailTemplate.Values

        init(of campaign: Campaign, _ judgement: Judgement, _ attachment: Campaigns.Attachment, _ isInThread: Bool) {
            let rulebook = judgement.rulebook
            guard rulebook.rules.readsTemplates, !campaign.templates.isEmpty else {
                (templates, values) = ([], [:])
                return
            }
            let house = rulebook.configuration.gateway.brand
            let sender = rulebook.member(judgement.author)?.name ?? judgement.author.rawValue
            let values: MailTemplate.Values = [
                .name: attachment.creators.keys.flatMap { judgement.names(of: $0) },
                .campaign: [campaign.name],
                .brand: [campaign.brand.isEmpty ? house : campaign.brand],
                .sender: Judgement.spellings(sender),
            ]
            let subject = MailTemplate.Compared(judgement.input.subject)
            let isAnswer = isInThread && SubjectLine(judgement.input.subject).kind == .reply
            templates = campaign.templates.filter { isAnswer || $0.isSubject(subject, values) }
            self.values = values
        }

        func template(of text: String) -> TemplateID? {
            guard !templates.isEmpty else { return nil }
            let text = MailTemplate.Compared(text)
            return templates.first { $0.isUnchanged(text, values) }?.id
        }
    }

    private func names(of creator: CreatorID) -> [String] {
        guard let record = rulebook.directory.creator(creator) else { return [] }
        return ([record.name] + record.otherNames).flatMap(Self.spellings)
    }

    /// A name, and its first word.
    private static func spellings(_ name: String) -> [String] {
        [name] + name.split(separator: " ").prefix(1).map(String.init)
    }

    private func collaborator(
        _ creator: CreatorID,
        _ campaign: CampaignID?,
        _ records: some JudgedRecords,
        _ now: Timestamp
    ) throws(StoreError) -> Facts.Collaborator {
        let configured = campaign.flatMap { rulebook.directory.campaign($0) }
        let membership = configured?.members.first { $0.creator == creator }
        let rules = rulebook.rules
        let stages = try campaign.flatMap { campaign throws(StoreError) in
            try records.stages(of: creator, in: campaign, at: now, guards: rules.readsStages ? guards(configured) : nil)
        }
        let contact = try records.contact(
            with: creator,
            author: author,
            message: earlier,
            at: now,
            lookBack: rules.lookBack
        )
        let record = rulebook.directory.creator(creator)
        let stage = stages?.current ?? campaign.flatMap { rulebook.directory.stage(of: creator, in: $0) }
        return Facts.Collaborator(
            creator: creator,
            campaign: campaign,
            stage: stage,
            formerStages: stages?.former ?? [],
            ceiling: configured?.ceiling,
            agreedRate: membership?.agreedRate,
            approvedTerms: membership?.approvedTerms ?? configured?.approvedTerms ?? ApprovedTerms(),
            onFile: record.map { OnFile.data(of: $0, agreedRate: membership?.agreedRate) } ?? [],
            isFirstContact: contact.isFirst,
            colleagueWroteAt: contact.colleagueWroteAt,
            hasWaitingColleague: contact.hasWaitingColleague,
            colleague: contact.colleague,
            creatorWroteAt: contact.lastInbound,
            contacts: contact.sent,
            isClosed: record?.preferences.isClosed ?? false
        )
    }

    /// Whose moves of a stage count at once (INV-10).
    private func guards(_ campaign: Campaign?) -> Set<MemberID> {
        guard let group = campaign?.guardingGroup else { return [] }
        return Set(rulebook.configuration.team.members(ofGroup: group))
    }

    private func recipient(_ address: EnvelopeAddress) -> Facts.Recipient {
        let known = KnownAddress(local: address.localPart, domain: address.domain)
        let directory = rulebook.directory
        let kind: Facts.RecipientKind =
            if directory.isOwn(known) {
                .internal
            } else if !directory.creators(listing: known).isEmpty {
                .creator
            } else if directory.agency(of: known) != nil {
                .agency
            } else if directory.isPlatform(known) {
                .platform
            } else {
                .unknown
            }
        return Facts.Recipient(kind: kind, domain: ASCII.lowercased(address.domain))
    }

    private func isInCreatorThread(_ records: some JudgedRecords) throws(StoreError) -> Bool {
        try records.isThreadOfCreator(input.inReplyTo + input.references)
    }
}

extension Verdict {
    /// Whether two verdicts come to the same for the message, whatever led to them.
    fileprivate func asksTheSame(as other: Self) -> Bool {
        outcome == other.outcome && notBefore == other.notBefore && approvals == other.approvals
    }
}

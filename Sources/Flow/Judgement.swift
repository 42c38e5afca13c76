internal import Base
internal import Campaigns
internal import Config
internal import Message
internal import Outbound
internal import Policy
internal import SMTPWire
internal import Store
internal import Triage

/// What is known of an outbound message before its transaction, and the verdict inside of it.
struct Judgement: Sendable {
    let rulebook: Rulebook
    let author: MemberID
    let envelope: SMTPWire.Envelope
    let selectors: [CampaignID]
    let input: MatchInput
    let reading: OutboundReading

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
        var verdict: Verdict?
        for campaign in campaigns {
            let one = rulebook.rules.decide(try facts(attachment, campaign, records, now))
            verdict = verdict?.joined(one) ?? one
        }
        return (attachment, verdict ?? .unrestricted)
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
            collaborators.append(try collaborator(creator, campaign, records))
        }
        return Facts(
            now: now,
            sender: author,
            senderGroups: rulebook.groups(of: author),
            recipients: envelope.recipients.map { recipient($0.address) },
            collaborators: collaborators,
            isInCreatorThread: isInCreatorThread(records.threads),
            form: reading.form,
            subject: input.subject,
            text: reading.freshText,
            amounts: reading.amounts,
            attachments: reading.attachments.map { "\($0.name ?? "") \($0.mediaType)".lowercased() },
            hasInternalContent: reading.hasInternalContent
        )
    }

    private func collaborator(
        _ creator: CreatorID,
        _ campaign: CampaignID?,
        _ records: some JudgedRecords
    ) throws(StoreError) -> Facts.Collaborator {
        let stage = try campaign.flatMap { campaign throws(StoreError) in
            try records.stage(of: creator, in: campaign)
        }
        let contact = try records.contact(with: creator)
        let configured = campaign.flatMap { rulebook.directory.campaign($0) }
        return Facts.Collaborator(
            creator: creator,
            campaign: campaign,
            stage: stage ?? campaign.flatMap { rulebook.directory.stage(of: creator, in: $0) },
            ceiling: configured?.ceiling,
            agreedRate: configured?.members.first { $0.creator == creator }?.agreedRate,
            isFirstContact: contact.lastInbound == nil && contact.lastOutbound == nil,
            colleagueWroteAt: contact.lastOutbound,
            isClosed: rulebook.directory.creator(creator)?.preferences.isClosed ?? false
        )
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

    private func isInCreatorThread(_ threads: some ThreadIndex) -> Bool {
        (input.inReplyTo + input.references).contains { id in
            threads.messages(withID: id).contains { !$0.creators.keys.isEmpty }
        }
    }
}

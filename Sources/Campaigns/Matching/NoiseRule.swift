// MATCHING §4: bulk mail and machines.

extension Inquiry {
    var isBulk: Bool { input.marks.isBulk && !isAutomatic }

    /// Written by a machine: an automatic reply, a report, a receipt.
    var isAutomatic: Bool { input.marks.isAutomaticReply || input.report != nil }

    /// §4.1 and §4.2; `nil` for mail that is no bulk mail.
    func bulkMail() -> Attachment? {
        guard isBulk else { return nil }
        if let known = knownSender() {
            var creators = known
            if let reason = known.reason { creators.reason = Reason("4.2", "bulk mail, " + reason.words) }
            return Attachment(direction: .inbound, creators: creators)
        }
        return Attachment(
            direction: .inbound,
            creators: .nothing(Reason("4.1", "bulk mail from no creator")),
            isNoise: true
        )
    }

    /// §4.3: a report or receipt goes by the message it reports on, as surely as that one; `nil`
    /// for anything else.
    func reported() -> Attachment? {
        guard let report = input.report else { return nil }
        let original = report.originalID.map { KnownThread(answering: $0, in: threads) } ?? thread
        guard let message = original.parent, !message.creators.keys.isEmpty else {
            return Attachment(
                direction: direction,
                creators: .nothing(Reason("4.3", "report about nothing known")),
                isNoise: true
            )
        }
        let reason = Reason("4.3", "report about \(message.messageID)")
        var creators = message.creators
        let failed = report.failedRecipients.flatMap { directory.addresses.owners(of: $0.key)?.creators ?? [] }
        let narrowed = failed.map { directory.creators[$0].id }.filter { creators.keys.contains($0) }
        if creators.keys.count > 1, !narrowed.isEmpty {
            // The message went to several; the one it did not reach decides.
            creators =
                creators.attached.isEmpty
                ? .ambiguous(narrowed, reason) : .attached(narrowed, creators.confidence, reason)
        }
        creators.reason = reason
        var campaigns = message.campaigns
        campaigns.reason = campaigns.keys.isEmpty ? nil : reason
        return Attachment(direction: direction, creators: creators, campaigns: campaigns)
    }
}

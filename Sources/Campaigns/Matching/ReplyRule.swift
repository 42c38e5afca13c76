// MATCHING §8: whether a message counts as a reply.

extension Inquiry {
    /// Written by the creator's side and addressed to us.
    ///
    /// `attachment.countsAsReply` says so far whether a notice tells of a message to us; other mail
    /// is one.
    func countsAsReply(_ attachment: Attachment) -> Bool {
        guard attachment.creators.confidence != .none, !attachment.isSuspicious, !isAutomatic else { return false }
        switch direction {
        case .outbound: return false
        case .internal:
            return forward != nil && attachment.creators.reason?.rule == "5.8"
        case .inbound:
            guard attachment.channel == .email else { return attachment.countsAsReply }
            return !isBulk
        }
    }
}

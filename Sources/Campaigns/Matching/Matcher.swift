/// Attaches messages to creators and campaigns by the rules of MATCHING.md.
///
/// Pure: the same input, records and history give the same attachment. The rules stand one
/// group to a file and are cited by number; the first that gives an answer wins.
package struct Matcher: Sendable {
    package let directory: Directory
    /// The name under which our own server (the provider's) writes Authentication-Results.
    ///
    /// `nil`: no such field is believed, and what needs a pass is not attached (DESIGN §8).
    package let authservID: String?

    package init(directory: Directory, authservID: String?) {
        self.directory = directory
        self.authservID = authservID
    }

    package func match(_ input: MatchInput, in threads: some ThreadIndex) -> Attachment {
        let inquiry = Inquiry(input, directory, threads, authservID)
        var attachment = inquiry.attachment()
        attachment.signals = inquiry.signals.sorted()
        attachment.countsAsReply = inquiry.countsAsReply(attachment)
        return attachment
    }
}

/// One message being matched: what several rules ask for, worked out once.
struct Inquiry<Threads: ThreadIndex> {
    let input: MatchInput
    let directory: Directory
    let threads: Threads
    let authentication: AuthenticationVerdict
    let direction: Direction
    let thread: KnownThread
    let subject: SubjectPhrases
    let signals: Set<Signal>
    let forward: ForwardedAuthor?

    init(_ input: MatchInput, _ directory: Directory, _ threads: Threads, _ authservID: String?) {
        self.input = input
        self.directory = directory
        self.threads = threads
        self.authentication = AuthenticationVerdict(input.authenticationResults, believing: authservID)
        self.direction = Self.direction(of: input, directory, authentication)
        self.thread = KnownThread(of: input, in: threads)
        self.forward = direction == .internal ? ForwardedAuthor(in: input, directory) : nil
        self.subject = SubjectPhrases([input.subject] + (forward?.subject.map { [$0] } ?? []), directory)
        self.signals = Self.signals(of: input, direction, subject, directory)
    }

    /// The rules of creator and campaign in their order.
    func attachment() -> Attachment {
        switch direction {
        case .inbound: return inbound()
        case .outbound:
            let creators = recipientCreators()
            return Attachment(
                direction: direction,
                creators: creators,
                campaigns: campaigns(of: creators),
                channel: goesToRelay ? .marketplace : .email
            )
        case .internal: return internalMail()
        }
    }

    private func inbound() -> Attachment {
        if let suspicion { return suspicious(suspicion) }
        if let report = reported() { return report }
        if let notice = platformNotice() { return notice }
        if let relayed = marketplaceMail() { return relayed }
        if let bulk = bulkMail() { return bulk }
        let creators = senderCreators()
        return Attachment(direction: direction, creators: creators, campaigns: campaigns(of: creators))
    }

    /// MATCHING §5.3 to §5.7, §5.9, §5.11, for a sender that is no platform and no marketplace.
    private func senderCreators() -> Finding<CreatorID> {
        formCreators()
            ?? knownSender()
            ?? agencyCreators(input.from.map(\.address))
            ?? threadCreators()
            ?? selfNamedCreators()
            ?? bystanders()
            ?? .nothing(Reason("5.11", "unknown sender"))
    }

    /// MATCHING §5.8, §5.10.
    private func internalMail() -> Attachment {
        if let report = reported() { return report }
        let creators = forwardedCreators() ?? internalThreadCreators() ?? .nothing(Reason("5.10", "internal mail"))
        return Attachment(direction: direction, creators: creators, campaigns: campaigns(of: creators))
    }
}

package import Base
package import Campaigns
internal import Config
internal import Message
package import Policy
internal import SMTPWire
internal import Store
internal import Triage

/// What Greenroom would say of a message, with nothing stored and nothing sent.
package struct Explanation: Sendable {
    package let attachment: Campaigns.Attachment
    /// Of outbound mail, and of internal mail that a member wrote; `nil` for all other.
    package let verdict: Verdict?
    /// Whose mail it would be: the member whose address From is.
    package let author: MemberID?
    /// Why there is no verdict though the message goes out.
    package let note: String?
}

/// Explains messages one after the other, as one history, by the rules of one configuration.
///
/// Pure: the same files give the same answers. What left before is taken as sent.
package struct Explainer {
    private let rulebook: Rulebook
    private let fallback: Timestamp
    private var records = RememberedRecords()

    /// `now` is the time that a message without a readable Date is judged at.
    package init(_ rulebook: Rulebook, now: Timestamp) {
        self.rulebook = rulebook
        fallback = now
    }

    /// Explains the next message of the history, whose lines end in CRLF.
    package mutating func explain(_ bytes: [UInt8]) throws -> Explanation {
        let parsed = ParsedMessage(House.withoutInternalFields(bytes))
        let input = MatchInput(parsed)
        let matcher = Matcher(directory: rulebook.directory, authservID: believedServer(input))
        var attachment = matcher.match(input, in: records.threads)
        let at = parsed.envelope.date.flatMap { MailDate($0) }?.timestamp ?? fallback
        let author = rulebook.author(of: input)
        var verdict: Verdict?
        var note: String?
        if attachment.direction != .inbound {
            if let author {
                (attachment, verdict, note) = try judge(attachment, bytes, parsed, input, author, at)
            } else {
                note = "no member writes as \(input.from.first?.address.description ?? "nobody")"
            }
        }
        remember(input, attachment, author, at)
        return Explanation(attachment: attachment, verdict: verdict, author: author, note: note)
    }

    private func judge(
        _ attachment: Campaigns.Attachment,
        _ bytes: [UInt8],
        _ parsed: ParsedMessage,
        _ input: MatchInput,
        _ author: MemberID,
        _ now: Timestamp
    ) throws -> (Campaigns.Attachment, Verdict?, String?) {
        let recipients = input.recipients.compactMap { EnvelopeAddress($0.address.description) }
        let envelope = SMTPWire.Envelope(
            sender: input.from.first.flatMap { EnvelopeAddress($0.address.description) },
            recipients: recipients.map { EnvelopeRecipient($0) }
        )
        let addressing: Addressing
        do {
            addressing = try Addressing(envelope, rulebook)
        } catch {
            return (attachment, nil, "refused: \(error)")
        }
        guard case .mail(let real, let selectors) = addressing else { return (attachment, nil, "a command") }
        let form = TransmitForm(
            submitted: bytes,
            received: "",
            now: now,
            newMessageID: "",
            commandDomain: rulebook.commandDomain
        )
        let judgement = Judgement(
            rulebook: rulebook,
            author: author,
            envelope: real,
            selectors: selectors,
            input: input,
            reading: OutboundReading(
                parsed,
                SplitText(parsed),
                input: input,
                answered: .none,
                commandDomain: rulebook.commandDomain,
                hasSignedInternalFields: form.hasSignedInternalFields
            )
        )
        let (matched, verdict) = try judgement.verdict(records, at: now)
        return (matched, verdict, nil)
    }

    /// As delivery would find it: the feeding listener's name for a local account, the account's own
    /// for one that is mirrored (RFC 8601 §5).
    private func believedServer(_ input: MatchInput) -> String? {
        let settings = rulebook.configuration.gateway
        let addresses = Set(input.deliveredTo + input.recipients.map(\.address))
        let account = settings.accounts.first { !addresses.isDisjoint(with: $0.addresses) } ?? settings.accounts.first
        if case .mirrored = account?.kind { return account?.authservID }
        let listener = settings.listeners.lazy.filter { $0.service == .lmtp }.compactMap(\.authservID).first
        return listener ?? account?.authservID
    }

    private mutating func remember(
        _ input: MatchInput,
        _ attachment: Campaigns.Attachment,
        _ author: MemberID?,
        _ at: Timestamp
    ) {
        records.threads.record(input, attachment, in: rulebook.directory)
        for creator in attachment.creators.attached {
            switch attachment.direction {
            case .inbound: records.heard[creator] = max(at, records.heard[creator] ?? at)
            case .outbound: records.sent[creator, default: []].append((author, at))
            case .internal: break
            }
        }
    }
}

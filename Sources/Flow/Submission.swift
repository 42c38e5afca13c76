internal import Base
package import Campaigns
package import Config
internal import Ledger
internal import Letters
internal import Message
internal import Outbound
internal import Policy
package import SMTPWire
internal import Store
internal import Triage

// The way out, first half (DESIGN §3): received → transmit form → match on the recipients →
// triage → verdict → one durable transaction → 250.

/// A message that a member hands in.
package struct SubmittedMessage: Sendable {
    package let envelope: SMTPWire.Envelope
    package let bytes: [UInt8]
    package let author: MemberID
    /// The label of the device password; it stands in the ledger.
    package let device: String
    /// Where the message is shown while it waits, and its Sent item.
    package let account: AccountSettings
    /// The value of the Received field.
    package let received: String

    package init(
        envelope: SMTPWire.Envelope,
        bytes: [UInt8],
        author: MemberID,
        device: String,
        account: AccountSettings,
        received: String
    ) {
        self.envelope = envelope
        self.bytes = bytes
        self.author = author
        self.device = device
        self.account = account
        self.received = received
    }
}

/// What became of a submission.
package enum SubmissionOutcome: Hashable, Sendable {
    /// It waits; the token with its version, and why in a few words.
    case held(token: String, why: String)
    /// It may leave, at once or after a while.
    case released(token: String)
    /// It was a command; what came of it.
    case commanded(String)
    /// Policy refuses it; the text is for the author.
    case rejected(token: String, why: String)
}

extension House {
    /// Takes in a submission; what it answers is durable (INV-2).
    ///
    /// Where a reload replaced the rules before its change was made, everything is read anew (DESIGN §3).
    package func submit(_ message: SubmittedMessage) async throws(HouseError) -> SubmissionOutcome {
        while true {
            if let outcome = try await submit(message, by: self.rulebook) { return outcome }
        }
    }

    private func submit(
        _ message: SubmittedMessage,
        by rulebook: Rulebook
    ) async throws(HouseError) -> SubmissionOutcome? {
        let addressing = try Addressing(message.envelope, rulebook)
        guard case .mail(let envelope, let selectors) = addressing else {
            return .commanded(try await command(message, rulebook))
        }
        let tokens = SubjectToken.all(in: Header(message.bytes).text("Subject") ?? "")
        guard tokens.isEmpty else { return try await submit(message, naming: tokens, envelope, selectors, rulebook) }
        return try await submitNew(message, envelope, selectors, rulebook)
    }

    /// Takes in a mail as a new one; a restriction of the submission's own is joined to the verdict.
    ///
    /// `nil` where these rules are not in force any more.
    func submitNew(
        _ message: SubmittedMessage,
        _ envelope: SMTPWire.Envelope,
        _ selectors: [CampaignID],
        _ rulebook: Rulebook,
        _ restriction: Verdict = .unrestricted
    ) async throws(HouseError) -> SubmissionOutcome? {
        let prepared = try await departure(of: message, envelope, selectors, rulebook)
        let outcome = try await change { transaction -> SubmissionOutcome? in
            guard self.isInForce(rulebook) else { return nil }
            var departure = Departure(prepared, in: transaction)
            departure.restriction = restriction
            return try departure.file()
        }
        if outcome != nil { outboundChanged() }
        return outcome
    }

    /// Whether these rules are still those that mail is judged by: asked inside a change, since a reload is one.
    func isInForce(_ rulebook: Rulebook) -> Bool { self.rulebook.version == rulebook.version }

    /// Everything that can be done before the transaction: the transmit form, what is read of it, the
    /// bodies taken into the store.
    func departure(
        of message: SubmittedMessage,
        _ envelope: SMTPWire.Envelope,
        _ selectors: [CampaignID],
        _ rulebook: Rulebook
    ) async throws(HouseError) -> PreparedDeparture {
        let now = time.now
        let form = TransmitForm(
            submitted: message.bytes,
            received: message.received,
            now: now,
            newMessageID: "\(Hexadecimal.encode(entropy.bytes(count: 16)))@\(rulebook.mailDomain)",
            commandDomain: rulebook.commandDomain
        )
        try checkCarriage(of: form.bytes, envelope)
        let parsed = ParsedMessage(form.submitted)
        let text = SplitText(parsed)
        var input = MatchInput(parsed, text)
        input.messageID = form.messageID
        input.addBlindRecipients(envelope)
        let answered = try await answeredMail(parsed, text, input)
        let judged = Judgement(
            rulebook: rulebook,
            author: message.author,
            envelope: envelope,
            selectors: selectors,
            input: input,
            reading: OutboundReading(
                parsed,
                text,
                input: input,
                answered: answered,
                commandDomain: rulebook.commandDomain,
                hasSignedInternalFields: form.hasSignedInternalFields
            )
        )
        return PreparedDeparture(
            message: message,
            envelope: envelope,
            form: form,
            submitted: try await keep(form.submitted),
            transmit: try await keep(form.bytes, isShown: false),
            releaseHash: ReleaseHash.of(envelope, transmitForm: form.bytes),
            judgement: judged,
            sealKey: sealKey
        )
    }
}

extension House {
    /// What the smarthost offered when it was last heard; nil where that is not known.
    package var carried: SMTPCapabilities? { smarthost.capabilities }

    /// Refuses what the smarthost, as it was last heard, cannot carry: its author can still mend it now,
    /// and it is never encoded anew behind the release hash (INV-1).
    func checkCarriage(of transmitForm: [UInt8], _ envelope: SMTPWire.Envelope) throws(HouseError) {
        guard let obstacle = carried?.obstacle(to: TransportNeeds(envelope, transmitForm)) else { return }
        throw .uncarried(obstacle)
    }
}

extension TransportObstacle {
    /// What it is and what helps.
    package var advice: String {
        switch self {
        case .tooLarge(let limit):
            "the server that sends our mail takes \(limit) octets at most; send a smaller message"
        case .missingExtension("8BITMIME"):
            "the server that sends our mail takes no 8-bit text; have your program encode it (quoted-printable)"
        case .missingExtension("SMTPUTF8"):
            "the server that sends our mail takes no addresses or header fields in UTF-8"
        case .missingExtension(let name):
            "the server that sends our mail offers no \(name)"
        }
    }
}

/// Which recipients are people and which are ours.
enum Addressing {
    /// Every recipient is a command address.
    case command
    /// Ordinary mail, without the campaign selectors, which are consumed (DESIGN §1).
    case mail(SMTPWire.Envelope, selectors: [CampaignID])

    /// INV-4: a campaign selector may stand beside real recipients; any other command address
    /// beside another recipient makes the submission refused as a whole.
    init(_ envelope: SMTPWire.Envelope, _ rulebook: Rulebook) throws(HouseError) {
        var real: [EnvelopeRecipient] = []
        var selectors: [CampaignID] = []
        var commands = 0
        for recipient in envelope.recipients {
            let address = recipient.address
            if ASCII.equalsIgnoringCase(address.domain, "campaigns." + rulebook.commandDomain) {
                let id = CampaignID(ASCII.lowercased(address.localPart))
                guard rulebook.directory.campaign(id) != nil else {
                    throw .refused("there is no campaign \(id); see the folders below Campaigns")
                }
                selectors.append(id)
            } else if rulebook.isCommandDomain(address.domain) {
                commands += 1
            } else {
                real.append(recipient)
            }
        }
        if commands > 0 {
            guard real.isEmpty, selectors.isEmpty else {
                throw .refused("a command address cannot stand beside other recipients; send two mails")
            }
            self = .command
            return
        }
        guard !real.isEmpty else { throw .refused("a campaign address alone is no recipient") }
        var rest = envelope
        rest.recipients = real
        self = .mail(rest, selectors: selectors)
    }
}

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
    package func submit(_ message: SubmittedMessage) async throws(HouseError) -> SubmissionOutcome {
        let rulebook = self.rulebook
        let addressing = try Addressing(message.envelope, rulebook)
        guard case .mail(let envelope, let selectors) = addressing else {
            return .commanded(try await command(message, rulebook))
        }
        let now = time.now
        let form = TransmitForm(
            submitted: message.bytes,
            received: message.received,
            now: now,
            newMessageID: "\(Hexadecimal.encode(entropy.bytes(count: 16)))@\(rulebook.mailDomain)"
        )
        let parsed = ParsedMessage(form.submitted)
        let text = SplitText(parsed)
        var input = MatchInput(parsed, text)
        input.messageID = form.messageID
        input.addBlindRecipients(envelope)
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
                commandDomain: rulebook.commandDomain,
                rules: rulebook.rules,
                hasSignedInternalFields: form.hasSignedInternalFields
            )
        )
        let releaseHash = ReleaseHash.of(envelope, transmitForm: form.bytes)
        let submitted = try await keep(form.submitted)
        let transmit = try await keep(form.bytes, isShown: false)
        let outcome = try await change { transaction in
            try Departure(
                message: message,
                envelope: envelope,
                form: form,
                submitted: submitted,
                transmit: transmit,
                releaseHash: releaseHash,
                judgement: judged,
                sealKey: self.sealKey,
                transaction: transaction
            ).file()
        }
        outboundChanged()
        return outcome
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

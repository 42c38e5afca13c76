internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import SMTPWire
internal import Store
internal import Text

/// Another version of a waiting message, as somebody wants it.
struct Correction: Sendable {
    enum Content: Sendable {
        /// A mail with the token in its subject; its recipients count too, where it has any but us.
        case mail([UInt8])
        /// A reply `replace:` with this text.
        case text(String)
        /// The same text, for the campaign that its author named.
        case campaign
    }

    /// The version that its editor saw.
    let token: SubjectToken
    let content: Content
    /// What it was submitted with.
    let envelope: SMTPWire.Envelope
    /// Whether it goes to whom the version before went.
    let keepsRecipients: Bool
    let selectors: [CampaignID]
    let editor: ActingMember
    /// The value of the Received field.
    let received: String
    /// The Message-ID of the editor's mail: what the answer answers.
    let messageID: String?
}

/// What a correction may be of: one waiting version, as it was read before the transaction.
struct CorrectedOriginal: Sendable {
    let record: OutboundRecord
    let envelope: SMTPWire.Envelope
    let message: ParsedMessage
    let account: AccountSettings
}

extension House {
    /// How often a correction is made anew because the message changed meanwhile.
    private static let attempts = 3

    /// Puts another version in the place of a waiting one; it is judged again, and earlier approvals
    /// lapse (DESIGN §1).
    func correct(_ correction: Correction) async throws(HouseError) -> DecisionOutcome {
        for _ in 0..<Self.attempts {
            let rulebook = self.rulebook
            let original: CorrectedOriginal
            switch try await self.original(of: correction, rulebook) {
            case .success(let found): original = found
            case .failure(let refusal): return refusal.outcome
            }
            let version = try await version(correction, of: original, rulebook)
            // Compare and set: where message or rules changed meanwhile, everything is read again.
            let outcome = try await change { transaction in
                self.isInForce(rulebook) ? try version.file(in: transaction) : nil
            }
            guard let outcome else { continue }
            outboundChanged()
            return outcome
        }
        throw .refused("\(correction.token) changes too fast; send it again")
    }

    /// The version to be corrected, or why it cannot be; the ledger knows that somebody tried.
    func original(
        of correction: Correction,
        _ rulebook: Rulebook
    ) async throws(HouseError) -> Result<CorrectedOriginal, DecisionRefusal> {
        let (token, editor) = (correction.token, correction.editor)
        let refusal = try await change { transaction in
            try Decisions(rulebook: rulebook, transaction: transaction)
                .refuseCorrection(token.id, revision: token.revision, by: editor)
        }
        if let refusal { return .failure(DecisionRefusal(why: refusal.text)) }
        do {
            let found = try await store.read { transaction -> CorrectedOriginal? in
                guard let record = try transaction.outboundRecord(token.id),
                    let revision = try transaction.revision(record.revision, of: token.id),
                    let account = rulebook.configuration.gateway.account(record.account)
                else { return nil }
                let recipients = try transaction.recipients(of: token.id, revision: record.revision)
                return CorrectedOriginal(
                    record: record,
                    envelope: SMTPWire.Envelope(revision, recipients),
                    message: ParsedMessage(try transaction.bytes(ofBody: revision.submitted)),
                    account: account
                )
            }
            guard let found else {
                return .failure(DecisionRefusal(why: "the account of \(token) is not configured any more"))
            }
            return .success(found)
        } catch {
            throw HouseError(error)
        }
    }

    /// The new version with its transmit form, ready to be filed.
    func version(
        _ correction: Correction,
        of original: CorrectedOriginal,
        _ rulebook: Rulebook
    ) async throws(HouseError) -> NewVersion {
        let envelope = Self.envelope(of: correction, original)
        let message = SubmittedMessage(
            envelope: envelope,
            bytes: bytes(of: correction, original),
            author: original.record.author,
            device: original.record.device,
            account: original.account,
            received: correction.received
        )
        let selectors = correction.selectors.isEmpty ? Self.keptSelectors(original, envelope) : correction.selectors
        let departure = try await departure(of: message, envelope, selectors, rulebook)
        return NewVersion(
            correction: correction,
            original: original,
            departure: departure,
            bringsForward: Self.bringsForward(correction, original)
        )
    }

    private func bytes(of correction: Correction, _ original: CorrectedOriginal) -> [UInt8] {
        switch correction.content {
        case .mail(let bytes):
            let mail = ParsedMessage(bytes)
            let subject = SubjectToken.corrected(
                mail.header.text("Subject") ?? "",
                original: original.message.header.text("Subject") ?? ""
            )
            return CorrectedMail.bytes(
                of: mail,
                subject: subject,
                original: original.message,
                keepsRecipients: correction.keepsRecipients
            )
        case .text(let text):
            let boundary = Hexadecimal.encode(entropy.bytes(count: 16))
            return CorrectedMail.bytes(of: original.message, text: text, at: time.now, boundary: boundary)
        case .campaign:
            return original.message.bytes
        }
    }

    /// From whom it comes stays; what the body needs is the new one's.
    private static func envelope(of correction: Correction, _ original: CorrectedOriginal) -> SMTPWire.Envelope {
        var envelope = original.envelope
        if !correction.keepsRecipients { envelope.recipients = correction.envelope.recipients }
        switch correction.content {
        case .mail:
            envelope.parameters.size = correction.envelope.parameters.size
            envelope.parameters.body = correction.envelope.parameters.body
            envelope.parameters.smtpUTF8 =
                envelope.parameters.smtpUTF8 || correction.envelope.parameters.smtpUTF8
        case .text:
            envelope.parameters.size = nil
        case .campaign:
            break
        }
        return envelope
    }

    /// A campaign that was named for the version before holds as long as it goes to the same people.
    private static func keptSelectors(_ original: CorrectedOriginal, _ envelope: SMTPWire.Envelope) -> [CampaignID] {
        let before = Set(original.envelope.recipients.map(\.address))
        guard before == Set(envelope.recipients.map(\.address)) else { return [] }
        return original.record.campaign.map { [$0] } ?? []
    }

    /// Whether a mail carries the header of a forwarded one, which the version before did not: programs
    /// put it there, and nobody means it for the recipient.
    private static func bringsForward(_ correction: Correction, _ original: CorrectedOriginal) -> Bool {
        guard case .mail(let bytes) = correction.content else { return false }
        func holdsForward(_ message: ParsedMessage) -> Bool {
            SplitText(message).split.lines.contains { $0.kind == .forwarded }
        }
        return holdsForward(ParsedMessage(bytes)) && !holdsForward(original.message)
    }
}

// MARK: A mail with a token

extension House {
    /// What a token in the subject of a mail to people makes of it.
    enum TokenMeaning: Sendable {
        /// It names nothing that its sender could change: the mail is a new one, and is held.
        case foreign
        /// An answer or a forward to other people, which only carries the token along.
        case other
        case correction
    }

    /// Takes in a mail with a token in its subject.
    func submit(
        _ message: SubmittedMessage,
        naming tokens: [SubjectToken],
        _ envelope: SMTPWire.Envelope,
        _ selectors: [CampaignID],
        _ rulebook: Rulebook
    ) async throws(HouseError) -> SubmissionOutcome? {
        guard let token = tokens.first, tokens.count == 1 else {
            let names = tokens.map(\.description).joined(separator: ", ")
            throw .refused("the subject names several messages (\(names)); name the one that this mail corrects")
        }
        let header = Header(message.bytes)
        let isAnswer = SubjectToken.isAnswer(header.text("Subject") ?? "")
        let editor = rulebook.acting(message)
        switch try await meaning(of: token, envelope, isAnswer: isAnswer, editor, rulebook) {
        case .foreign:
            return try await submitNew(
                withoutToken(message),
                envelope,
                selectors,
                rulebook,
                Self.foreign(token, rulebook)
            )
        case .other:
            return try await submitNew(message, envelope, selectors, rulebook)
        case .correction:
            let correction = Correction(
                token: token,
                content: .mail(message.bytes),
                envelope: envelope,
                keepsRecipients: false,
                selectors: selectors,
                editor: editor,
                received: message.received,
                messageID: header.messageID
            )
            switch try await correct(correction) {
            case .done(let text): return .commanded(text)
            case .refused(let why): throw .refused(why)
            }
        }
    }

    private func meaning(
        of token: SubjectToken,
        _ envelope: SMTPWire.Envelope,
        isAnswer: Bool,
        _ editor: ActingMember,
        _ rulebook: Rulebook
    ) async throws(HouseError) -> TokenMeaning {
        let now = time.now
        let recipients = Set(envelope.recipients.map { ASCII.lowercased($0.address.text) })
        do {
            return try await store.read { transaction in
                guard let record = try transaction.outboundRecord(token.id),
                    rulebook.mayCorrect(record, editor, at: now)
                else { return .foreign }
                let isShared = record.recipients.contains { recipients.contains(ASCII.lowercased($0)) }
                return isAnswer && !isShared ? .other : .correction
            }
        } catch {
            throw HouseError(error)
        }
    }

    private func withoutToken(_ message: SubmittedMessage) -> SubmittedMessage {
        let parsed = ParsedMessage(message.bytes)
        let subject = SubjectToken.removed(from: parsed.header.text("Subject") ?? "")
        return SubmittedMessage(
            envelope: message.envelope,
            bytes: CorrectedMail.withSubject(subject, parsed),
            author: message.author,
            device: message.device,
            account: message.account,
            received: message.received
        )
    }

    private static func foreign(_ token: SubjectToken, _ rulebook: Rulebook) -> Verdict {
        Verdict(
            outcome: .hold,
            approvals: rulebook.rules.defaultApprovals,
            reasons: [
                Verdict.Reason(
                    rule: "Token of another message",
                    text: "its subject named \(token), which its sender can neither decide on nor wrote"
                )
            ]
        )
    }
}

extension Rulebook {
    /// The member who handed a message in, with what their device may do.
    func acting(_ message: SubmittedMessage) -> ActingMember {
        let device = member(message.author)?.devices.first { $0.label == message.device }
        return ActingMember(
            id: message.author,
            device: message.device,
            mayApprove: device?.scopes.contains(.approve) ?? false
        )
    }

    /// Whether a member may put another version in a message's place: its author, and who may decide on it.
    func mayCorrect(_ record: OutboundRecord, _ editor: ActingMember, at now: Timestamp) -> Bool {
        record.author == editor.id
            || (editor.mayApprove && mayDecide(editor.id, on: approvals(of: record), at: now))
    }
}

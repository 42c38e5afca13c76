internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import Store
internal import Text

// Mail to Greenroom's own addresses: replies to notices, and corrected versions for whom the version
// before was. In a reply the first line decides; everything else is a comment and changes nothing
// (DESIGN §1).

extension House {
    /// Does what a mail to a command address says; the answer stands in the member's folders too.
    ///
    /// Only the member who logged in counts, never the From field.
    func command(_ message: SubmittedMessage, _ rulebook: Rulebook) async throws(HouseError) -> String {
        let parsed = ParsedMessage(message.bytes)
        let text = SplitText(parsed)
        let command = ReplyCommand(text.split, ApprovalVerbs(languages: rulebook.languages))
        guard let notice = try await notice(answeredBy: parsed.header) else {
            return try await correctByCommand(message, parsed.header, command, rulebook)
        }
        guard notice.kind != NoticeKind.digest.rawValue else {
            throw .refused("this mail tells of several messages; open the one you mean in Waiting and decide there")
        }
        let reply = NoticeReply(
            notice: notice,
            member: rulebook.acting(message),
            messageID: parsed.header.messageID,
            rulebook: rulebook
        )
        switch command {
        case .replace(let text) where text.isEmpty:
            return try await answer(.refused("there is no text below the verb; nothing changed"), reply)
        case .replace where text.readable.isCutShort:
            return try await answer(.refused("the text is too long for an answer; send it as a mail"), reply)
        case .replace(let text):
            return try await correct(reply, .text(text), selectors: [], message)
        case .campaign(let name):
            let campaign = try await campaign(named: name, reply)
            switch campaign {
            case .success(let campaign): return try await correct(reply, .campaign, selectors: [campaign], message)
            case .failure(let refusal): return try await answer(refusal.outcome, reply)
            }
        case .approve, .reject, .withdraw, .comment:
            let outcome = try await change { transaction in
                // Who may decide is a matter of the rules in force.
                var reply = reply
                reply.rulebook = self.rulebook
                let outcome = try reply.apply(command, in: transaction)
                try reply.answer(outcome, in: transaction)
                return outcome
            }
            outboundChanged()
            return outcome.text
        }
    }

    /// The notice that a mail answers: the nearest one that it names.
    private func notice(answeredBy header: Header) async throws(HouseError) -> NoticeRow? {
        let parents = header.inReplyTo + header.references.reversed()
        do {
            return try await store.read { transaction in
                for parent in parents {
                    if let notice = try transaction.notice(withMessageID: parent) { return notice }
                }
                return nil
            }
        } catch {
            throw HouseError(error)
        }
    }

    private func answer(_ outcome: DecisionOutcome, _ reply: NoticeReply) async throws(HouseError) -> String {
        try await change { try reply.answer(outcome, in: $0) }
        return outcome.text
    }

    // MARK: Versions

    private func correct(
        _ reply: NoticeReply,
        _ content: Correction.Content,
        selectors: [CampaignID],
        _ message: SubmittedMessage
    ) async throws(HouseError) -> String {
        let correction = Correction(
            token: SubjectToken(id: reply.notice.outbound, revision: reply.notice.revision),
            content: content,
            envelope: message.envelope,
            keepsRecipients: true,
            selectors: selectors,
            editor: reply.member,
            received: message.received,
            messageID: reply.messageID
        )
        switch try await correct(correction) {
        case .done(let text): return text
        case .refused(let why): return try await answer(.refused(why), reply)
        }
    }

    /// A mail to us alone that names a version and answers nothing is that version, corrected.
    ///
    /// One that looks like an answer is none: a client that says not what it answers leaves open which
    /// notice its writer saw, and a comment must not become the text of a mail.
    private func correctByCommand(
        _ message: SubmittedMessage,
        _ header: Header,
        _ command: ReplyCommand,
        _ rulebook: Rulebook
    ) async throws(HouseError) -> String {
        let subject = header.text("Subject") ?? ""
        let tokens = SubjectToken.all(in: subject)
        guard case .comment(let text) = command, !text.isEmpty, let token = tokens.first, tokens.count == 1,
            !SubjectToken.isAnswer(subject)
        else { throw .refused("this answers no notice of Greenroom; reply to the notice itself") }
        let correction = Correction(
            token: token,
            content: .mail(message.bytes),
            envelope: message.envelope,
            keepsRecipients: true,
            selectors: [],
            editor: rulebook.acting(message),
            received: message.received,
            messageID: header.messageID
        )
        switch try await correct(correction) {
        case .done(let text): return text
        case .refused(let why): throw .refused(why)
        }
    }

    /// The campaign that the author means, by its id or name, if it is one of a creator addressed.
    private func campaign(
        named name: String,
        _ reply: NoticeReply
    ) async throws(HouseError) -> Result<CampaignID, DecisionRefusal> {
        let (rulebook, notice) = (reply.rulebook, reply.notice)
        let record: OutboundRecord?
        do {
            record = try await store.read { try $0.outboundRecord(notice.outbound) }
        } catch {
            throw HouseError(error)
        }
        guard let record else { return .failure(DecisionRefusal(why: "there is no \(notice.outbound)")) }
        guard record.author == reply.member.id else {
            return .failure(
                DecisionRefusal(why: "only its author says which campaign \(record.token) belongs to")
            )
        }
        let directory = rulebook.directory
        let known =
            record.creators.isEmpty
            ? rulebook.configuration.campaigns.map(\.id).sorted() : OpenCampaign.fitting(record, directory)
        let fitting = known.compactMap(directory.campaign)
        let key = CaseFolding.searchable(name)
        let found = fitting.first { campaign in
            ([campaign.id.rawValue, campaign.name] + campaign.aliases).contains { CaseFolding.searchable($0) == key }
        }
        guard let found else {
            let names = fitting.map(\.id.rawValue).joined(separator: ", ")
            let choice = names.isEmpty ? "no open campaign fits its recipients" : "it can be one of \(names)"
            return .failure(DecisionRefusal(why: "\"\(name)\" is no campaign of \(record.token); \(choice)"))
        }
        return .success(found.id)
    }
}

/// A reply to a notice, by the member who logged in.
struct NoticeReply: Sendable {
    let notice: NoticeRow
    let member: ActingMember
    /// Of the reply: what the answer to it answers.
    let messageID: String?
    var rulebook: Rulebook

    /// Decides or comments on the version that the notice showed.
    func apply(_ command: ReplyCommand, in transaction: Transaction) throws(StoreError) -> DecisionOutcome {
        let decisions = Decisions(rulebook: rulebook, transaction: transaction)
        let (id, revision) = (notice.outbound, notice.revision)
        switch command {
        case .approve:
            // Compare and set on what was read: something changed since, and a newer notice shows it.
            if try isReplaced(in: transaction), let record = try transaction.currentRecord(id) {
                let why = "what your notice of \(record.token) showed has changed; decide on the newer one in Waiting"
                return try decisions.refuse(record, why, by: member)
            }
            return try decisions.approve(id, revision: revision, by: member)
        case .reject(let why): return try decisions.reject(id, revision: revision, by: member, why: why)
        case .withdraw: return try decisions.withdraw(id, revision: revision, by: member)
        case .comment(let text): return try decisions.comment(id, text, by: member)
        case .replace, .campaign: return .refused("that makes another version")
        }
    }

    /// Whether the member was asked again about this version after this notice.
    private func isReplaced(in transaction: Transaction) throws(StoreError) -> Bool {
        try transaction.notices(of: notice.outbound).contains { other in
            other.id > notice.id && other.kind == notice.kind && other.member == notice.member
                && other.revision == notice.revision
        }
    }

    /// Tells the member what came of it.
    func answer(_ outcome: DecisionOutcome, in transaction: Transaction) throws(StoreError) {
        guard let record = try transaction.currentRecord(notice.outbound) else { return }
        try Notices(rulebook: rulebook, transaction: transaction)
            .answer(outcome.text, to: member.id, about: record, answering: messageID)
    }
}

internal import Base
internal import Campaigns
internal import Config
internal import IMAPWire
internal import Ledger
internal import Letters
internal import Message
internal import Outbound
internal import Policy
internal import Store
internal import Views

/// Writes the letters about outbound mail and places them where their readers look.
struct Notices {
    let rulebook: Rulebook
    let transaction: Transaction

    var writer: NoticeWriter {
        NoticeWriter(commandDomain: rulebook.commandDomain, language: rulebook.languages.first ?? "en")
    }

    /// Asks everybody who may decide on this version; a notice goes when it is decided.
    func askApprovers(
        of record: OutboundRecord,
        reading: OutboundReading,
        except asked: [MemberID] = []
    ) throws(StoreError) {
        try ask(
            about: record,
            text: reading.text,
            attachments: reading.attachments.compactMap(\.name),
            except: asked
        )
    }

    /// Asks everybody anew, since what they were told is not all that there is to know.
    func askAgain(about record: OutboundRecord, except asked: [MemberID] = []) throws(StoreError) {
        guard let revision = try transaction.revision(record.revision, of: record.id) else { return }
        let parsed = ParsedMessage(try transaction.bytes(ofBody: revision.submitted))
        try ask(
            about: record,
            text: parsed.readableText().text,
            attachments: parsed.attachments.compactMap(\.name),
            except: asked
        )
    }

    private func ask(
        about record: OutboundRecord,
        text: String,
        attachments: [String],
        except asked: [MemberID] = []
    ) throws(StoreError) {
        let deciders = rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now)
            .filter { !asked.contains($0) }
        guard !deciders.isEmpty else { return }
        let open = try transaction.openNotices(of: record.id)
        var held: HeldMail?
        for member in deciders {
            let hasLetter = open.contains { $0.member == member.rawValue && $0.letter != nil }
            let letters = hasLetter ? 0 : try transaction.openLetters(of: member.rawValue)
            guard letters < Self.letters else {
                try openInDigest(record.id, of: member)
                continue
            }
            if held == nil { held = try heldMail(record, text: text, attachments: attachments) }
            guard var mail = held else { continue }
            mail.fromColleague = try wordOfColleague(beside: record, for: member)
            // Asked again about the same version, it is another letter: the number tells them apart.
            let number = try transaction.notices(of: record.id).count { notice in
                notice.kind == NoticeKind.hold.rawValue && notice.member == member.rawValue
                    && notice.revision == record.revision
            }
            let key = "\(record.token).\(member)" + (number > 0 ? ".\(number)" : "")
            let letter = writer.ask(mail, to: address(of: member), key: key, at: transaction.now)
            let message = try place(letter, kind: .hold, in: .waiting, of: member, about: record)
            try transaction.openNotice(about: record.id, to: member.rawValue, letter: message)
        }
    }

    private func heldMail(_ record: OutboundRecord, text: String, attachments: [String]) throws(StoreError) -> HeldMail
    {
        HeldMail(
            token: record.token,
            author: rulebook.member(record.author)?.name ?? record.author.rawValue,
            editor: record.editor.flatMap { $0 == record.author ? nil : rulebook.member($0)?.name ?? $0.rawValue },
            subject: record.subject,
            recipients: record.recipients,
            campaign: record.campaign.map { rulebook.directory.campaign($0)?.name ?? $0.rawValue },
            reasons: record.reasons,
            required: record.required,
            text: text,
            attachments: attachments,
            lastFromCreator: try lastFromCreator(record)
        )
    }

    /// Tells the author that it waits, and for whom or until when.
    func tellWaiting(_ record: OutboundRecord) throws(StoreError) {
        let letter = writer.waiting(
            try heldMail(record, text: "", attachments: []),
            campaigns: OpenCampaign.choice(record, rulebook.directory).map(\.rawValue),
            until: record.state == .approved ? record.effectiveAt : nil,
            to: address(of: record.author),
            key: "\(record.token).waiting",
            at: transaction.now
        )
        try place(letter, kind: .waiting, in: .waiting, of: record.author, about: record)
    }

    /// Tells the author that it was canceled, and why.
    func tellCanceled(_ record: OutboundRecord, why: String) throws(StoreError) {
        let text =
            "Your mail to \(record.recipients.joined(separator: ", ")) was canceled before it left: \(why).\n\n"
            + "Nothing was sent. Your text stands in \(rulebook.path(of: .decided))."
        try tell(record, "Canceled: \(record.subject)", text, to: record.author)
    }

    /// Tells the author that it was given up undecided.
    func tellExpired(_ record: OutboundRecord, why: String) throws(StoreError) {
        let text =
            "Your mail to \(record.recipients.joined(separator: ", ")) has expired: \(why).\n\n"
            + "Nothing was sent. Your text stands in \(rulebook.path(of: .decided)); send it again if it still matters."
        try tell(record, "Expired: \(record.subject)", text, to: record.author)
    }

    /// Tells the author that it was rejected, and why.
    func tellAuthor(of record: OutboundRecord) throws(StoreError) {
        let who = record.decisions.last?.member
        let name = who.map { rulebook.member($0)?.name ?? $0.rawValue } ?? "Policy"
        let why = record.decidedWhy.flatMap { $0.isEmpty ? nil : $0 } ?? "no reason was given"
        let text =
            "\(name) rejected your mail to \(record.recipients.joined(separator: ", ")): \(why)\n\n"
            + "Nothing was sent. Your text stands in \(rulebook.path(of: .decided))."
        try tell(record, "Rejected: \(record.subject)", text, to: record.author)
    }

    /// Answers a command.
    func answer(_ text: String, to member: MemberID, about record: OutboundRecord, answering parent: String?)
        throws(StoreError)
    {
        try tell(record, "Re: \(record.subject)", text, to: member, answering: parent)
    }

    /// Tells what others said; the letter before it goes.
    func tellRemarks(_ remarks: [Remark], on record: OutboundRecord, to member: MemberID) throws(StoreError) {
        let letter = writer.remarks(
            remarks,
            token: record.token,
            subject: record.subject,
            author: rulebook.member(record.author)?.name ?? record.author.rawValue,
            recipients: record.recipients,
            to: address(of: member),
            key: "\(record.token).\(Hexadecimal.encode(transaction.entropy.bytes(count: 8)))",
            answering: record.messageID,
            at: transaction.now
        )
        let view = record.state.isWaiting ? View.waiting : .decided
        try place(letter, kind: .remarks, in: view, of: member, about: record)
    }

    /// Says why what a member did with a message came to nothing: their client shows no answer to a move.
    ///
    /// Once in a while for each message, however often they try.
    func tellRefusal(_ why: String, to member: MemberID, about record: OutboundRecord) throws(StoreError) {
        let since = transaction.now.advanced(by: .zero - Limits.refusalPause)
        let told = try transaction.notices(of: record.id).contains {
            $0.kind == NoticeKind.refusal.rawValue && $0.member == member.rawValue && $0.at > since
        }
        guard !told else { return }
        let view = record.state.isWaiting ? View.waiting : .decided
        try tell(record, "Nothing changed: \(record.subject)", why, to: member, kind: .refusal, in: view)
    }

    // MARK: -

    func tell(
        _ record: OutboundRecord,
        _ subject: String,
        _ text: String,
        to member: MemberID,
        answering parent: String? = nil,
        kind: NoticeKind = .answer,
        in view: View = .decided
    ) throws(StoreError) {
        let key = "\(record.token).\(Hexadecimal.encode(transaction.entropy.bytes(count: 8)))"
        let letter = writer.tell(
            token: record.token,
            subject: subject,
            text,
            to: address(of: member),
            key: key,
            answering: parent,
            at: transaction.now
        )
        try place(letter, kind: kind, in: view, of: member, about: record)
    }

    @discardableResult
    private func place(
        _ letter: Letter,
        kind: NoticeKind,
        in view: View,
        of member: MemberID,
        about record: OutboundRecord
    ) throws(StoreError) -> MessageID {
        try place(letter, kind, in: view, of: member, about: record.id, revision: record.revision)
    }

    /// A digest is about no single message.
    func placeDigest(_ letter: Letter, of member: MemberID, isSeen: Bool) throws(StoreError) {
        let none = OutboundID(rawValue: 0)
        _ = try place(letter, .digest, in: .waiting, of: member, about: none, revision: 0, isSeen: isSeen)
    }

    private func place(
        _ letter: Letter,
        _ kind: NoticeKind,
        in view: View,
        of member: MemberID,
        about outbound: OutboundID,
        revision: Int,
        isSeen: Bool = false
    ) throws(StoreError) -> MessageID {
        let house = try transaction.ensureAccount(named: HouseAccount.name, kind: .house, owner: nil)
        var new = NewMessage(
            account: house,
            messageID: ThreadKey.messageID(letter.messageID),
            body: try transaction.prepare(letter.bytes),
            internalDate: transaction.now,
            direction: "letter"
        )
        new.sender = letter.from
        new.subject = letter.subject
        let message = try transaction.insertMessage(new)
        let edition = try transaction.insertEdition(of: message, block: [])
        let mailbox = try transaction.ensureViewID(view, member: member, rulebook)
        _ = try transaction.place(edition, in: mailbox, received: transaction.now, isSeen: isSeen)
        try transaction.insertNotice(
            about: outbound,
            revision: revision,
            to: member.rawValue,
            kind: kind.rawValue,
            message: message,
            edition: edition,
            messageID: letter.messageID
        )
        return message
    }

    func address(of member: MemberID) -> String {
        rulebook.member(member)?.addresses.first?.description ?? "\(member)@\(rulebook.commandDomain)"
    }

    /// The newest text of the creator whom the mail answers, without what it quotes.
    private func lastFromCreator(_ record: OutboundRecord) throws(StoreError) -> String? {
        for conversation in record.conversations {
            let direction = Direction.inbound.rawValue
            guard let last = try transaction.newestMessage(in: conversation, direction: direction) else { continue }
            return SplitText(ParsedMessage(try transaction.bytes(ofBody: last.body))).fresh
        }
        return nil
    }
}

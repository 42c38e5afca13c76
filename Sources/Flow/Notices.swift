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

    private var writer: NoticeWriter { NoticeWriter(commandDomain: rulebook.commandDomain) }

    /// Asks everybody who may decide on this version; a notice goes when it is decided.
    func askApprovers(
        of record: OutboundRecord,
        reading: OutboundReading,
        except asked: [MemberID] = []
    ) throws(StoreError) {
        let mail = HeldMail(
            token: record.token,
            author: rulebook.member(record.author)?.name ?? record.author.rawValue,
            subject: record.subject,
            recipients: record.recipients,
            campaign: record.campaign.map { rulebook.directory.campaign($0)?.name ?? $0.rawValue },
            reasons: record.reasons,
            required: record.required,
            text: reading.text,
            attachments: reading.attachments.compactMap(\.name),
            lastFromCreator: try lastFromCreator(record)
        )
        let deciders = rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now)
        for member in deciders where !asked.contains(member) {
            let key = "\(record.token).\(member)"
            let letter = writer.ask(mail, to: address(of: member), key: key, at: transaction.now)
            try place(letter, kind: .hold, in: .waiting, of: member, about: record)
        }
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

    // MARK: -

    func tell(
        _ record: OutboundRecord,
        _ subject: String,
        _ text: String,
        to member: MemberID,
        answering parent: String? = nil
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
        try place(letter, kind: .answer, in: .decided, of: member, about: record)
    }

    private func place(
        _ letter: Letter,
        kind: NoticeKind,
        in view: View,
        of member: MemberID,
        about record: OutboundRecord
    ) throws(StoreError) {
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
        let mailbox = try transaction.ensureView(view, member: member, rulebook)
        _ = try transaction.place(edition, in: mailbox.id, received: transaction.now)
        try transaction.insertNotice(
            about: record.id,
            revision: record.revision,
            to: member.rawValue,
            kind: kind.rawValue,
            message: message,
            edition: edition,
            messageID: letter.messageID
        )
    }

    private func address(of member: MemberID) -> String {
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

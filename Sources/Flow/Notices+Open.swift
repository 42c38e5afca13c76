internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Letters
internal import Message
internal import Outbound
internal import Policy
internal import Store
internal import Views

// Who is asked at this moment: by a letter of its own for the first few messages, by one digest for
// all beyond them, so that nobody is flooded.

extension Notices {
    /// Letters that ask one approver at a time; from the next message on there is the digest.
    static let letters = 3
    /// Messages that a digest tells of one by one.
    static let digestEntries = 50
    /// How long a digest waits for more to tell of.
    static let digestPause = Duration.seconds(5)

    /// What waits to be done for a member's digest; its subject is the member.
    enum DigestWork: String, CaseIterable {
        /// Something to decide is new in it.
        case grown = "digest-grown"
        /// Something in it was decided.
        case shrunk = "digest-shrunk"
    }

    /// Those who are asked now, brought in line with what is decided.
    func openNotices(of record: OutboundRecord) throws(StoreError) -> [OpenNoticeRow] {
        let deciders =
            record.state == .held ? rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now) : []
        let asked = deciders.filter { member in !record.decisions.contains { $0.member == member } }
        var open: [OpenNoticeRow] = []
        for row in try transaction.openNotices(of: record.id) {
            if asked.contains(MemberID(row.member)) {
                open.append(row)
            } else {
                try transaction.closeNotice(about: record.id, to: row.member)
                if row.letter == nil { try changeDigest(of: MemberID(row.member), .shrunk) }
            }
        }
        for member in asked where !open.contains(where: { $0.member == member.rawValue }) {
            let letter = try transaction.notices(of: record.id).last { notice in
                notice.kind == NoticeKind.hold.rawValue && notice.member == member.rawValue
                    && notice.revision == record.revision
            }
            if let letter {
                try transaction.openNotice(about: record.id, to: member.rawValue, letter: letter.message)
            } else {
                try openInDigest(record.id, of: member)
            }
            open.append(OpenNoticeRow(outbound: record.id, member: member.rawValue, letter: letter?.message))
        }
        return open
    }

    func openInDigest(_ id: OutboundID, of member: MemberID) throws(StoreError) {
        try transaction.openNotice(about: id, to: member.rawValue, letter: nil)
        try changeDigest(of: member, .grown)
    }

    private func changeDigest(of member: MemberID, _ work: DigestWork) throws(StoreError) {
        try transaction.addWorkOnce(
            kind: work.rawValue,
            subject: member.rawValue,
            dueAt: transaction.now.advanced(by: Self.digestPause)
        )
    }

    /// Writes a member's digest anew, in place of the one before; none where nothing is in it.
    func writeDigest(of member: MemberID, isNews: Bool) throws(StoreError) {
        for earlier in try transaction.digestLetters(of: member.rawValue) {
            for placement in try transaction.placements(of: earlier.message) {
                _ = try transaction.expunge([placement.uid], from: placement.mailbox)
            }
            try transaction.removeNotice(earlier.id)
        }
        var entries: [HeldMail] = []
        let ids = try transaction.digest(of: member.rawValue)
        guard !ids.isEmpty, rulebook.member(member) != nil else { return }
        for id in ids.prefix(Self.digestEntries) {
            if let record = try transaction.outboundRecord(id) { entries.append(entry(record)) }
        }
        let letter = writer.digest(
            entries,
            others: ids.count - entries.count,
            decideIn: rulebook.path(of: .waiting),
            to: address(of: member),
            key: "digest.\(member).\(Hexadecimal.encode(transaction.entropy.bytes(count: 8)))",
            at: transaction.now
        )
        try placeDigest(letter, of: member, isSeen: !isNews)
    }

    private func entry(_ record: OutboundRecord) -> HeldMail {
        HeldMail(
            token: record.token,
            author: rulebook.member(record.author)?.name ?? record.author.rawValue,
            subject: record.subject,
            recipients: record.recipients,
            campaign: nil,
            reasons: record.reasons,
            required: record.required,
            text: "",
            attachments: [],
            lastFromCreator: nil
        )
    }

    // MARK: The colleague's word

    /// What a colleague last wrote to the same creator (D10); only who may read the colleague's mail sees it.
    func wordOfColleague(beside record: OutboundRecord, for member: MemberID) throws(StoreError) -> String? {
        for creator in record.creators {
            guard let other = try colleaguesMail(to: creator, beside: record), mayRead(other, member),
                let revision = try transaction.revision(other.revision, of: other.id)
            else { continue }
            let author = rulebook.member(other.author)?.name ?? other.author.rawValue
            let text = ParsedMessage(try transaction.bytes(ofBody: revision.transmit)).readableText().text
            let title = "\(author), \(CivilTime(other.submittedAt).iso8601), \(other.id) (\(other.state.rawValue))"
            return "\(title)\n\n\(text)"
        }
        return nil
    }

    /// The newest mail of another member to a creator: one that was handed in before and waits, or one
    /// that left.
    private func colleaguesMail(
        to creator: CreatorID,
        beside record: OutboundRecord
    ) throws(StoreError) -> OutboundRecord? {
        var ids = try transaction.openOutbound(to: creator.rawValue).filter { $0 < record.id }
        for row in try transaction.conversations(creator: creator.rawValue) where row.lastOutbound != nil {
            let wrote = try transaction.newestEvent(
                about: EventSubject.conversation(row.id).text,
                kind: EventKind.wrote.rawValue
            )?.event
            let number = wrote?.fields[ConversationFold.Field.outbound].flatMap { Int64($0) }
            if let number { ids.append(OutboundID(rawValue: number)) }
        }
        for id in ids.sorted().reversed() {
            guard let other = try transaction.outboundRecord(id), other.author != record.author else { continue }
            return other
        }
        return nil
    }

    private func mayRead(_ record: OutboundRecord, _ member: MemberID) -> Bool {
        guard let reader = rulebook.member(member) else { return false }
        if let campaign = record.campaign, reader.access(toCampaign: campaign) != nil { return true }
        return reader.access(toAccount: record.account) != nil
    }
}

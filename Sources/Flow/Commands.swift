internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import Store

// Mail to Greenroom's own addresses: replies to notices. The first line decides; everything else
// is a comment and changes nothing (DESIGN §1).

extension House {
    /// Does what a mail to a command address says; the answer stands in the member's folders too.
    ///
    /// Only the member who logged in counts, never the From field.
    func command(_ message: SubmittedMessage, _ rulebook: Rulebook) async throws(HouseError) -> String {
        let parsed = ParsedMessage(message.bytes)
        let mayApprove =
            rulebook.member(message.author)?.devices
            .first { $0.label == message.device }?.scopes.contains(.approve) ?? false
        let member = ActingMember(id: message.author, device: message.device, mayApprove: mayApprove)
        let parents = parsed.header.inReplyTo + parsed.header.references.reversed()
        let command = ReplyCommand(SplitText(parsed).fresh)
        let outcome = try await change { transaction -> String in
            for parent in parents {
                guard let notice = try transaction.notice(withMessageID: parent) else { continue }
                let outcome = try Self.apply(command, to: notice, by: member, rulebook, transaction)
                guard let record = try transaction.outboundRecord(notice.outbound) else { return outcome.text }
                try Notices(rulebook: rulebook, transaction: transaction)
                    .answer(outcome.text, to: member.id, about: record, answering: parsed.header.messageID)
                return outcome.text
            }
            throw HouseError.refused("this answers no notice of Greenroom; reply to the notice itself")
        }
        outboundChanged()
        return outcome
    }

    private static func apply(
        _ command: ReplyCommand,
        to notice: NoticeRow,
        by member: ActingMember,
        _ rulebook: Rulebook,
        _ transaction: Transaction
    ) throws(StoreError) -> DecisionOutcome {
        let decisions = Decisions(rulebook: rulebook, transaction: transaction)
        return switch command {
        case .approve:
            try decisions.approve(notice.outbound, revision: notice.revision, by: member)
        case .reject(let why):
            try decisions.reject(notice.outbound, revision: notice.revision, by: member, why: why)
        case .withdraw:
            try decisions.withdraw(notice.outbound, by: member)
        case .comment(let text):
            try decisions.comment(notice.outbound, text, by: member)
        }
    }
}

/// What a reply to a notice says.
enum ReplyCommand: Hashable {
    case approve
    case reject(why: String)
    case withdraw
    case comment(String)

    /// Reads the newly written text: its first line must be exactly one verb, `reject` with a
    /// reason behind it or below.
    init(_ freshText: String) {
        let lines = freshText.split(whereSeparator: \.isNewline).map { ASCII.trimmed($0) }.filter { !$0.isEmpty }
        guard let first = lines.first else {
            self = .comment("")
            return
        }
        let words = first.split(separator: " ", maxSplits: 1).map(String.init)
        let verb = Self.withoutPunctuation((words.first ?? "").lowercased())
        let rest = words.count > 1 ? ASCII.trimmed(words[1]) : ""
        let below = lines.dropFirst().joined(separator: " ")
        switch Self.verbs[verb] {
        case .approve? where rest.isEmpty: self = .approve
        case .withdraw? where rest.isEmpty: self = .withdraw
        case .reject?: self = .reject(why: rest.isEmpty ? below : rest)
        default: self = .comment(freshText)
        }
    }

    private enum Verb { case approve, reject, withdraw }

    /// The verbs of the languages that notices are read in.
    private static let verbs: [String: Verb] = [
        "approve": .approve, "reject": .reject, "withdraw": .withdraw,
        "freigeben": .approve, "ablehnen": .reject, "zurückziehen": .withdraw,
        "approuver": .approve, "refuser": .reject, "retirer": .withdraw,
        "aprobar": .approve, "rechazar": .reject, "retirar": .withdraw,
    ]

    /// Phones put a full stop or an exclamation mark behind a single word.
    private static func withoutPunctuation(_ word: String) -> String {
        guard let last = word.last, ".,:;!".contains(last) else { return word }
        return String(word.dropLast())
    }
}

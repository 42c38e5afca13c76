internal import Base
package import Campaigns

/// What a rule asks of a message.
package indirect enum Condition: Hashable, Sendable {
    case always
    case all([Condition])
    case any([Condition])
    case not(Condition)

    /// At least one recipient is of one of these kinds.
    case anyRecipient(Set<Facts.RecipientKind>)
    /// Every recipient is of one of these kinds.
    case everyRecipient(Set<Facts.RecipientKind>)
    /// At least one recipient is at one of these domains, lower case.
    case recipientDomain(Set<String>)
    case moreRecipientsThan(Int)
    case campaign(Set<CampaignID>)
    case stage(Set<Stage>)
    case sender(Set<MemberID>)
    case senderGroup(Set<String>)
    case firstContact
    /// A colleague wrote to the same creator less than this long ago.
    case colleagueWroteWithin(Duration)
    /// The message answers in a thread of a creator.
    case inCreatorThread
    case form(Facts.Form)
    /// One of these words or phrases stands in subject or text, as whole words, letter case aside.
    case words([String])
    /// An amount is over the ceiling of a campaign it concerns.
    case amountAboveCeiling
    /// An amount is not the rate agreed with the creator, where one is agreed.
    case amountNotAgreed
    /// Any sum of money is named.
    case namesAmount
    case hasAttachment
    case creatorClosed
    case internalContent
}

extension Condition {
    /// Why the condition holds, in a few words; nil where it does not.
    package func evidence(in facts: Facts) -> String? {
        switch self {
        case .always:
            "always"
        case .all(let conditions):
            Self.allEvidence(conditions, facts)
        case .any(let conditions):
            conditions.lazy.compactMap { $0.evidence(in: facts) }.first
        case .not(let condition):
            condition.evidence(in: facts) == nil ? "not \(condition.summary)" : nil
        default:
            leafEvidence(in: facts)
        }
    }

    private static func allEvidence(_ conditions: [Condition], _ facts: Facts) -> String? {
        var parts: [String] = []
        for condition in conditions {
            guard let part = condition.evidence(in: facts) else { return nil }
            if part != "always" { parts.append(part) }
        }
        return parts.isEmpty ? "always" : parts.joined(separator: ", ")
    }

    private func leafEvidence(in facts: Facts) -> String? {
        switch self {
        case .anyRecipient(let kinds):
            return facts.recipients.first { kinds.contains($0.kind) }.map { "a recipient is \($0.kind.rawValue)" }
        case .everyRecipient(let kinds):
            let holds = !facts.recipients.isEmpty && facts.recipients.allSatisfy { kinds.contains($0.kind) }
            return holds ? "every recipient is \(Self.list(kinds.map(\.rawValue)))" : nil
        case .recipientDomain(let domains):
            return facts.recipients.first { domains.contains($0.domain) }.map { "a recipient is at \($0.domain)" }
        case .moreRecipientsThan(let count):
            return facts.recipients.count > count ? "\(facts.recipients.count) recipients" : nil
        case .campaign(let ids):
            return facts.collaborators.compactMap(\.campaign).first(where: ids.contains).map { "campaign \($0)" }
        case .stage(let stages):
            return facts.collaborators.compactMap(\.stage).first(where: stages.contains).map { "stage \($0.rawValue)" }
        case .sender(let members):
            return members.contains(facts.sender) ? "sent by \(facts.sender)" : nil
        case .senderGroup(let groups):
            return facts.senderGroups.intersection(groups).min().map { "sent by one of \($0)" }
        case .inCreatorThread:
            return facts.isInCreatorThread ? "in a thread with a creator" : nil
        case .form(let form):
            return facts.form == form ? "a \(form.rawValue)" : nil
        case .hasAttachment:
            return facts.attachments.first.map { "attachment \($0)" }
        case .internalContent:
            return facts.hasInternalContent ? "quotes or attaches internal content" : nil
        case .words(let phrases):
            return Self.firstPhrase(phrases, in: facts).map { "says \"\($0)\"" }
        default:
            return collaborationEvidence(in: facts)
        }
    }

    private func collaborationEvidence(in facts: Facts) -> String? {
        switch self {
        case .firstContact:
            return facts.collaborators.first(where: \.isFirstContact).map { "first contact with \($0.creator)" }
        case .colleagueWroteWithin(let period):
            let collaborator = facts.collaborators.first { collaborator in
                collaborator.colleagueWroteAt.map { facts.now.duration(since: $0) < period } ?? false
            }
            return collaborator.map { "a colleague wrote to \($0.creator) a short time ago" }
        case .namesAmount:
            return facts.amounts.first.map { "names \($0)" }
        case .amountAboveCeiling:
            return firstAmount(in: facts) { amount, collaborator in
                // A sum in another currency cannot be compared, so a person looks at it.
                collaborator.ceiling.map { amount.isGreater(than: $0) ?? true } ?? false
            }.map { "\($0) is above the ceiling" }
        case .amountNotAgreed:
            return firstAmount(in: facts) { amount, collaborator in
                collaborator.agreedRate.map { $0 != amount } ?? false
            }.map { "\($0) is not the agreed rate" }
        case .creatorClosed:
            return facts.collaborators.first(where: \.isClosed).map { "\($0.creator) asked not to be written to" }
        default:
            return nil
        }
    }

    private func firstAmount(in facts: Facts, where test: (Money, Facts.Collaborator) -> Bool) -> Money? {
        facts.amounts.first { amount in facts.collaborators.contains { test(amount, $0) } }
    }

    private static func firstPhrase(_ phrases: [String], in facts: Facts) -> String? {
        let text = Words.folded(facts.subject + "\n" + facts.text)
        return phrases.first { Words.contains(text, Words.folded($0)) }
    }

    static func list(_ values: [String]) -> String { values.sorted().joined(separator: " or ") }

    /// The condition in a few words, for `not`.
    var summary: String {
        switch self {
        case .anyRecipient(let kinds): "a recipient \(Self.list(kinds.map(\.rawValue)))"
        case .everyRecipient(let kinds): "every recipient \(Self.list(kinds.map(\.rawValue)))"
        case .campaign(let ids): "campaign \(Self.list(ids.map(\.rawValue)))"
        case .stage(let stages): "stage \(Self.list(stages.map(\.rawValue)))"
        case .inCreatorThread: "in a thread with a creator"
        case .firstContact: "first contact"
        case .hasAttachment: "an attachment"
        case .namesAmount: "an amount"
        default: "fulfilled"
        }
    }
}

/// Text compared word by word.
enum Words {
    /// Lower case, with every run of white space as one space.
    static func folded(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Whether a phrase stands in a text with no letter or digit right beside it.
    static func contains(_ text: String, _ phrase: String) -> Bool {
        guard !phrase.isEmpty else { return false }
        let haystack = Array(text.utf8)
        let needle = Array(phrase.utf8)
        var start = 0
        while let found = haystack.span.firstIndex(of: needle, from: start) {
            let before = found == 0 || !isWordByte(haystack[found - 1])
            let end = found + needle.count
            if before, end == haystack.count || !isWordByte(haystack[end]) { return true }
            start = found + 1
        }
        return false
    }

    /// ASCII letters and digits; in scripts without spaces any neighbour is allowed.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte)
    }
}

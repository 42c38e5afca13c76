internal import Base
internal import Campaigns
internal import Policy

/// Reads `when = { … }`: all keys of the table have to hold.
///
///     when = { any_recipient = ["creator"], not = { stage = ["accepted"] } }
struct ConditionReader {
    let catalogue: Catalogue

    func read(_ table: inout TableReader) -> Condition? {
        let before = table.reporter.problems.count
        var parts = readLeaves(&table) + readRecordConditions(&table)
        for (key, join) in [("all", Condition.all), ("any", Condition.any)] where table.has(key) {
            let branches = table.tables(key).compactMap { branch in
                var branch = branch
                return read(&branch)
            }
            parts.append(join(branches))
            if case .array(let elements)? = table.table[key]?.node.value, elements.isEmpty {
                table.report("\"\(key)\" is empty; write \(key) = [{ … }, { … }]", at: key)
            }
        }
        if var inner = table.table("not"), let condition = read(&inner) { parts.append(.not(condition)) }
        table.finish()
        guard table.reporter.problems.count == before else { return nil }
        guard let first = parts.first else {
            table.report("the condition is empty; write { always = true } for every message", at: table.offset)
            return nil
        }
        return parts.count == 1 ? first : .all(parts)
    }

    // MARK: What the message says

    private func readLeaves(_ table: inout TableReader) -> [Condition] {
        var parts: [Condition] = []
        if table.optional("always", .onlyTrue) == true { parts.append(.always) }
        if let kinds = set(&table, "any_recipient", .choice) as Set<Facts.RecipientKind>? {
            parts.append(.anyRecipient(kinds))
        }
        if let kinds = set(&table, "every_recipient", .choice) as Set<Facts.RecipientKind>? {
            parts.append(.everyRecipient(kinds))
        }
        if let domains = set(&table, "recipient_domain", .domain) {
            parts.append(.recipientDomain(Set(domains.map(\.name))))
        }
        if let count = table.optional("more_recipients_than", ValueForm<Int>.integer(in: 1...Limits.recipients)) {
            parts.append(.moreRecipientsThan(count))
        }
        if let form = table.optional("form", .choice) as Facts.Form? { parts.append(.form(form)) }
        if let words = set(&table, "words", .line) { parts.append(.words(words.sorted())) }
        for (key, condition) in Self.flags {
            guard let holds = table.optional(key, .flag) else { continue }
            parts.append(holds ? condition : .not(condition))
        }
        return parts
    }

    private static let flags: [(key: String, condition: Condition)] = [
        ("first_contact", .firstContact),
        ("in_creator_thread", .inCreatorThread),
        ("names_amount", .namesAmount),
        ("amount_above_ceiling", .amountAboveCeiling),
        ("amount_not_agreed", .amountNotAgreed),
        ("has_attachment", .hasAttachment),
        ("creator_closed", .creatorClosed),
        ("internal_content", .internalContent),
    ]

    // MARK: What the records say

    private func readRecordConditions(_ table: inout TableReader) -> [Condition] {
        var parts: [Condition] = []
        if let ids = references(&table, "campaign", .campaign) {
            parts.append(.campaign(Set(ids.map { CampaignID($0) })))
        }
        if let stages = set(&table, "stage", .choice) as Set<Stage>? { parts.append(.stage(stages)) }
        if let ids = references(&table, "sender", .member) { parts.append(.sender(Set(ids.map { MemberID($0) }))) }
        if let groups = references(&table, "sender_group", .group) { parts.append(.senderGroup(Set(groups))) }
        if let period = table.optional(
            "colleague_wrote_within",
            .duration(in: .seconds(1) ... .seconds(365 * 86_400))
        ) {
            parts.append(.colleagueWroteWithin(period))
        }
        return parts
    }

    private func set<Value: Hashable>(
        _ table: inout TableReader,
        _ key: String,
        _ form: ValueForm<Value>
    ) -> Set<Value>? {
        guard table.has(key) else {
            table.know(key)
            return nil
        }
        let values = table.requiredList(key, form)
        return values.isEmpty ? nil : Set(values)
    }

    private func references(_ table: inout TableReader, _ key: String, _ kind: Catalogue.Kind) -> [String]? {
        guard table.has(key) else {
            table.know(key)
            return nil
        }
        let ids = table.locatedList(key, ValueForm<String>.identifier)
        for id in ids { catalogue.refer(to: kind, id.value, at: id.offset, table.reporter) }
        if ids.isEmpty { table.report("\"\(key)\" is empty; remove it or name a \(kind.rawValue)", at: key) }
        return ids.isEmpty ? nil : ids.map(\.value)
    }
}

internal import Base
internal import Campaigns
internal import Policy
internal import Triage

/// Reads `when = { … }`: all keys of the table have to hold.
///
///     when = { any_recipient = ["creator"], not = { stage = ["accepted"] } }
struct ConditionReader {
    let catalogue: Catalogue

    func read(_ table: inout TableReader) -> Condition? {
        let before = table.reporter.problems.count
        var parts = readLeaves(&table) + readTextConditions(&table) + readRecordConditions(&table)
        refuseTopics(&table)
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

    /// A rule about topics that never fires would look like protection.
    private func refuseTopics(_ table: inout TableReader) {
        for key in ["topic", "topics"] where table.has(key) {
            table.know(key)
            table.report("topics are not read from mails yet; write words = [\"…\"] or names_terms = [\"…\"]", at: key)
        }
    }

    // MARK: The envelope and the moment

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
        if let ids = references(&table, "channel", .channel) {
            parts.append(.channel(Set(ids.map { Channel($0) })))
        }
        if let hours = table.optional("time_of_day", .hours) { parts.append(.timeOfDay(hours)) }
        if let days = set(&table, "weekday", .choice) as Set<WorkCalendar.Weekday>? { parts.append(.weekday(days)) }
        if let form = table.optional("form", .choice) as Facts.Form? { parts.append(.form(form)) }
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
        ("working_time", .workingTime),
        ("terms_not_approved", .termsNotApproved),
        ("asks_for_data_on_file", .asksForDataOnFile(Set(DataKind.allCases))),
        ("any_template", .template([])),
        ("creator_wrote_meanwhile", .creatorWroteMeanwhile),
        ("colleague_wrote_meanwhile", .colleagueWroteMeanwhile),
    ]

    // MARK: What the message says

    private func readTextConditions(_ table: inout TableReader) -> [Condition] {
        var parts: [Condition] = []
        if let words = set(&table, "words", .phrase) { parts.append(.words(words.sorted())) }
        if let kinds = set(&table, "names_terms", .choice) as Set<TermKind>? { parts.append(.namesTerms(kinds)) }
        if let types = set(&table, "attachment_type", .attachmentType) { parts.append(.attachmentType(types)) }
        if let size = table.optional("attachments_larger_than", .size(in: 1...Limits.message)) {
            parts.append(.attachmentLargerThan(size))
        }
        if let ids = references(&table, "template", .template) {
            parts.append(.template(Set(ids.map { TemplateID($0) })))
        }
        if let kinds = set(&table, "has_wording", .choice) as Set<Clause.Kind>? { parts.append(.wording(kinds)) }
        if let ids = references(&table, "has_clause", .clause) { parts.append(.clause(Set(ids))) }
        return parts
    }

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
        if var frequency = table.table("sent_more_than") {
            let count = frequency.required("count", ValueForm<Int>.integer(in: 0...Limits.countedContacts - 1))
            let period = frequency.required("within", .duration(in: .seconds(60) ... .seconds(365 * 86_400)))
            frequency.finish()
            if let count, let period { parts.append(.sentMoreThan(count, within: period)) }
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

extension ValueForm where Value == String {
    /// `application/pdf`, `image/*` or `.exe`.
    static var attachmentType: Self {
        Self(
            expected: "a media type such as \"application/pdf\" or \"image/*\", or the end of a file's name such as"
                + " \".zip\"",
            example: "\"application/pdf\""
        ) { value in
            guard let text = value.string.map({ ASCII.lowercased($0) }), text.utf8.allSatisfy({ $0 > 0x20 }) else {
                return nil
            }
            if text.hasPrefix(".") { return text.utf8.count > 1 && !text.contains("/") ? text : nil }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } ? text : nil
        }
    }
}

internal import Base
internal import Campaigns
internal import Policy
internal import Triage

/// `policies/tests/*.toml`: messages with the verdict they must get; a configuration whose rules
/// fail a case is refused.
struct PolicyTests<Source: FileInspector> {
    /// A message and what must come of it.
    struct Case {
        var name: String
        var facts: Facts
        var outcome: Verdict.Outcome
        /// Rules that must be among the reasons.
        var rules: [String]
        /// `nil` where the case does not care.
        var approvals: [String: Int]?
        var permits: [String]?
        /// The earliest time that the verdict must give.
        var notBefore: Timestamp?
        var offset: Int
        var reporter: ProblemReporter
    }

    private enum OutcomeName: String, CaseIterable {
        case release
        case hold
        case cancel
        case reject

        var outcome: Verdict.Outcome {
            switch self {
            case .release: .release
            case .hold: .hold
            case .cancel: .cancel
            case .reject: .reject
            }
        }
    }

    let loader: FileLoader<Source>
    let calendar: WorkCalendar
    let undoTime: Duration

    static var folder: String { "policies/tests" }

    func readAll(_ campaigns: [Campaign]) -> [Case] {
        loader.names(in: Self.folder).flatMap { name -> [Case] in
            guard var reader = loader.table("\(Self.folder)/\(name).toml") else { return [] }
            defer { reader.finish() }
            return reader.tables("cases").compactMap { table in
                var table = table
                defer { table.finish() }
                return readCase(&table, campaigns)
            }
        }
    }

    private func readCase(_ table: inout TableReader, _ campaigns: [Campaign]) -> Case? {
        let name = table.required("name", .line)
        let outcome = table.required("expect", .choice) as OutcomeName?
        let rules = references(&table, "rules") ?? []
        let permits = references(&table, "permits")
        let notBefore = table.optional("not_before", .date)?.timestamp
        var approvals: [String: Int]?
        if table.has("approvals") {
            approvals = [:]
            for (group, count) in table.dictionary("approvals", ValueForm<Int>.integer(in: 1...20)) {
                loader.catalogue.refer(to: .group, group.value, at: group.offset, table.reporter)
                approvals?[group.value] = count
            }
        } else {
            table.know("approvals")
        }
        guard var message = table.table("message") else {
            table.report(
                "missing table \"message\"; write message = { from = \"MEMBER\", to = [\"creator\"] }",
                at: table.offset
            )
            return nil
        }
        let facts = readFacts(&message, campaigns)
        message.finish()
        guard let name, let outcome, let facts else { return nil }
        return Case(
            name: name,
            facts: facts,
            outcome: outcome.outcome,
            rules: rules,
            approvals: approvals,
            permits: permits,
            notBefore: notBefore,
            offset: table.place(of: "name"),
            reporter: table.reporter
        )
    }

    private func references(_ table: inout TableReader, _ key: String) -> [String]? {
        let names = table.locatedList(key, .line)
        // Names of built-in rules begin with a capital letter.
        for name in names where name.value.unicodeScalars.first?.properties.isUppercase == false {
            loader.catalogue.refer(to: .rule, name.value, at: name.offset, table.reporter)
        }
        return table.has(key) ? names.map(\.value) : nil
    }

    /// The message's facts; what the records say is taken from the campaign unless it is given.
    private func readFacts(_ table: inout TableReader, _ campaigns: [Campaign]) -> Facts? {
        let sender = reference(&table, "from", .member)
        if !table.has("from") { table.report("missing key \"from\"; add from = \"MEMBER\"", at: table.offset) }
        let kinds = table.requiredList("to", .choice) as [Facts.RecipientKind]
        let domain = table.optional("domain", .domain)?.name ?? "recipient.example"
        // A case says what time it is: a verdict depends on nothing else that changes.
        let now = table.optional("now", .date)?.timestamp ?? Timestamp(seconds: 1_767_225_600)
        let subject = table.optional("subject", .text, default: "")
        let text = table.optional("text", .text, default: "")
        let reading = Triage.read(text: text)
        let channel = table.optional("channel", .identifier)
        if let channel { loader.catalogue.refer(to: .channel, channel, at: table.place(of: "channel"), table.reporter) }
        let submitted = table.optional("handed_in", .ago)
        let template = reference(&table, "template", .template)
        let amounts = table.list("amounts", .money)
        var facts = Facts(
            now: now,
            submittedAt: submitted.map { now.advanced(by: .zero - $0) },
            sender: MemberID(sender ?? ""),
            recipients: kinds.map { Facts.Recipient(kind: $0, domain: domain) },
            channel: channel.map { Channel($0) } ?? .email,
            isInCreatorThread: table.optional("in_creator_thread", .flag, default: false),
            form: table.optional("form", .choice, default: .ordinary),
            subject: subject,
            text: text,
            amounts: table.has("amounts") ? amounts : reading.amounts,
            terms: reading.terms,
            requests: reading.requests,
            attachments: table.tables("attachments").map(attachment),
            template: template.map { TemplateID($0) },
            hasInternalContent: table.optional("internal_content", .flag, default: false),
            calendar: calendar,
            undoTime: undoTime
        )
        let collaborator = readCollaborator(&table, campaigns, now)
        facts.campaign = collaborator.campaign
        let campaign = campaigns.first { $0.id == collaborator.campaign }
        facts.calendar = campaign?.calendar ?? calendar
        if kinds.contains(.creator) || kinds.contains(.agency) { facts.collaborators = [collaborator] }
        return sender == nil ? nil : facts
    }

    private func attachment(_ table: TableReader) -> Facts.Attachment {
        var table = table
        defer { table.finish() }
        return Facts.Attachment(
            name: table.optional("name", .line, default: ""),
            mediaType: table.optional("type", .attachmentType, default: "application/octet-stream"),
            size: table.optional("size", .size(in: 0...Limits.message), default: 0)
        )
    }

    private func readCollaborator(
        _ table: inout TableReader,
        _ campaigns: [Campaign],
        _ now: Timestamp
    ) -> Facts.Collaborator {
        let creator = reference(&table, "creator", .creator).map { CreatorID($0) }
        let campaignID = reference(&table, "campaign", .campaign).map { CampaignID($0) }
        let campaign = campaigns.first { $0.id == campaignID }
        let membership = campaign?.members.first { $0.creator == creator }
        let colleague = table.optional("colleague_wrote", .ago)
        let heard = table.optional("creator_wrote", .ago)
        let contacts = table.list("sent", .ago).sorted()
        return Facts.Collaborator(
            creator: creator ?? "somebody",
            campaign: campaignID,
            stage: table.optional("stage", .choice) ?? membership?.startingStage,
            formerStages: table.list("former_stages", .choice),
            ceiling: table.optional("ceiling", .money) ?? campaign?.ceiling,
            agreedRate: table.optional("agreed_rate", .money) ?? membership?.agreedRate,
            approvedTerms: membership?.approvedTerms ?? campaign?.approvedTerms ?? ApprovedTerms(),
            onFile: Set(table.list("on_file", .choice) as [DataKind]),
            isFirstContact: table.optional("first_contact", .flag, default: false),
            colleagueWroteAt: colleague.map { now.advanced(by: .zero - $0) },
            hasWaitingColleague: table.optional("colleague_waits", .flag, default: false),
            creatorWroteAt: heard.map { now.advanced(by: .zero - $0) },
            contacts: contacts.map { now.advanced(by: .zero - $0) },
            isClosed: table.optional("creator_closed", .flag, default: false)
        )
    }

    private func reference(_ table: inout TableReader, _ key: String, _ kind: Catalogue.Kind) -> String? {
        guard let id = table.optional(key, ValueForm<String>.identifier) else { return nil }
        loader.catalogue.refer(to: kind, id, at: table.place(of: key), table.reporter)
        return id
    }

    // MARK: Running

    /// Judges every case, and tells of those that come out otherwise.
    func run(_ cases: [Case], _ rules: RuleSet, _ team: Team) -> [PolicyCaseResult] {
        cases.map { item in
            var facts = item.facts
            facts.senderGroups = Set(team.member(facts.sender)?.groups ?? [])
            let verdict = rules.decide(facts)
            let difference = Self.difference(of: verdict, from: item)
            if let difference {
                item.reporter.report("the case \"\(item.name)\" fails: \(difference)", at: item.offset)
            }
            return PolicyCaseResult(
                name: item.name,
                place: "\(item.reporter.source.path):\(item.reporter.place(item.offset))",
                verdict: verdict,
                difference: difference
            )
        }
    }

    private static func difference(of verdict: Verdict, from item: Case) -> String? {
        let reasons = verdict.reasons.map { "\($0.rule) (\($0.text))" }.joined(separator: ", ")
        let because = reasons.isEmpty ? "" : ", because of \(reasons)"
        if verdict.outcome != item.outcome {
            return "expected \(item.outcome.name), got \(verdict.outcome.name)\(because)"
        }
        for rule in item.rules where !verdict.reasons.contains(where: { $0.rule == rule }) {
            return "expected the rule \"\(rule)\" to fire; what fired: \(reasons.isEmpty ? "none" : reasons)"
        }
        if let approvals = item.approvals, approvals != verdict.approvals {
            return "expected approvals \(text(approvals)), got \(text(verdict.approvals))"
        }
        if let permits = item.permits, permits.sorted() != verdict.permits {
            return "expected permits \(text(permits)), got \(text(verdict.permits))"
        }
        if let time = item.notBefore, time != verdict.notBefore {
            let found = verdict.notBefore.map { CivilTime($0).iso8601 } ?? "no such time"
            return "expected not before \(CivilTime(time).iso8601), got \(found)"
        }
        return nil
    }

    private static func text(_ approvals: [String: Int]) -> String {
        approvals.isEmpty
            ? "none" : approvals.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    }

    private static func text(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

extension ValueForm where Value == Duration {
    /// How long ago something was.
    fileprivate static var ago: Self { duration(in: .seconds(0) ... .seconds(365 * 86_400)) }
}

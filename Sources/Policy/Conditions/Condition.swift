package import Campaigns
package import Triage

/// What a rule asks of a message.
package indirect enum Condition: Hashable, Sendable {
    case always
    case all([Condition])
    case any([Condition])
    case not(Condition)

    // MARK: The envelope and the moment

    /// At least one recipient is of one of these kinds.
    case anyRecipient(Set<Facts.RecipientKind>)
    /// Every recipient is of one of these kinds.
    case everyRecipient(Set<Facts.RecipientKind>)
    /// At least one recipient is at one of these domains, lower case.
    case recipientDomain(Set<String>)
    case moreRecipientsThan(Int)
    case sender(Set<MemberID>)
    case senderGroup(Set<String>)
    case channel(Set<Channel>)
    /// By the clock of the house or campaign.
    case timeOfDay(WorkCalendar.Hours)
    case weekday(Set<WorkCalendar.Weekday>)
    case workingTime
    case form(Facts.Form)
    /// The message answers in a thread of a creator.
    case inCreatorThread
    case internalContent

    // MARK: The text

    /// One of these words or phrases stands in subject, text or a file's name, as whole words, letter case
    /// and punctuation aside.
    case words([String])
    /// Any sum of money is named.
    case namesAmount
    /// A use of the content or an exclusivity is spoken of.
    case namesTerms(Set<TermKind>)
    case hasAttachment
    /// `application/pdf`, `image/*` or the end of a file's name, `.exe`; lower case.
    case attachmentType(Set<String>)
    /// One attachment, or all together, has more bytes.
    case attachmentLargerThan(Int)
    /// The text is that of a template, unchanged; an empty set is any template.
    case template(Set<TemplateID>)
    /// A clause of one of these kinds stands in the text.
    case wording(Set<Clause.Kind>)
    /// One of these clauses stands in the text.
    case clause(Set<String>)

    // MARK: The records

    case campaign(Set<CampaignID>)
    case stage(Set<Stage>)
    case firstContact
    /// A colleague wrote to the same creator less than this long ago, or their mail waits.
    case colleagueWroteWithin(Duration)
    /// A colleague wrote to the same creator after this was handed in.
    case colleagueWroteMeanwhile
    /// The creator's side wrote after this was handed in.
    case creatorWroteMeanwhile
    /// More mails than this went to the creator in a period, this one not counted.
    case sentMoreThan(Int, within: Duration)
    /// An amount is over the ceiling of a campaign it concerns.
    case amountAboveCeiling
    /// An amount is not the rate agreed with the creator, where one is agreed.
    case amountNotAgreed
    /// A use, an exclusivity or its length goes beyond what is approved (C8).
    case termsNotApproved
    /// The text asks for what the record holds already (C10).
    case asksForDataOnFile(Set<DataKind>)
    case creatorClosed
}

extension Condition {
    /// The conditions that it is made of.
    var parts: [Condition] {
        switch self {
        case .all(let parts), .any(let parts): parts
        case .not(let part): [part]
        default: []
        }
    }

    /// Whether the answer depends on which of the creators addressed is looked at.
    var isAboutCreator: Bool {
        switch self {
        case .all, .any, .not: parts.contains(where: \.isAboutCreator)
        case .campaign, .stage, .firstContact, .colleagueWroteWithin, .colleagueWroteMeanwhile,
            .creatorWroteMeanwhile, .sentMoreThan, .amountAboveCeiling, .amountNotAgreed, .termsNotApproved,
            .asksForDataOnFile, .creatorClosed:
            true
        default: false
        }
    }

    /// Whether it asks what the message says, so that its texts may answer differently.
    var isAboutText: Bool {
        switch self {
        case .words, .namesAmount, .namesTerms, .template, .wording, .clause, .amountAboveCeiling, .amountNotAgreed,
            .termsNotApproved, .asksForDataOnFile:
            true
        default: false
        }
    }

    /// What it costs to ask, for asking the cheap ones first: the text is read last.
    var cost: Int {
        switch self {
        case .all, .any, .not: parts.map(\.cost).max() ?? 0
        case .words, .wording, .clause: 9
        case .recipientDomain, .everyRecipient, .anyRecipient, .attachmentType, .timeOfDay, .weekday, .workingTime: 2
        case .amountAboveCeiling, .amountNotAgreed, .termsNotApproved, .sentMoreThan: 3
        default: 1
        }
    }

    /// The condition in a few words, for `not`.
    var summary: String {
        switch self {
        case .always: "always"
        case .all(let parts): parts.map(\.summary).joined(separator: " and ")
        case .any(let parts): parts.map(\.summary).joined(separator: " or ")
        case .not(let part): "not \(part.summary)"
        case .anyRecipient(let kinds): "a recipient \(Self.list(kinds.map(\.rawValue)))"
        case .everyRecipient(let kinds): "every recipient \(Self.list(kinds.map(\.rawValue)))"
        case .recipientDomain(let domains): "a recipient at \(Self.list(Array(domains)))"
        case .moreRecipientsThan(let count): "more than \(count) recipients"
        case .sender(let members): "sent by \(Self.list(members.map(\.rawValue)))"
        case .senderGroup(let groups): "sent by one of \(Self.list(Array(groups)))"
        case .channel(let channels): "on \(Self.list(channels.map(\.rawValue)))"
        case .timeOfDay(let hours): "between \(hours)"
        case .weekday(let days): "on \(Self.list(days.map(\.rawValue)))"
        case .workingTime: "in working hours"
        case .form(let form): "a \(form.rawValue)"
        case .inCreatorThread: "in a thread with a creator"
        case .internalContent: "internal content"
        case .words(let phrases): "saying \(Self.list(phrases.map { "\"\($0)\"" }))"
        case .namesAmount: "an amount"
        case .namesTerms(let kinds): "speaking of \(Self.list(kinds.map(\.rawValue)))"
        case .hasAttachment: "an attachment"
        case .attachmentType(let types): "an attachment of type \(Self.list(Array(types)))"
        case .attachmentLargerThan(let size): "attachments over \(size) bytes"
        case .template(let ids): "an unchanged template\(ids.isEmpty ? "" : " \(Self.list(ids.map(\.rawValue)))")"
        case .wording(let kinds): "approved wording for \(Self.list(kinds.map(\.rawValue)))"
        case .clause(let ids): "the clause \(Self.list(Array(ids)))"
        case .campaign(let ids): "campaign \(Self.list(ids.map(\.rawValue)))"
        case .stage(let stages): "stage \(Self.list(stages.map(\.rawValue)))"
        case .firstContact: "first contact"
        case .colleagueWroteWithin, .colleagueWroteMeanwhile: "written to by a colleague"
        case .creatorWroteMeanwhile: "answered by the creator meanwhile"
        case .sentMoreThan(let count, _): "more than \(count) mails in the period"
        case .amountAboveCeiling: "an amount above the ceiling"
        case .amountNotAgreed: "an amount other than agreed"
        case .termsNotApproved: "terms that are not approved"
        case .asksForDataOnFile: "asking for data on file"
        case .creatorClosed: "a creator who asked not to be written to"
        }
    }

    static func list(_ values: [String]) -> String { values.sorted().joined(separator: " or ") }
}

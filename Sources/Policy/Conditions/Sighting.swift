internal import Base
internal import Campaigns
internal import Text
internal import Triage

/// One message, with one of the creators it addresses, as the conditions look at it.
///
/// The one place that knows what each condition means: the same look answers whether it holds and says
/// why, so that the two cannot differ. The text is made only where somebody reads it.
struct Sighting {
    let facts: Facts
    /// `nil` where the message addresses no creator.
    let collaborator: Facts.Collaborator?
    /// The one of its texts that is looked at, and the phrases and clauses found in it.
    let said: Facts.Said?
    let found: FoundPhrases
    let isTelling: Bool

    private func say(_ text: @autoclosure () -> String) -> String { isTelling ? text() : "" }

    private func say(_ holds: Bool, _ text: @autoclosure () -> String) -> String? { holds ? say(text()) : nil }

    /// Why a condition that has no parts holds; `nil` where it does not.
    func evidence(for condition: Condition) -> String? {
        switch condition {
        case .always: say("always")
        case .anyRecipient, .everyRecipient, .recipientDomain, .moreRecipientsThan: recipients(condition)
        case .sender(let members): say(members.contains(facts.sender), "sent by \(facts.sender)")
        case .senderGroup(let groups):
            facts.senderGroups.isDisjoint(with: groups)
                ? nil : say("sent by one of \(facts.senderGroups.intersection(groups).min() ?? "")")
        case .channel(let channels): say(channels.contains(facts.channel), "on \(facts.channel)")
        case .timeOfDay, .weekday, .workingTime: moment(condition)
        case .form(let form): say(facts.forms.contains(form), "a \(form.rawValue)")
        case .inCreatorThread: say(facts.isInCreatorThread, "in a thread with a creator")
        case .internalContent: say(facts.hasInternalContent, "quotes or attaches internal content")
        case .words, .namesAmount, .namesTerms, .template, .wording, .clause: text(condition)
        case .hasAttachment, .attachmentType, .attachmentLargerThan: attachments(condition)
        case .campaign(let ids):
            (facts.campaign ?? collaborator?.campaign).flatMap { say(ids.contains($0), "campaign \($0)") }
        default: collaborator.flatMap { records(condition, $0) }
        }
    }

    private func recipients(_ condition: Condition) -> String? {
        switch condition {
        case .anyRecipient(let kinds):
            facts.recipients.first { kinds.contains($0.kind) }.map { say("a recipient is \($0.kind.rawValue)") }
        case .everyRecipient(let kinds):
            say(
                !facts.recipients.isEmpty && facts.recipients.allSatisfy { kinds.contains($0.kind) },
                "every recipient is \(Condition.list(kinds.map(\.rawValue)))"
            )
        case .recipientDomain(let domains):
            facts.recipients.first { domains.contains($0.domain) }.map { say("a recipient is at \($0.domain)") }
        case .moreRecipientsThan(let count):
            say(facts.recipients.count > count, "\(facts.recipients.count) recipients")
        default: nil
        }
    }

    private func moment(_ condition: Condition) -> String? {
        let calendar = facts.calendar
        switch condition {
        case .timeOfDay(let hours):
            return say(
                hours.contains(calendar.minute(at: facts.now)),
                "between \(hours) in \(calendar.zone.name)"
            )
        case .weekday(let days):
            let today = calendar.weekday(at: facts.now)
            return say(days.contains(today), "on \(today.rawValue) in \(calendar.zone.name)")
        case .workingTime:
            return say(calendar.isWorkingTime(facts.now), "in working hours of \(calendar.zone.name)")
        default:
            return nil
        }
    }

    // MARK: The text

    private func text(_ condition: Condition) -> String? {
        switch condition {
        case .words(let phrases):
            phrases.first(where: found.phrases.contains).map { say("says \"\($0)\"") }
        case .namesAmount:
            said?.amounts.first.map { say("names \($0)") }
        case .namesTerms(let kinds):
            said?.terms.first { kinds.contains($0.kind) }.map { say("speaks of \(name($0))") }
        case .template(let ids):
            said?.template.flatMap { say(ids.isEmpty || ids.contains($0), "the template \($0), unchanged") }
        case .wording(let kinds):
            found.clauses.first { kinds.contains($0.kind) }.map { say("holds \($0.name)") }
        case .clause(let ids):
            found.clauses.first { ids.contains($0.id) }.map { say("holds \($0.name)") }
        default: nil
        }
    }

    private func name(_ term: ReadTerm) -> String { "\(term.kind.rawValue) (\"\(term.words)\")" }

    private func attachments(_ condition: Condition) -> String? {
        switch condition {
        case .hasAttachment:
            facts.attachments.first.map { say("attachment \(name($0))") }
        case .attachmentType(let types):
            facts.attachments.first { file in types.contains { Self.fits(file, $0) } }
                .map { say("attachment \(name($0))") }
        case .attachmentLargerThan(let size):
            say(
                facts.attachments.reduce(0) { $0 + $1.size } > size,
                "attachments of \(facts.attachments.reduce(0) { $0 + $1.size }) bytes"
            )
        default: nil
        }
    }

    private func name(_ file: Facts.Attachment) -> String {
        file.name.isEmpty ? file.mediaType : "\"\(file.name)\" (\(file.mediaType))"
    }

    private static func fits(_ file: Facts.Attachment, _ type: String) -> Bool {
        if type.hasPrefix(".") { return file.name.hasSuffix(type) }
        if type.hasSuffix("/*") { return file.mediaType.hasPrefix(type.dropLast()) }
        return file.mediaType == type
    }

    // MARK: The records

    private func records(_ condition: Condition, _ one: Facts.Collaborator) -> String? {
        switch condition {
        case .stage(let stages):
            one.stage.flatMap { say(stages.contains($0), "stage \($0) of \(place(one))") }
        case .firstContact:
            say(one.isFirstContact, "first contact with \(one.creator)")
        case .colleagueWroteWithin(let period):
            one.hasWaitingColleague
                ? say("mail of \(colleague(one)) to \(one.creator) waits")
                : one.colleagueWroteAt.flatMap { at in
                    let isRecent = facts.now.duration(since: at) < period
                    return say(isRecent, "\(colleague(one)) wrote to \(one.creator) a short time ago")
                }
        case .colleagueWroteMeanwhile:
            one.colleagueWroteAt.flatMap { at in
                say(at > facts.submittedAt, "\(colleague(one)) wrote to \(one.creator) meanwhile")
            }
        case .creatorWroteMeanwhile:
            one.creatorWroteAt.flatMap { say($0 > facts.submittedAt, "\(one.creator) wrote meanwhile") }
        case .sentMoreThan(let count, let period):
            frequency(one, count, period)
        case .creatorClosed:
            say(one.isClosed, "\(one.creator) asked not to be written to")
        default: agreement(condition, one)
        }
    }

    private func colleague(_ one: Facts.Collaborator) -> String { one.colleague?.rawValue ?? "a colleague" }

    private func place(_ one: Facts.Collaborator) -> String {
        one.campaign.map { "\(one.creator) in \($0)" } ?? one.creator.rawValue
    }

    private func frequency(_ one: Facts.Collaborator, _ count: Int, _ period: Duration) -> String? {
        let start = facts.now.advanced(by: .zero - period)
        let sent = one.contacts.prefix { $0 > start }.count
        return say(sent > count, "\(sent) mails to \(one.creator) in the period already")
    }

    private func agreement(_ condition: Condition, _ one: Facts.Collaborator) -> String? {
        switch condition {
        case .amountAboveCeiling:
            guard let ceiling = one.ceiling else { return nil }
            // A sum in another currency cannot be compared, so a person looks at it.
            return said?.amounts.first { $0.isGreater(than: ceiling) ?? true }
                .map { say("\($0) is above the ceiling of \(one.campaign?.rawValue ?? "the campaign")") }
        case .amountNotAgreed:
            guard let rate = one.agreedRate else { return nil }
            return said?.amounts.first { $0 != rate }.map { say("\($0) is not the rate agreed with \(place(one))") }
        case .termsNotApproved:
            return said?.terms.lazy.compactMap { self.excess($0, one) }.first
        case .asksForDataOnFile(let kinds):
            let asked = (said?.requests ?? []).intersection(kinds).intersection(one.dataOnFile)
            return asked.min().map { say("asks \(one.creator) for the \($0.rawValue), which is on file") }
        default:
            return nil
        }
    }

    /// How a term goes beyond what is approved; `nil` where it does not.
    private func excess(_ term: ReadTerm, _ one: Facts.Collaborator) -> String? {
        let approved = one.approvedTerms
        let house = one.campaign?.rawValue ?? "no campaign"
        let limit: TermLength?
        if term.kind == .exclusivity {
            guard let exclusivity = approved.exclusivity else {
                return say("\(name(term)) is not approved in \(house)")
            }
            limit = exclusivity
        } else {
            let isKnown = term.kind == .usage ? !approved.usage.isEmpty : approved.usage.contains(term.kind)
            guard isKnown else { return say("\(name(term)) is not approved in \(house)") }
            limit = approved.usageLength
        }
        guard let length = term.length else { return nil }
        guard let limit, length <= limit else {
            return say("\(name(term)) for \(length) is longer than approved in \(house)")
        }
        return nil
    }
}

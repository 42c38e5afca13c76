internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Letters
internal import Outbound
internal import Policy
internal import Store
internal import Views

/// What people said about an outbound message, told to its author and to those who may decide.
///
/// Each of them has one letter about it, made anew when something is said, and never a second one:
/// twenty comments are one unread message.
struct Discussion {
    let rulebook: Rulebook
    let transaction: Transaction

    /// Tells everybody concerned but the one who just spoke.
    func tell(about record: OutboundRecord, except speaker: MemberID) throws(StoreError) {
        let remarks = try remarks(on: record)
        guard !remarks.isEmpty else { return }
        let deciders = rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now)
        let readers = [record.author] + deciders.filter { $0 != record.author }
        let notices = Notices(rulebook: rulebook, transaction: transaction)
        for reader in readers where reader != speaker {
            try notices.tellRemarks(remarks, on: record, to: reader)
        }
    }

    /// Comments and corrections in their order, the newest where there are many.
    private func remarks(on record: OutboundRecord) throws(StoreError) -> [Remark] {
        let events = try transaction.events(about: EventSubject.outbound(record.id).text).compactMap(\.event)
        let remarks = events.compactMap { event -> Remark? in
            let who = event.actor.member.map { rulebook.member($0)?.name ?? $0.rawValue } ?? event.actor.text
            switch event.kind {
            case .commented:
                let text = event.fields[OutboundFold.Field.text] ?? ""
                return text.isEmpty ? nil : Remark(who: who, at: event.at, text: text)
            case .corrected:
                let revision = event.fields[OutboundFold.Field.revision] ?? ""
                return Remark(who: who, at: event.at, text: "made version \(record.id).\(revision) of it.")
            default:
                return nil
            }
        }
        return Array(remarks.suffix(Limits.shownComments))
    }
}

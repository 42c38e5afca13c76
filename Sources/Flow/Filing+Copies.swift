package import Base
package import Store
internal import Views

// The other way to move: FETCH and APPEND.

extension Filing {
    /// Acts on a message by a copy of it that a client fetched and appended, as some move (DESIGN §4).
    ///
    /// `visible`: the mailboxes that the member may look into; nobody acts on what they cannot see.
    /// What they then delete in one of these, in ten minutes, is the other half of the move.
    package func act(
        on copy: SealedCopy,
        into target: MailboxRow,
        visible: Set<MailboxID>
    ) throws(StoreError) -> DecisionOutcome {
        for message in try transaction.messages(withBody: copy.bodyHash) {
            guard try transaction.editions(of: message).contains(where: { $0.block == copy.block }) else { continue }
            let sources = try transaction.placements(of: message).map(\.mailbox).filter(visible.contains)
            guard !sources.isEmpty else { continue }
            let subject = try subject(of: message)
            let outcome: DecisionOutcome
            switch Act.of(subject.moved, into: destination(target), fromView: true) {
            case .comeBack(let why): outcome = .refused(why)
            case .file: outcome = .done("it is there already")
            case let act: outcome = try perform(act, on: subject)
            }
            if case .done = outcome {
                for source in sources { try rememberCopy(of: message, from: source) }
            }
            return outcome
        }
        return .refused("Greenroom does not know this message; move the one that it shows")
    }
}

internal import Base
internal import Synchronization

/// Who is told of changes; found by mailbox, since most sessions look at one that did not change.
final class Observers: Sendable {
    typealias Notify = @Sendable (StoreChange) -> Void

    private struct State {
        var everything: [Int: Notify] = [:]
        var mailboxes: [MailboxID: [Int: Notify]] = [:]
        var nextNumber = 0
    }

    private let state = Mutex(State())

    func add(_ scope: ObservationScope, _ notify: @escaping Notify) -> Int {
        state.withLock { state in
            state.nextNumber += 1
            switch scope {
            case .everything: state.everything[state.nextNumber] = notify
            case .mailbox(let mailbox): state.mailboxes[mailbox, default: [:]][state.nextNumber] = notify
            }
            return state.nextNumber
        }
    }

    func remove(_ number: Int, _ scope: ObservationScope) {
        // Released after the lock: an observer's own end may run other code.
        let removed: Notify? = state.withLock { state in
            switch scope {
            case .everything: return state.everything.removeValue(forKey: number)
            case .mailbox(let mailbox):
                let removed = state.mailboxes[mailbox]?.removeValue(forKey: number)
                if state.mailboxes[mailbox]?.isEmpty == true { state.mailboxes[mailbox] = nil }
                return removed
            }
        }
        _ = removed
    }

    /// Tells everybody whom a change concerns, in the order in which they began to observe.
    func notify(_ changes: ChangeSet) {
        let touched = changes.mailboxes.keys.sorted()
        let (everything, mailboxes) = state.withLock { state in
            (state.everything, touched.compactMap { id in state.mailboxes[id].map { (id, $0) } })
        }
        for (_, notify) in everything.sorted(by: { $0.key < $1.key }) {
            notify(StoreChange(mailboxes: touched, listChanged: changes.listChanged))
        }
        for (mailbox, observers) in mailboxes {
            let change = StoreChange(mailboxes: [mailbox], listChanged: changes.listChanged)
            for (_, notify) in observers.sorted(by: { $0.key < $1.key }) { notify(change) }
        }
    }
}

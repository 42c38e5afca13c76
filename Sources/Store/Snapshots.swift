internal import Base
internal import IMAPWire
internal import Synchronization

/// The mailboxes in memory: what IMAP needs at speed (uid, modseq, flags), shared by all sessions.
///
/// A mailbox is loaded at its first use, brought up to date by the writer after each commit, and
/// unloaded when nobody observes it. Members who set no flags of their own share one copy.
final class Snapshots: Sendable {
    /// A mailbox in memory.
    private struct Loaded {
        /// As a member sees it who set no flags of their own.
        var base: MailboxSnapshot
        /// As the members see it who asked for it.
        var views: [String: MailboxView] = [:]
    }

    /// What a load reads in one read transaction.
    typealias MailboxRead = @Sendable (ReadTransaction) throws -> (base: MailboxSnapshot, view: MailboxView)?

    /// A load that goes on: what was committed since it began, to be read again.
    private struct Load {
        let mailbox: MailboxID
        var missed = Set<UID>()
    }

    private struct Observer {
        let scope: ObservationScope
        let notify: @Sendable (StoreChange) -> Void
    }

    private struct State {
        var loaded: [MailboxID: Loaded] = [:]
        var loads: [Int: Load] = [:]
        var observers: [Int: Observer] = [:]
        var observed: [MailboxID: Int] = [:]
        var nextNumber = 0

        mutating func number() -> Int {
            nextNumber += 1
            return nextNumber
        }
    }

    private let state = Mutex(State())

    // MARK: Reading

    /// The newest snapshot, where it is in memory.
    func current(_ mailbox: MailboxID, member: String) -> MailboxSnapshot? {
        state.withLock { $0.loaded[mailbox]?.views[member]?.snapshot }
    }

    /// Loads a mailbox for a member on a reader's thread; kept where somebody observes it.
    func load(
        _ mailbox: MailboxID,
        member: String,
        read: (@escaping MailboxRead) throws -> (base: MailboxSnapshot, view: MailboxView)?
    ) throws -> MailboxSnapshot {
        let (number, known) = state.withLock { state in
            let number = state.number()
            state.loads[number] = Load(mailbox: mailbox)
            return (number, state.loaded[mailbox]?.base)
        }
        defer { _ = state.withLock { $0.loads.removeValue(forKey: number) } }
        let first = try read { transaction in
            guard let base = try known ?? transaction.baseSnapshot(of: mailbox),
                let view = try transaction.view(over: base, member: member)
            else { return nil }
            return (base, view)
        }
        guard var (base, view) = first else { throw StoreError.missing("mailbox \(mailbox)") }
        while true {
            let missed: Set<UID>? = state.withLock { state in
                let missed = state.loads[number]?.missed ?? []
                state.loads[number]?.missed = []
                if missed.isEmpty {
                    install(base, view, member, in: &state)
                    return nil
                }
                return missed
            }
            guard let missed else { return view.snapshot }
            // What was committed since the read began is read again.
            let (oldBase, oldView) = (base, view)
            let next = try read { transaction in
                guard let base = try transaction.updated(oldBase, missed),
                    let view = try transaction.updated(oldView, missed, over: base)
                else { return nil }
                return (base, view)
            }
            guard let next else { throw StoreError.missing("mailbox \(mailbox)") }
            (base, view) = next
        }
    }

    private func install(
        _ base: MailboxSnapshot,
        _ view: MailboxView,
        _ member: String,
        in state: inout State
    ) {
        guard state.observed[base.mailbox] != nil else { return }
        var loaded = state.loaded[base.mailbox] ?? Loaded(base: base)
        loaded.views[member] = view
        state.loaded[base.mailbox] = loaded
    }

    // MARK: After a commit, on the writer's thread

    /// Brings what is in memory up to date; called by one thread at a time, in order of commits.
    func publish(_ changes: ChangeSet, from transaction: ReadTransaction) {
        for (mailbox, uids) in changes.mailboxes {
            let loaded = state.withLock { state in
                for number in state.loads.keys where state.loads[number]?.mailbox == mailbox {
                    state.loads[number]?.missed.formUnion(uids)
                }
                return state.loaded[mailbox]
            }
            guard let loaded else { continue }
            // What cannot be read is dropped and loaded again at its next use.
            let base = try? transaction.updated(loaded.base, uids)
            var views: [String: MailboxView] = [:]
            if let base {
                for (member, view) in loaded.views {
                    views[member] = try? transaction.updated(view, uids, over: base)
                }
            }
            state.withLock { state in
                guard let base, state.loaded[mailbox] != nil else {
                    state.loaded[mailbox] = nil
                    return
                }
                state.loaded[mailbox]?.base = base
                // A view that was loaded meanwhile is up to date already.
                for member in loaded.views.keys { state.loaded[mailbox]?.views[member] = views[member] }
            }
        }
    }

    /// Tells the observers; after the answers to those who made the changes.
    func notify(_ changes: ChangeSet) {
        guard !changes.isEmpty else { return }
        let touched = changes.mailboxes.keys.sorted()
        let observers = state.withLock { $0.observers.sorted { $0.key < $1.key }.map(\.value) }
        for observer in observers {
            switch observer.scope {
            case .everything:
                observer.notify(StoreChange(mailboxes: touched, listChanged: changes.listChanged))
            case .mailbox(let mailbox) where changes.mailboxes[mailbox] != nil:
                observer.notify(StoreChange(mailboxes: [mailbox], listChanged: changes.listChanged))
            case .mailbox:
                break
            }
        }
    }

    // MARK: Observing

    func observe(_ scope: ObservationScope, _ notify: @escaping @Sendable (StoreChange) -> Void) -> Observation {
        let number = state.withLock { state in
            let number = state.number()
            state.observers[number] = Observer(scope: scope, notify: notify)
            if case .mailbox(let mailbox) = scope { state.observed[mailbox, default: 0] += 1 }
            return number
        }
        return Observation { self.end(number) }
    }

    private func end(_ number: Int) {
        // Released after the lock: an observer's own end may run other code.
        let observer: Observer? = state.withLock { state in
            let observer = state.observers.removeValue(forKey: number)
            guard case .mailbox(let mailbox) = observer?.scope, let count = state.observed[mailbox] else {
                return observer
            }
            state.observed[mailbox] = count > 1 ? count - 1 : nil
            if count == 1 { state.loaded[mailbox] = nil }
            return observer
        }
        _ = observer
    }
}

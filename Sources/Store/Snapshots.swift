internal import Base
internal import IMAPWire
internal import Synchronization

/// The mailboxes in memory: what IMAP needs at speed (uid, modseq, flags), shared by all sessions.
///
/// A mailbox is loaded at its first use and brought up to date by the writer after each commit. One
/// that somebody observes stays; of the others those stay that were used last, within a budget, so
/// that log-in, SELECT, log-out reads nothing. Members who set no flags of their own share one copy,
/// and a member's view is as large as the flags that they set.
final class Snapshots: Sendable {
    /// A mailbox in memory.
    struct Loaded {
        var base: BaseSnapshot
        /// As the members see it who asked for it; the base's own entries for those without own flags.
        var views: [String: MessageEntries]
        /// When it was last asked for.
        var use: Int
        /// What it takes of the budget: nothing while it is observed.
        var charge = 0
    }

    /// What a load reads in one read transaction.
    struct Read: Sendable {
        let base: BaseSnapshot
        let view: MessageEntries
    }

    typealias MailboxRead = @Sendable (ReadTransaction) throws -> Read?

    /// A load that goes on: what was committed since it last read.
    private struct Load {
        let mailbox: MailboxID
        var missed: Set<UID>?
    }

    private struct State {
        var loaded: [MailboxID: Loaded] = [:]
        var charged = 0
        var loads: [Int: Load] = [:]
        var observed: [MailboxID: Int] = [:]
        var nextNumber = 0
        /// The numbers of mailboxes by member, since the mailbox last changed.
        var counts: [MailboxID: [String: MailboxCounts]] = [:]
        /// When each mailbox last changed.
        var changes: [MailboxID: Int] = [:]

        mutating func number() -> Int {
            nextNumber += 1
            return nextNumber
        }
    }

    private let state = Mutex(State())
    /// Held while a mailbox is brought up to date or put in place, so that neither sees the other half
    /// done; taken before `state`.
    private let publishing = Mutex(())
    private let observers = Observers()
    /// Entries of unobserved mailboxes that are kept.
    private let budget: Int
    private let version = Atomic<Int>(0)

    init(budget: Int = Limits.warmEntries) { self.budget = budget }

    /// Rises with each change of the list of mailboxes or of subscriptions, before it is answered.
    var listVersion: Int { version.load(ordering: .acquiring) }

    // MARK: Reading

    /// The newest snapshot, where it is in memory.
    func current(_ mailbox: MailboxID, member: String) -> MailboxSnapshot? {
        state.withLock { state in
            guard let view = state.loaded[mailbox]?.views[member] else { return nil }
            let use = state.number()
            state.loaded[mailbox]?.use = use
            return state.loaded[mailbox]?.base.snapshot(showing: view)
        }
    }

    /// The numbers of a mailbox as they were last read, where it has not changed since.
    func counts(of mailbox: MailboxID, member: String) -> MailboxCounts? {
        state.withLock { $0.counts[mailbox]?[member] }
    }

    /// A moment before a read, by which it is known later whether what was read is still true.
    func mark() -> Int { state.withLock { $0.number() } }

    /// Keeps the numbers of a mailbox, unless it has changed since the moment before they were read.
    func keep(_ counts: MailboxCounts, of mailbox: MailboxID, member: String, readAfter mark: Int) {
        state.withLock { state in
            guard state.changes[mailbox] ?? 0 < mark else { return }
            state.counts[mailbox, default: [:]][member] = counts
        }
    }

    /// Loads a mailbox for a member on a reader's thread.
    func load(
        _ mailbox: MailboxID,
        member: String,
        read: (@escaping MailboxRead) throws -> Read?
    ) throws -> MailboxSnapshot {
        let number = state.withLock { state in
            let number = state.number()
            state.loads[number] = Load(mailbox: mailbox)
            return number
        }
        defer { _ = state.withLock { $0.loads.removeValue(forKey: number) } }
        var mine: Read?
        while true {
            let (known, missed) = publishing.withLock { _ in
                state.withLock { state in
                    defer { state.loads[number]?.missed = nil }
                    return (state.loaded[mailbox]?.base, state.loads[number]?.missed.map { $0.sorted() } ?? [])
                }
            }
            let last = mine
            let next = try read { try $0.read(mailbox, member: member, known: known, after: last, missed) }
            guard let next else { throw StoreError.missing("mailbox \(mailbox)") }
            mine = next
            // What was committed since the read began is read again.
            if let snapshot = publishing.withLock({ _ in install(next, for: member, number) }) { return snapshot }
        }
    }

    /// Puts what was read in place; nil where something was committed since.
    private func install(_ read: Read, for member: String, _ number: Int) -> MailboxSnapshot? {
        let mailbox = read.base.snapshot.mailbox
        return state.withLock { state in
            guard state.loads[number]?.missed == nil else { return nil }
            var base = read.base
            if let loaded = state.loaded[mailbox] {
                guard loaded.base.version == base.version else { return nil }
            } else {
                base.version = state.number()
                state.loaded[mailbox] = Loaded(base: base, views: [:], use: 0)
            }
            state.loaded[mailbox]?.views[member] = read.view
            let use = state.number()
            state.loaded[mailbox]?.use = use
            recharge(mailbox, in: &state)
            return base.snapshot(showing: read.view)
        }
    }

    // MARK: After a commit, on the writer's thread

    /// Brings what is in memory up to date; called by one thread at a time, in order of commits.
    func publish(_ changes: ChangeSet, from transaction: ReadTransaction) {
        if changes.listChanged { version.add(1, ordering: .acquiringAndReleasing) }
        guard !changes.mailboxes.isEmpty else { return }
        publishing.withLock { _ in
            for (mailbox, uids) in changes.mailboxes { publish(uids, of: mailbox, from: transaction) }
        }
    }

    private func publish(_ uids: Set<UID>, of mailbox: MailboxID, from transaction: ReadTransaction) {
        let (loaded, isObserved) = state.withLock { state in
            state.counts[mailbox] = nil
            state.changes[mailbox] = state.number()
            for number in state.loads.keys where state.loads[number]?.mailbox == mailbox {
                let missed = state.loads[number]?.missed ?? []
                state.loads[number]?.missed = missed.union(uids)
            }
            return (state.loaded[mailbox], state.observed[mailbox] != nil)
        }
        guard let loaded else { return }
        // What cannot be read, and what nobody looks at and changed in bulk, is loaded again at its next use.
        let isWorthIt = isObserved || uids.count <= Limits.changesOfWarmMailbox
        let next = isWorthIt ? try? transaction.updated(loaded, uids.sorted()) : nil
        state.withLock { state in
            guard var next else { return drop(mailbox, in: &state) }
            next.base.version = state.number()
            next.use = state.loaded[mailbox]?.use ?? 0
            next.charge = state.loaded[mailbox]?.charge ?? 0
            state.loaded[mailbox] = next
            recharge(mailbox, in: &state)
        }
    }

    /// Tells the observers; after the answers to those who made the changes.
    func notify(_ changes: ChangeSet) {
        guard !changes.isEmpty else { return }
        observers.notify(changes)
    }

    // MARK: Observing

    func observe(_ scope: ObservationScope, _ notify: @escaping @Sendable (StoreChange) -> Void) -> Observation {
        if case .mailbox(let mailbox) = scope {
            state.withLock { state in
                state.observed[mailbox, default: 0] += 1
                recharge(mailbox, in: &state)
            }
        }
        let number = observers.add(scope, notify)
        return Observation {
            self.observers.remove(number, scope)
            guard case .mailbox(let mailbox) = scope else { return }
            self.state.withLock { state in
                let count = state.observed[mailbox] ?? 1
                state.observed[mailbox] = count > 1 ? count - 1 : nil
                self.recharge(mailbox, in: &state)
            }
        }
    }

    // MARK: Budget

    /// Takes a mailbox into account as it is now, and lets those go that nobody used for longest.
    private func recharge(_ mailbox: MailboxID, in state: inout State) {
        guard let loaded = state.loaded[mailbox] else { return }
        let charge = state.observed[mailbox] == nil ? loaded.size : 0
        state.charged += charge - loaded.charge
        state.loaded[mailbox]?.charge = charge
        while state.charged > budget {
            guard let oldest = state.loaded.filter({ $0.value.charge > 0 }).min(by: { $0.value.use < $1.value.use })
            else { return }
            drop(oldest.key, in: &state)
        }
    }

    private func drop(_ mailbox: MailboxID, in state: inout State) {
        guard let loaded = state.loaded.removeValue(forKey: mailbox) else { return }
        state.charged -= loaded.charge
    }
}

extension Snapshots.Loaded {
    /// About how much memory it takes, in entries; a mailbox without messages takes some, too.
    fileprivate var size: Int {
        views.values.reduce(Limits.chargeOfWarmMailbox + base.entries.count) {
            $0 + (base.entries.isIdentical(to: $1) ? 0 : $1.count)
        }
    }
}

extension BaseSnapshot {
    /// The mailbox as a member sees it.
    fileprivate func snapshot(showing view: MessageEntries) -> MailboxSnapshot {
        MailboxSnapshot(
            mailbox: snapshot.mailbox,
            uidValidity: snapshot.uidValidity,
            uidNext: snapshot.uidNext,
            highestModSeq: snapshot.highestModSeq,
            entries: view
        )
    }
}

extension ReadTransaction {
    /// One step of a load; nil where the mailbox is gone.
    ///
    /// `known` is the mailbox where it is in memory, `last` what the step before read, and `missed` what
    /// was committed since.
    fileprivate func read(
        _ mailbox: MailboxID,
        member: String,
        known: BaseSnapshot?,
        after last: Snapshots.Read?,
        _ missed: [UID]
    ) throws(StoreError) -> Snapshots.Read? {
        let base =
            if let known {
                known
            } else if let last {
                try updated(last.base, missed)
            } else {
                try baseSnapshot(of: mailbox)
            }
        guard let base else { return nil }
        var followed: MessageEntries?
        if let last {
            followed = last.view.following(
                base.entries,
                from: last.base.entries,
                changed: missed,
                own: try ownFlags(of: missed, in: mailbox)[member] ?? [],
                ownsSeen: base.ownsSeen
            )
        }
        if let followed { return Snapshots.Read(base: base, view: followed) }
        return Snapshots.Read(base: base, view: try view(over: base, member: member))
    }

    /// A mailbox in memory with some UIDs read again; nil where it is gone.
    fileprivate func updated(_ loaded: Snapshots.Loaded, _ uids: [UID]) throws(StoreError) -> Snapshots.Loaded? {
        guard let base = try updated(loaded.base, uids) else { return nil }
        let own = try ownFlags(of: uids, in: base.snapshot.mailbox)
        var next = loaded
        next.base = base
        for (member, view) in loaded.views {
            let following = view.following(
                base.entries,
                from: loaded.base.entries,
                changed: uids,
                own: own[member] ?? [],
                ownsSeen: base.ownsSeen
            )
            if let following {
                next.views[member] = following
            } else {
                next.views[member] = try self.view(over: base, member: member)
            }
        }
        return next
    }
}

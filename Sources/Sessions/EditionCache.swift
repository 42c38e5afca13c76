internal import Base
internal import Synchronization

/// What was asked for recently of editions, as long as there is room.
///
/// What an edition holds never changes (INV-3), so nothing here can be out of date.
final class EditionCache<Value: Sendable>: Sendable {
    /// Two halves: what was used since the last turn, and what was used in the turn before.
    private struct State {
        var recent: [EditionID: Value] = [:]
        var older: [EditionID: Value] = [:]
        var recentOctets = 0
        var olderOctets = 0
    }

    private let state = Mutex(State())
    /// Octets that are kept, at most.
    private let limit: Int
    /// About what a value takes.
    private let charge: @Sendable (Value) -> Int

    init(limit: Int, charge: @escaping @Sendable (Value) -> Int) {
        self.limit = limit
        self.charge = charge
    }

    /// What is kept of each edition, where that is enough.
    func values(of editions: [EditionID], if isEnough: (Value) -> Bool = { _ in true }) -> [Value?] {
        state.withLock { state in
            editions.map { edition in
                if let found = state.recent[edition] { return isEnough(found) ? found : nil }
                guard let found = state.older[edition], isEnough(found) else { return nil }
                insert(found, for: edition, in: &state)
                return found
            }
        }
    }

    /// Keeps values; a larger one is never given up for a smaller one.
    func insert(_ values: [(edition: EditionID, value: Value)]) {
        state.withLock { state in
            for (edition, value) in values { insert(value, for: edition, in: &state) }
        }
    }

    /// Octets that are kept.
    var octets: Int { state.withLock { $0.recentOctets + $0.olderOctets } }

    private func insert(_ value: Value, for edition: EditionID, in state: inout State) {
        let octets = charge(value)
        guard octets <= limit else { return }
        if let kept = state.recent[edition] {
            guard octets > charge(kept) else { return }
            state.recentOctets -= charge(kept)
        }
        if let kept = state.older.removeValue(forKey: edition) { state.olderOctets -= charge(kept) }
        state.recent[edition] = value
        state.recentOctets += octets
        // The turn: what was not used since the last one goes.
        if state.recentOctets > limit / 2 {
            (state.older, state.olderOctets) = (state.recent, state.recentOctets)
            (state.recent, state.recentOctets) = ([:], 0)
        }
        if state.olderOctets + state.recentOctets > limit { (state.older, state.olderOctets) = ([:], 0) }
    }
}

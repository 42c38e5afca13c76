internal import Base
internal import IMAPServer
internal import Synchronization

/// The bytes of messages that were asked for recently, with what was parsed of them: a client that
/// fetches a large part in chunks, and members who read the same new mail, are answered from memory.
///
/// What an edition holds never changes (INV-3), so nothing here can be out of date.
final class ContentCache: Sendable {
    /// Two halves: what was used since the last turn, and what was used in the turn before.
    private struct State {
        var recent: [EditionID: EditionContent] = [:]
        var older: [EditionID: EditionContent] = [:]
        var recentOctets = 0
        var olderOctets = 0
    }

    private let state = Mutex(State())
    /// Octets that are kept, at most.
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// What is kept of each edition, where that is as much as is asked for.
    func contents(of editions: [EditionID], part: EditionPart) -> [EditionContent?] {
        state.withLock { state in
            editions.map { edition in
                guard let found = state.recent[edition] ?? state.older[edition],
                    part == .header || found.isComplete
                else { return nil }
                insert(found, in: &state)
                return found
            }
        }
    }

    func insert(_ contents: [EditionContent]) {
        state.withLock { state in
            for content in contents { insert(content, in: &state) }
        }
    }

    /// Octets that are kept.
    var octets: Int { state.withLock { $0.recentOctets + $0.olderOctets } }

    private func insert(_ content: EditionContent, in state: inout State) {
        guard Self.charge(content) <= limit else { return }
        if let kept = state.recent[content.edition] {
            // The whole is never given up for a header.
            guard content.bytes.count > kept.bytes.count else { return }
            state.recentOctets -= Self.charge(kept)
        }
        if let kept = state.older.removeValue(forKey: content.edition) { state.olderOctets -= Self.charge(kept) }
        state.recent[content.edition] = content
        state.recentOctets += Self.charge(content)
        // The turn: what was not used since the last one goes.
        if state.recentOctets > limit / 2 {
            (state.older, state.olderOctets) = (state.recent, state.recentOctets)
            (state.recent, state.recentOctets) = ([:], 0)
        }
        if state.olderOctets + state.recentOctets > limit { (state.older, state.olderOctets) = ([:], 0) }
    }

    /// The bytes, and about what is parsed of a usual message.
    private static func charge(_ content: EditionContent) -> Int { content.bytes.count + 1024 }
}

internal import Base
internal import IMAPWire

// EMAILID and THREADID in SEARCH (RFC 8474 §6).
extension SearchKey {
    /// The same condition with ids as the UIDs that they are in a mailbox.
    func withoutObjectIDs(in view: MailboxView) async throws(IMAPFailure) -> SearchKey {
        guard names({ if case .emailID = $0 { true } else { false } }) || namesThreads else { return self }
        var uids = UIDsByObject()
        let threads = namesThreads ? try await view.threads(at: [view.entries.indices]) : [:]
        for entry in view.entries {
            uids.byEdition[entry.edition, default: []].append(entry.uid)
            if let thread = threads[entry.edition] { uids.byThread[thread, default: []].append(entry.uid) }
        }
        return replacing(view.mailbox.objectIDs, uids)
    }

    private struct UIDsByObject {
        var byEdition: [EditionID: [UID]] = [:]
        var byThread: [ConversationID: [UID]] = [:]
    }

    private func replacing(_ ids: ObjectIDs, _ uids: UIDsByObject) -> SearchKey {
        switch self {
        case .emailID(let id): .uids(ids.edition(id).flatMap { uids.byEdition[$0] })
        case .threadID(let id): .uids(ids.thread(id).flatMap { uids.byThread[$0] })
        case .and(let keys): .and(keys.map { $0.replacing(ids, uids) })
        case .or(let first, let second): .or(first.replacing(ids, uids), second.replacing(ids, uids))
        case .not(let inner): .not(inner.replacing(ids, uids))
        default: self
        }
    }

    private var namesThreads: Bool { names { if case .threadID = $0 { true } else { false } } }

    /// Whether a key of a kind stands in it anywhere.
    private func names(_ isWanted: (SearchKey) -> Bool) -> Bool {
        switch self {
        case .and(let keys): keys.contains { $0.names(isWanted) }
        case .or(let first, let second): first.names(isWanted) || second.names(isWanted)
        case .not(let inner): inner.names(isWanted)
        default: isWanted(self)
        }
    }

    private static func uids(_ uids: [UID]?) -> SearchKey {
        guard let uids else { return .not(.all) }
        return .uid(SequenceSet(uids.map { SequenceSet.Range($0, $0) }))
    }
}

extension MailboxView {
    /// The conversations of messages, those without one left out.
    func threads(at ranges: [Range<Int>]) async throws(IMAPFailure) -> [EditionID: ConversationID] {
        var threads: [EditionID: ConversationID] = [:]
        for range in ranges {
            var rest = entries[range]
            while !rest.isEmpty {
                let slice = rest.prefix(Self.threadSlice).map(\.edition)
                rest = rest.dropFirst(slice.count)
                for (edition, thread) in zip(slice, try await mailbox.threads(of: slice)) { threads[edition] = thread }
            }
        }
        return threads
    }

    /// Messages whose conversations are read at a time.
    private static let threadSlice = 4096
}

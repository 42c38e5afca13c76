internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Message
internal import Store
internal import Synchronization
internal import Views

/// A mailbox that a member has selected.
final class MemberMailbox: IMAPMailbox {
    let session: MemberSession
    private let folder: FolderList.Folder
    private let isReadOnly: Bool
    private let state: Mutex<State>

    private struct State {
        var snapshot: MailboxSnapshot
        var observation: Observation?
    }

    var house: House { session.house }
    private var id: MailboxID { folder.row.id }

    init(session: MemberSession, folder: FolderList.Folder, isReadOnly: Bool) {
        self.session = session
        self.folder = folder
        self.isReadOnly = isReadOnly
        let empty = MailboxSnapshot(
            mailbox: folder.row.id,
            uidValidity: folder.row.uidValidity,
            uidNext: folder.row.uidNext,
            highestModSeq: folder.row.highestModSeq,
            entries: MessageEntries()
        )
        state = Mutex(State(snapshot: empty))
        // Observed from the start, so that the store keeps the snapshot loaded and up to date.
        let observation = session.house.store.observe(.mailbox(folder.row.id)) { _ in }
        state.withLock { $0.observation = observation }
    }

    var info: MailboxInfo {
        MailboxInfo(
            name: folder.name,
            isReadOnly: isReadOnly,
            keywords: latestSnapshot.entries.keywords,
            permanentFlags: isReadOnly ? .none : Flags([.seen, .answered, .flagged, .deleted, .draft]),
            allowsNewKeywords: !isReadOnly
        )
    }

    var objectIDs: ObjectIDs { session.objectIDs }

    func threads(of editions: [EditionID]) async throws(IMAPFailure) -> [ConversationID?] {
        try await house.read { transaction in try editions.map { try transaction.thread(of: $0) } }
    }

    var latestSnapshot: MailboxSnapshot {
        let current = house.store.currentSnapshot(of: id, member: session.member)
        return state.withLock { state in
            if let current { state.snapshot = current }
            return state.snapshot
        }
    }

    func firstRecent(claimingBelow uidNext: UID?) -> UID {
        let recent = house.store.recent
        return uidNext.map { recent.claim(in: id, below: $0) } ?? recent.first(in: id)
    }

    func refresh() async throws(IMAPFailure) {
        do {
            let snapshot = try await house.store.snapshot(of: id, member: session.member)
            state.withLock { $0.snapshot = snapshot }
        } catch {
            throw house.failure(error)
        }
    }

    func observe(_ wake: @escaping @Sendable () -> Void) {
        let observation = house.store.observe(.mailbox(id)) { _ in wake() }
        // Begun before the old one ends, so that the snapshot stays.
        state.withLock { state in
            defer { state.observation = observation }
            return state.observation
        }?.cancel()
    }

    func close() async {
        state.withLock { state in
            defer { state.observation = nil }
            return state.observation
        }?.cancel()
    }

    // MARK: Bytes

    /// One hop for those that are not in memory.
    func contents(of editions: [EditionID], part: EditionPart) async throws(IMAPFailure) -> [EditionContent?] {
        let memory = session.memory.contents
        var contents = memory.contents(of: editions, part: part)
        let missing = contents.indices.filter { contents[$0] == nil }
        guard !missing.isEmpty else { return contents }
        let log = house.log
        let wanted = missing.map { editions[$0] }
        let read = try await house.read { transaction in
            try wanted.map { try Self.content(of: $0, part, transaction, log) }
        }
        for (index, content) in zip(missing, read) { contents[index] = content }
        memory.insert(read.compactMap(\.self))
        return contents
    }

    private static func content(
        of edition: EditionID,
        _ part: EditionPart,
        _ transaction: ReadTransaction,
        _ log: Log
    ) throws(StoreError) -> EditionContent? {
        do {
            let found = try transaction.content(of: edition) { start in
                part == .header && Header(start).range.upperBound < start.count
            }
            return found.map { EditionContent(edition: edition, size: $0.size, bytes: $0.bytes) }
        } catch {
            guard case .damagedBody(let hash) = error else { throw error }
            // One message that cannot be read leaves the others to be answered.
            log.error("body \(hash) is damaged: a message is not shown")
            return nil
        }
    }

    func read(_ edition: EditionID, _ range: Range<Int>) async throws(IMAPFailure) -> [UInt8]? {
        if let known = session.memory.contents.contents(of: [edition], part: .whole).first ?? nil {
            return Array(known.bytes[range.clamped(to: 0..<known.bytes.count)])
        }
        return try await house.read { try $0.slice(of: edition, range) }
    }

    // MARK: What was parsed when messages came in

    func structures<Value: Sendable>(
        of editions: [EditionID],
        as value: @escaping @Sendable (Int, MessageStructure) -> Value
    ) async throws(IMAPFailure) -> [Value?] {
        let memory = session.memory.structures
        let known = memory.values(of: editions)
        var values = known.enumerated().map { index, structure in structure.map { value(index, $0) } }
        let missing = known.indices.filter { known[$0] == nil }
        guard !missing.isEmpty else { return values }
        let read: [(structure: MessageStructure, value: Value)??]
        do {
            read = try await house.store.structures(of: missing.map { editions[$0] }) { place, bytes in
                MessageStructure(bytes).map { (structure: $0, value: value(missing[place], $0)) }
            }
        } catch {
            throw house.failure(error)
        }
        for case (let index, let found??) in zip(missing, read) { values[index] = found.value }
        // Whoever goes through a whole mailbox comes back to little of it.
        if editions.count <= Limits.structuresKeptAtOnce {
            memory.insert(
                zip(missing, read).compactMap { index, found in
                    (found ?? nil).map { (editions[index], $0.structure) }
                }
            )
        }
        return values
    }

    func saveDates(of uids: [UID]) async throws(IMAPFailure) -> [Timestamp?] {
        let mailbox = id
        return try await house.read { try $0.saveDates(of: uids, in: mailbox) }
    }

    func compute<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(IMAPFailure) -> Value {
        do {
            return try await house.store.compute(work)
        } catch {
            throw house.failure(error)
        }
    }

    func vanished(since modSeq: ModSeq) async throws(IMAPFailure) -> NumberSet? {
        let mailbox = id
        return try await house.read { try $0.vanished(from: mailbox, after: modSeq) }.map { NumberSet($0) }
    }

    // MARK: Changes

    func store(
        _ change: FlagChange,
        uids: [UID],
        unchangedSince: ModSeq?,
        progress: Progress?
    ) async throws(IMAPFailure) -> [StoreResult] {
        try expectWritable()
        let (rulebook, acting, row) = (house.rulebook, session.acting, folder.row)
        try session.expectRoom(for: change.added, in: id)
        let conflicts = Set(
            try await session.writeInSlices(uids, isOne: unchangedSince != nil, progress) { transaction, slice in
                try Filing(rulebook: rulebook, transaction: transaction, member: acting)
                    .changeFlags(change, of: slice, in: row, unchangedSince: unchangedSince).sorted()
            }
        )
        try await refresh()
        let after = latestSnapshot
        return uids.compactMap { uid in
            after.index(of: uid).map { index in
                let entry = after.entries[index]
                return StoreResult(
                    uid: uid,
                    flags: entry.flags,
                    modSeq: entry.modSeq,
                    isConflict: conflicts.contains(uid)
                )
            }
        }
    }

    func copy(_ uids: [UID], to target: MailboxName, progress: Progress) async throws(IMAPFailure) -> CopyResult {
        try await file(uids, to: target, isCopy: true, progress)
    }

    func move(_ uids: [UID], to target: MailboxName, progress: Progress) async throws(IMAPFailure) -> CopyResult {
        try expectWritable()
        return try await file(uids, to: target, isCopy: false, progress)
    }

    func expunge(_ uids: NumberSet?, progress: Progress) async throws(IMAPFailure) {
        try expectWritable()
        let marked = latestSnapshot.entries.deletedUIDs.filter { uids?.contains($0) ?? true }
        guard !marked.isEmpty else { return }
        let (rulebook, acting, row) = (house.rulebook, session.acting, folder.row)
        _ = try await session.writeInSlices(marked, progress) { transaction, slice in
            try Filing(rulebook: rulebook, transaction: transaction, member: acting).expungeMarked(slice, from: row)
            return slice
        }
        house.outboundMayHaveChanged()
        try await refresh()
    }

    func replace(
        _ uid: UID,
        with message: AppendedMessage,
        in target: MailboxName
    ) async throws(IMAPFailure) -> AppendResult {
        try expectWritable()
        let filing = try await session.filing(of: [message], to: target)
        let (rulebook, acting, row) = (house.rulebook, session.acting, folder.row)
        let result = try await house.write { transaction in
            guard try transaction.placement(uid, in: row.id) != nil else {
                throw IMAPFailure.refused(.expungeIssued, "The message is gone; nothing was replaced")
            }
            // What takes the other's place in its account needs no room of its own.
            if filing.target.account != row.account {
                try filing.account.expectRoom(messages: filing.mails.count, octets: filing.octets, transaction)
            }
            let result = try filing.insert(in: transaction)
            try Filing(rulebook: rulebook, transaction: transaction, member: acting).expunge([uid], from: row)
            return result
        }
        house.outboundMayHaveChanged()
        try await refresh()
        return result
    }

    private func file(
        _ uids: [UID],
        to name: MailboxName,
        isCopy: Bool,
        _ progress: Progress
    ) async throws(IMAPFailure) -> CopyResult {
        guard let target = try await session.folders().0.folder(name) else { throw .noSuchTarget }
        guard target.isWritable else { throw .noPermission }
        let (rulebook, acting, row) = (house.rulebook, session.acting, folder.row)
        let results: [Filing.Result]
        if isCopy {
            let octets = snapshotOctets(of: uids)
            results = try await session.copy(uids, octets: octets, from: row, to: target, progress)
        } else {
            results = try await session.writeInSlices(uids, progress) { transaction, slice in
                try Filing(rulebook: rulebook, transaction: transaction, member: acting)
                    .move(slice, from: row, to: target.row)
            }
        }
        house.outboundMayHaveChanged()
        // A move into a campaign sets a stage or vouches for an address: matching reads both.
        if target.account == nil, View(key: target.row.key)?.isShared == true { await session.refreshRecords() }
        try await refresh()
        let notes = Set(results.compactMap(\.note)).sorted()
        return CopyResult(
            uidValidity: target.row.uidValidity,
            pairs: results.compactMap { result in
                result.target.map { CopyResult.Pair(source: result.source, target: $0) }
            },
            note: notes.isEmpty ? nil : notes.joined(separator: "; ")
        )
    }

    private func snapshotOctets(of uids: [UID]) -> Int {
        let snapshot = latestSnapshot
        return uids.reduce(0) { sum, uid in
            sum + (snapshot.index(of: uid).map { Int(snapshot.entries[$0].size) } ?? 0)
        }
    }

    private func expectWritable() throws(IMAPFailure) {
        guard !isReadOnly else { throw .refused(.readOnly, "This mailbox is open for reading only") }
    }
}

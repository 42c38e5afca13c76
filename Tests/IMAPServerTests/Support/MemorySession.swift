import Base
import IMAPWire
import Message
import Synchronization

@testable import IMAPServer

struct MemorySession: IMAPSession {
    let house: MemoryHouse
    let member: String

    var isCurrent: Bool { house.state.withLock { !$0.endedMembers.contains(member) } }

    func namespaces() async throws(IMAPFailure) -> Namespaces { Namespaces(shared: ["Shared/"]) }

    func mailboxes() async throws(IMAPFailure) -> [MailboxListing] {
        house.state.withLock { state in
            state.boxes.map {
                MailboxListing(
                    name: $0.name,
                    use: $0.use,
                    isSelectable: $0.isSelectable,
                    isSubscribed: $0.isSubscribed,
                    exists: $0.exists,
                    rights: rights(state),
                    id: $0.isSelectable ? $0.id : nil
                )
            }
        }
    }

    private func check() throws(IMAPFailure) {
        let failure = house.state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
        if let failure { throw failure }
    }

    var objectIDs: ObjectIDs { MemoryHouse.objectIDs }

    func create(_ name: MailboxName, use: SpecialUse?) async throws(IMAPFailure) -> MailboxID {
        try check()
        guard !house.state.withLock({ $0.boxes.contains { $0.name == name } }) else {
            throw .refused(.alreadyExists, "There is one of that name")
        }
        defer { house.tellWatchers() }
        return house.addMailbox(name.text, use: use)
    }

    func delete(_ name: MailboxName) async throws(IMAPFailure) {
        let found = house.state.withLock { state in
            let count = state.boxes.count
            state.boxes.removeAll { $0.name == name }
            return state.boxes.count < count
        }
        guard found else { throw .noSuchMailbox }
        house.tellWatchers()
    }

    func rename(_ name: MailboxName, to new: MailboxName) async throws(IMAPFailure) {
        let ids = house.state.withLock { state in
            state.boxes.indices.filter { state.boxes[$0].name == name || state.boxes[$0].name.isBelow(name) }.map {
                let rest = state.boxes[$0].name.text.dropFirst(name.text.count)
                state.boxes[$0].name = MailboxName(unchecked: new.text + rest)
                return state.boxes[$0].id
            }
        }
        guard !ids.isEmpty else { throw .noSuchMailbox }
        house.tellWatchers()
    }

    func subscribe(_ name: MailboxName, _ subscribed: Bool) async throws(IMAPFailure) {
        guard house.change(name, { box, _ in box.isSubscribed = subscribed }) != nil || !subscribed else {
            throw .noSuchMailbox
        }
        house.tellWatchers()
    }

    private func rights(_ state: MemoryHouse.State) -> AccessRights {
        state.readers.contains(member) ? [.lookUp, .read] : [.lookUp, .read, .seen, .write, .insert, .deleteMessages]
    }

    private func box(_ name: MailboxName) throws(IMAPFailure) -> MemoryHouse.Box {
        guard let box = house.state.withLock({ state in state.boxes.first { $0.name == name } }) else {
            throw .noSuchMailbox
        }
        return box
    }

    func metadata(of mailboxes: [MailboxName?]) async throws(IMAPFailure) -> [[MetadataValue]?] {
        house.state.withLock { state in
            mailboxes.map { name in
                guard name == nil || state.boxes.contains(where: { $0.name == name }) else { return nil }
                let id = name.flatMap { name in state.boxes.first { $0.name == name }?.id }
                let owners = state.annotations[id] ?? [:]
                return ["", member].flatMap { owners[$0] ?? [:] }.map { MetadataValue($0.key, $0.value) }
            }
        }
    }

    func setMetadata(_ values: [MetadataValue], of mailbox: MailboxName?) async throws(IMAPFailure) {
        try check()
        let id = try mailbox.map { name throws(IMAPFailure) in try box(name).id }
        house.state.withLock { state in
            for value in values {
                state.annotations[id, default: [:]][value.entry.isPrivate ? member : "", default: [:]][value.entry] =
                    value.value
            }
        }
        house.tellWatchers()
    }

    func accessList(of mailbox: MailboxName) async throws(IMAPFailure) -> [AccessEntry] {
        _ = try box(mailbox)
        return house.state.withLock { [AccessEntry(identifier: member, rights: rights($0))] }
    }

    func quotaRoot(of mailbox: MailboxName) async throws(IMAPFailure) -> QuotaRoot? {
        house.state.withLock { mailbox.text.hasPrefix("Approvals") ? nil : $0.quota }
    }

    func quotaRoot(named root: String) async throws(IMAPFailure) -> QuotaRoot {
        guard let quota = house.state.withLock({ $0.quota }), quota.name == root else {
            throw .refused(.nonexistent, "There is no quota root of that name")
        }
        return quota
    }

    func observe(
        _ notify: @escaping @Sendable (_ mailboxes: [MailboxID], _ namesChanged: Bool) -> Void
    ) -> any AnyObject & Sendable {
        let number = house.state.withLock { state in
            state.nextID += 1
            state.watchers[state.nextID] = notify
            return state.nextID
        }
        return Watcher { [house] in house.state.withLock { _ = $0.watchers.removeValue(forKey: number) } }
    }

    private final class Watcher: Sendable {
        private let end: @Sendable () -> Void
        init(_ end: @escaping @Sendable () -> Void) { self.end = end }
        deinit { end() }
    }

    func status(_ names: [MailboxName]) async throws(IMAPFailure) -> [MailboxStatus?] {
        try check()
        return house.state.withLock { state in
            names.map { name in
                state.boxes.first { $0.name == name && $0.isSelectable }.map { MailboxStatus($0.snapshot) }
            }
        }
    }

    func open(_ name: MailboxName, readOnly: Bool) async throws(IMAPFailure) -> any IMAPMailbox {
        let found = house.state.withLock { state -> (MailboxID, Int64, Bool)? in
            guard let box = state.boxes.first(where: { $0.name == name && $0.isSelectable }) else { return nil }
            state.nextID += 1
            return (box.id, state.nextID, state.readOnly.contains(name))
        }
        guard let (id, token, isReadOnly) = found else { throw .noSuchMailbox }
        return MemoryMailbox(
            house: house,
            id: id,
            token: token,
            info: MailboxInfo(name: name, isReadOnly: readOnly || isReadOnly)
        )
    }

    func append(_ messages: [AppendedMessage], to name: MailboxName) async throws(IMAPFailure) -> AppendResult {
        try check()
        let result = house.change(name) { box, state -> AppendResult in
            var uids: [UID] = []
            for message in messages {
                uids.append(
                    MemoryHouse.add(
                        message.bytes,
                        to: &box,
                        &state,
                        flags: message.flags,
                        received: message.received ?? MemoryHouse.received
                    )
                )
            }
            let isActing = state.acting.contains(name)
            return AppendResult(uidValidity: box.uidValidity, uids: isActing ? [] : uids)
        }
        guard let result else { throw .noSuchMailbox }
        return result
    }

    func identify(_ client: [(name: String, value: String?)]) async {
        house.state.withLock { $0.identified += client.map { "\($0.name)=\($0.value ?? "")" } }
    }

    func end() async { house.state.withLock { $0.ended += 1 } }
}

struct MemoryMailbox: IMAPMailbox {
    let house: MemoryHouse
    let id: MailboxID
    let token: Int64
    let info: MailboxInfo

    private func change<Value>(_ body: (inout MemoryHouse.Box, inout MemoryHouse.State) -> Value) -> Value? {
        guard let name = house.state.withLock({ $0.boxes.first { $0.id == id }?.name }) else { return nil }
        return house.change(name, body)
    }

    private func check() throws(IMAPFailure) {
        let failure = house.state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
        if let failure { throw failure }
    }

    var objectIDs: ObjectIDs { MemoryHouse.objectIDs }

    func threads(of editions: [EditionID]) async throws(IMAPFailure) -> [ConversationID?] {
        house.state.withLock { state in editions.map { state.threads[$0] } }
    }

    var latestSnapshot: MailboxSnapshot {
        house.state.withLock { state in
            state.boxes.first { $0.id == id }?.snapshot
                ?? MailboxSnapshot(
                    mailbox: id,
                    uidValidity: 1,
                    uidNext: 1,
                    highestModSeq: .max,
                    entries: MessageEntries()
                )
        }
    }

    func firstRecent(claimingBelow uidNext: UID?) -> UID {
        house.state.withLock { state in
            guard let marks = state.recent else { return .max }
            let first = marks[id] ?? 1
            if let uidNext { state.recent?[id] = max(first, uidNext) }
            return first
        }
    }

    func refresh() async throws(IMAPFailure) {}

    func answers(to questions: [SearchQuestion], from: EditionID, through: EditionID) async -> [IndexAnswer] {
        house.state.withLock { state in
            guard let index = state.index else { return [] }
            return questions.map { index($0, state.editions, from.rawValue..<(through.rawValue + 1)) }
        }
    }

    var now: Timestamp { house.state.withLock { $0.now } }

    func observe(_ wake: @escaping @Sendable () -> Void) {
        house.state.withLock { $0.observers.append((id, token, wake)) }
    }

    func contents(of editions: [EditionID], part: EditionPart) async throws(IMAPFailure) -> [EditionContent?] {
        house.state.withLock { state in
            state.instant = state.instant.advanced(by: state.slowness)
            return editions.map { edition in
                state.editions[edition].map { bytes in
                    let end = bytes.span.firstIndex(of: [13, 10, 13, 10]).map { $0 + 4 } ?? bytes.count
                    let shown = part == .header ? Array(bytes[..<end]) : bytes
                    return EditionContent(edition: edition, size: bytes.count, bytes: shown)
                }
            }
        }
    }

    func structures<Value: Sendable>(
        of editions: [EditionID],
        as value: @escaping @Sendable (Int, MessageStructure) -> Value
    ) async throws(IMAPFailure) -> [Value?] {
        let messages = house.state.withLock { state in editions.map { state.editions[$0] } }
        return messages.enumerated().map { index, bytes in bytes.map { value(index, MessageStructure(parsing: $0)) } }
    }

    func saveDates(of uids: [UID]) async throws(IMAPFailure) -> [Timestamp?] {
        house.state.withLock { state in
            let saved = state.boxes.first { $0.id == id }?.saved ?? [:]
            return uids.map { saved[$0] }
        }
    }

    func compute<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(IMAPFailure) -> Value { work() }

    func read(_ edition: EditionID, _ range: Range<Int>) async throws(IMAPFailure) -> [UInt8]? {
        house.state.withLock { state in
            state.reads += 1
            return state.editions[edition].map { Array($0[range]) }
        }
    }

    func vanished(since modSeq: ModSeq) async throws(IMAPFailure) -> NumberSet? {
        house.state.withLock { state in
            guard let box = state.boxes.first(where: { $0.id == id }), modSeq >= box.floor else { return nil }
            return NumberSet(box.tombstones.filter { $0.modSeq > modSeq }.map(\.uid))
        }
    }

    func store(
        _ change: FlagChange,
        uids: [UID],
        unchangedSince: ModSeq?,
        progress: Progress?
    ) async throws(IMAPFailure) -> [StoreResult] {
        try check()
        await house.toil(uids.count, progress)
        return self.change { box, state in
            var results: [StoreResult] = []
            for index in box.entries.indices where uids.contains(box.entries[index].uid) {
                let old = box.entries[index].flags
                if let unchangedSince, box.entries[index].modSeq > unchangedSince {
                    let entry = box.entries[index]
                    results.append(
                        StoreResult(uid: entry.uid, flags: old, modSeq: entry.modSeq, isConflict: true)
                    )
                    continue
                }
                let kept = old.keywords.filter { state.computed.contains($0) }
                var new = change.applied(to: old)
                new = new.subtracting(Flags(keywords: state.computed)).union(Flags(keywords: kept))
                if new != old {
                    box.modSeq += 1
                    box.entries[index].flags = new
                    box.entries[index].modSeq = box.modSeq
                }
                results.append(StoreResult(uid: box.entries[index].uid, flags: new, modSeq: box.entries[index].modSeq))
            }
            return results
        } ?? []
    }

    func copy(_ uids: [UID], to target: MailboxName, progress: Progress) async throws(IMAPFailure) -> CopyResult {
        try check()
        await house.toil(uids.count, progress)
        let chosen = latestSnapshot.entries.filter { uids.contains($0.uid) }
        let result = house.change(target) { box, state -> CopyResult in
            var pairs: [CopyResult.Pair] = []
            for entry in chosen {
                let uid = MemoryHouse.add(
                    state.editions[entry.edition] ?? [],
                    to: &box,
                    &state,
                    flags: entry.flags,
                    received: entry.received
                )
                pairs.append(CopyResult.Pair(source: entry.uid, target: uid))
            }
            let isActing = state.acting.contains(target)
            return CopyResult(
                uidValidity: box.uidValidity,
                pairs: isActing ? [] : pairs,
                note: isActing ? "Approved" : nil
            )
        }
        guard let result else { throw .noSuchMailbox }
        return result
    }

    func move(_ uids: [UID], to target: MailboxName, progress: Progress) async throws(IMAPFailure) -> CopyResult {
        let result = try await copy(uids, to: target, progress: progress)
        remove { uids.contains($0.uid) }
        return result
    }

    func replace(
        _ uid: UID,
        with message: AppendedMessage,
        in target: MailboxName
    ) async throws(IMAPFailure) -> AppendResult {
        guard latestSnapshot.index(of: uid) != nil else { throw .refused(.expungeIssued, "The message is gone") }
        let result = try await MemorySession(house: house, member: "anna").append([message], to: target)
        remove { $0.uid == uid }
        return result
    }

    func expunge(_ uids: NumberSet?, progress: Progress) async throws(IMAPFailure) {
        try check()
        await house.toil(latestSnapshot.entries.count, progress)
        remove { $0.flags.system.contains(.deleted) && uids?.contains($0.uid) ?? true }
    }

    private func remove(_ isGone: (MailboxSnapshot.Entry) -> Bool) {
        _ = change { box, _ in
            box.remove(where: isGone)
        }
    }

    func close() async {
        house.state.withLock { state in
            state.observers.removeAll { $0.token == token }
            state.closed += 1
        }
    }
}

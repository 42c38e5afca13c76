internal import Base
internal import IMAPWire

/// A mailbox as one session numbers its messages: what its client was told, which may be behind the
/// shared snapshot.
///
/// Messages that are gone keep their numbers until the client may be told (RFC 9051 §7.5.1).
package final class MailboxView {
    let mailbox: any IMAPMailbox
    let info: MailboxInfo
    let uidValidity: UInt32

    /// As told; the index is the message's number less one.
    ///
    /// Shares its chunks with the snapshots of others; those that hold ghosts are its own.
    private(set) var entries: MessageEntries
    /// What was told since by STORE or FETCH, so that it is not told again.
    private var told: [UID: Told] = [:]
    /// Which snapshot was last merged.
    private var version: Version
    /// Whether `entries` holds messages that are gone.
    private var hasGhosts = false
    /// What FLAGS named so far.
    private var keywords: Set<Keyword>

    /// What the last SEARCH RETURN (SAVE) found (RFC 5182); what is gone since may be in it.
    var savedResult = NumberSet()
    /// Up to where the client has heard of everything, removals too (RFC 7162 §3.2).
    private(set) var settledModSeq: ModSeq

    /// Whether \Recent is spoken of: IMAP4rev2 has it no more (RFC 9051 appendix E 7).
    private let tellsRecent: Bool
    /// The messages that no other session was told of before (RFC 3501 §2.3.2); gone ones among them.
    private var recent = NumberSet()

    private struct Told {
        var flags: Flags
        /// `nil` where the client was not told.
        var modSeq: ModSeq?
    }

    private struct Version: Equatable {
        var modSeq: ModSeq
        var uidNext: UID
        var count: Int

        init(_ snapshot: MailboxSnapshot) {
            modSeq = snapshot.highestModSeq
            uidNext = snapshot.uidNext
            count = snapshot.entries.count
        }
    }

    /// With `tellsRecent` the client is told which messages it is the first to hear of, as IMAP4rev1 wants.
    init(_ mailbox: any IMAPMailbox, tellsRecent: Bool = false) {
        let snapshot = mailbox.latestSnapshot
        self.tellsRecent = tellsRecent
        self.mailbox = mailbox
        info = mailbox.info
        uidValidity = snapshot.uidValidity
        entries = snapshot.entries
        version = Version(snapshot)
        settledModSeq = snapshot.highestModSeq
        keywords = Set(info.keywords)
        _ = takeRecent(below: snapshot.uidNext)
    }

    /// The flags that FLAGS names: system flags without \Recent, and keywords.
    var flagNames: [String] {
        let system = SystemFlags.names.filter { $0.flag != .recent }.map(\.name)
        return system + keywords.sorted().map(\.name)
    }

    /// Above all UIDs that the client was told of.
    var uidNext: UID { version.uidNext }

    // MARK: Which messages are meant

    /// The indices of a set, ascending; `nil` where a message number does not exist.
    ///
    /// UIDs that do not exist are passed over (RFC 9051 §6.4.9).
    func indices(of set: SequenceSet, byUID: Bool) -> [Range<Int>]? {
        if set.isSavedResult { return savedIndices }
        guard byUID else {
            let largest = UInt32(entries.count)
            guard set.isWithin(largest) else { return nil }
            return set.resolved(largest: largest).ranges.map { Int($0.lowerBound) - 1..<Int($0.upperBound) }
        }
        guard let last = entries.last?.uid else { return [] }
        return set.resolved(largest: last).ranges.compactMap { range in
            let first = entries.firstIndex(atOrAfter: range.lowerBound)
            let end = range.upperBound == .max ? entries.count : entries.firstIndex(atOrAfter: range.upperBound + 1)
            return first < end ? first..<end : nil
        }
    }

    /// The UIDs at indices.
    func uids(at ranges: [Range<Int>]) -> [UID] {
        ranges.flatMap { entries.uids(in: $0) }
    }

    /// Whether none of these messages is gone, told or not.
    func areThere(_ uids: [UID]) -> Bool {
        let latest = mailbox.latestSnapshot
        return uids.allSatisfy { latest.index(of: $0) != nil }
    }

    /// The message number of a UID that was told.
    func number(of uid: UID) -> UInt32? {
        entries.index(of: uid).map { UInt32($0 + 1) }
    }

    // MARK: Flags that an answer tells

    /// Whether the client was told everything that a snapshot holds.
    func isCurrent(in latest: MailboxSnapshot) -> Bool {
        told.isEmpty && entries.isIdentical(to: latest.entries)
    }

    /// The newest flags of a message; those last told where it is gone.
    func currentFlags(at index: Int, in latest: MailboxSnapshot) -> (flags: Flags, modSeq: ModSeq) {
        let entry = entries[index]
        // Without ghosts before it the message stands at the same place.
        if index < latest.entries.count, latest.entries[index].uid == entry.uid {
            return (latest.entries[index].flags, latest.entries[index].modSeq)
        }
        if let found = latest.index(of: entry.uid) {
            return (latest.entries[found].flags, latest.entries[found].modSeq)
        }
        return (told[entry.uid]?.flags ?? entry.flags, told[entry.uid]?.modSeq ?? entry.modSeq)
    }

    /// The flags as the client has them.
    func flagsTold(at index: Int) -> Flags {
        told.isEmpty ? entries.flags(at: index) : told[entries[index].uid]?.flags ?? entries.flags(at: index)
    }

    /// Remembers that the client knows these flags of a message, and the MODSEQ where it was told.
    func noteTold(_ flags: Flags, _ modSeq: ModSeq?, at index: Int) {
        let entry = entries[index]
        guard told[entry.uid] != nil || entry.flags != flags || (modSeq ?? entry.modSeq) != entry.modSeq else { return }
        told[entry.uid] = Told(flags: flags, modSeq: modSeq)
    }

    /// Writes FLAGS where a keyword is new to the client, before the line that holds it.
    func announce(_ flags: Flags, into writer: inout WireWriter) {
        guard !flags.keywords.allSatisfy({ keywords.contains($0) }) else { return }
        keywords.formUnion(flags.keywords)
        writer.response(.flags(flagNames))
    }

    // MARK: Recent

    /// Makes new messages this session's, where it is the first to hear of them; EXAMINE leaves them to others.
    private func takeRecent(below uidNext: UID) -> Bool {
        guard tellsRecent else { return false }
        let first = mailbox.firstRecent(claimingBelow: info.isReadOnly ? nil : uidNext)
        guard first < uidNext else { return false }
        recent = NumberSet(recent.ranges + [first...uidNext - 1])
        return true
    }

    /// How many of the messages told are recent.
    var recentCount: UInt32 {
        recent.ranges.reduce(0) { count, range in
            let end = range.upperBound == .max ? entries.count : entries.firstIndex(atOrAfter: range.upperBound + 1)
            return count + UInt32(end - entries.firstIndex(atOrAfter: range.lowerBound))
        }
    }

    /// The flags of a message as this client is told them.
    func shown(_ flags: Flags, of uid: UID) -> Flags {
        guard !recent.isEmpty, recent.contains(uid) else { return flags }
        var flags = flags
        flags.system.insert(.recent)
        return flags
    }

    // MARK: What has happened since

    /// What may be told now.
    package enum Telling: Sendable {
        /// Numbers must not shift: FETCH, STORE and SEARCH by message number.
        case withoutExpunges
        case everything
    }

    /// Writes what changed since the client was last told.
    func tell(
        _ telling: Telling,
        _ enabled: Enabled,
        withoutFlags: Bool = false,
        into writer: inout WireWriter
    ) {
        if var changes = takeChanges(telling) {
            // RFC 5465 §5.1: a client may want to hear of messages alone.
            if withoutFlags { changes.changed = [] }
            changes.write(into: &writer, of: self, enabled)
        }
        // RFC 7162 §3.2: a client that counts must not count past a removal it has not heard of.
        if hasGhosts, enabled.contains(.condStore) { tellHighestModSeq(into: &writer) }
    }

    /// Says from where the client has to ask again should the connection be lost now.
    func tellHighestModSeq(into writer: inout WireWriter) {
        let code = ResponseCode.highestModSeq(settledModSeq)
        writer.status(StatusResponse(tag: nil, .ok, code, "All that came before was told"))
    }

    /// Brings the view up to date as far as the client may be told, and gives what it is to hear.
    ///
    /// Costs as much as what changed, not as the mailbox.
    private func takeChanges(_ telling: Telling) -> MailboxChanges? {
        let latest = mailbox.latestSnapshot
        let newest = Version(latest)
        guard newest != version || (hasGhosts && telling == .everything) else { return nil }
        let difference = latest.entries.difference(since: entries)
        var changes = MailboxChanges()
        var ghosts: [EntryChange] = []
        for (before, index) in difference.gone.enumerated() {
            var entry = entries[index]
            if telling == .everything {
                changes.gone.append(MailboxChanges.Gone(number: UInt32(index - before + 1), uid: entry.uid))
            } else {
                entry.flags = told[entry.uid]?.flags ?? entry.flags
                ghosts.append(EntryChange(uid: entry.uid, entry: entry))
            }
        }
        changes.changed = difference.changed.map { pair in
            let new = latest.entries[pair.new]
            return MailboxChanges.Changed(
                // With its ghosts, every message that was told stands where it stood.
                index: telling == .everything ? pair.new : pair.old,
                uid: new.uid,
                flags: new.flags,
                modSeq: new.modSeq,
                isKnown: new.flags == flagsTold(at: pair.old),
                isCounted: new.modSeq == told[new.uid]?.modSeq
            )
        }
        entries = latest.entries.applying(ghosts)
        changes.arrived = entries.count - difference.arrived.count..<entries.count
        if !changes.arrived.isEmpty, takeRecent(below: newest.uidNext) { changes.recent = recentCount }
        hasGhosts = !ghosts.isEmpty
        if !hasGhosts { settledModSeq = newest.modSeq }
        version = newest
        told.removeAll()
        return changes
    }
}

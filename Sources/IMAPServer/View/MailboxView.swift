internal import Base
internal import IMAPWire

/// A mailbox as one session numbers its messages: what its client was told, which may be behind the
/// shared snapshot.
///
/// Messages that are gone keep their numbers until the client may be told (RFC 9051 §7.5.1).
/// \Recent is never set: RFC 9051 dropped it, and with several sessions of one member no answer
/// would be true for all of them.
package final class MailboxView {
    let mailbox: any IMAPMailbox
    let info: MailboxInfo
    let uidValidity: UInt32

    /// As told; the index is the message's number less one.
    ///
    /// Most of the time the very array of the shared snapshot.
    private(set) var entries: [MailboxSnapshot.Entry]
    /// Flags told since by STORE or FETCH, so that they are not told again.
    private var toldFlags: [UID: Flags] = [:]
    /// Which snapshot was last merged.
    private var version: Version
    /// Whether `entries` holds messages that are gone.
    private var hasGhosts = false
    /// What FLAGS named so far.
    private var keywords: Set<Keyword>

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

    init(_ mailbox: any IMAPMailbox) {
        let snapshot = mailbox.latestSnapshot
        self.mailbox = mailbox
        info = mailbox.info
        uidValidity = snapshot.uidValidity
        entries = snapshot.entries
        version = Version(snapshot)
        keywords = Set(info.keywords)
    }

    /// The flags that FLAGS names: system flags without \Recent, and keywords.
    var flagNames: [String] {
        let system = SystemFlags.names.filter { $0.flag != .recent }.map(\.name)
        return system + keywords.sorted().map(\.name)
    }

    // MARK: Which messages are meant

    /// The indices of a set, ascending; `nil` where a message number does not exist.
    ///
    /// UIDs that do not exist are passed over (RFC 9051 §6.4.9).
    func indices(of set: SequenceSet, byUID: Bool) -> [Range<Int>]? {
        guard byUID else {
            let largest = UInt32(entries.count)
            guard set.isWithin(largest) else { return nil }
            return set.resolved(largest: largest).ranges.map { Int($0.lowerBound) - 1..<Int($0.upperBound) }
        }
        guard let last = entries.last?.uid else { return [] }
        return set.resolved(largest: last).ranges.compactMap { range in
            let first = firstIndex(atOrAfter: range.lowerBound)
            let end = range.upperBound == .max ? entries.count : firstIndex(atOrAfter: range.upperBound + 1)
            return first < end ? first..<end : nil
        }
    }

    /// The UIDs at indices.
    func uids(at ranges: [Range<Int>]) -> [UID] {
        ranges.flatMap { entries[$0].map(\.uid) }
    }

    /// Whether none of these messages is gone, told or not.
    func areThere(_ uids: [UID]) -> Bool {
        let latest = mailbox.latestSnapshot
        return uids.allSatisfy { latest.index(of: $0) != nil }
    }

    private func firstIndex(atOrAfter uid: UID) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].uid < uid { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The message number of a UID that was told.
    func number(of uid: UID) -> UInt32? {
        let index = firstIndex(atOrAfter: uid)
        return index < entries.count && entries[index].uid == uid ? UInt32(index + 1) : nil
    }

    // MARK: Flags that an answer tells

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
        return (toldFlags[entry.uid] ?? entry.flags, entry.modSeq)
    }

    /// The flags as the client has them.
    func flagsTold(at index: Int) -> Flags { toldFlags[entries[index].uid] ?? entries[index].flags }

    /// Remembers that the client knows these flags of a message.
    func noteTold(_ flags: Flags, at index: Int) {
        let uid = entries[index].uid
        guard toldFlags[uid] != nil || entries[index].flags != flags else { return }
        toldFlags[uid] = flags
    }

    /// Writes FLAGS where a keyword is new to the client, before the line that holds it.
    func announce(_ flags: Flags, into writer: inout WireWriter) {
        guard !flags.keywords.allSatisfy({ keywords.contains($0) }) else { return }
        keywords.formUnion(flags.keywords)
        writer.response(.flags(flagNames))
    }

    // MARK: What has happened since

    /// What may be told now.
    package enum Telling: Sendable {
        /// Numbers must not shift: FETCH, STORE and SEARCH by message number.
        case withoutExpunges
        case everything
    }

    /// Writes what changed since the client was last told: EXPUNGE, EXISTS, FETCH with FLAGS.
    func tell(_ telling: Telling, _ enabled: Enabled, into writer: inout WireWriter) {
        let latest = mailbox.latestSnapshot
        let newest = Version(latest)
        let tellsModSeq = enabled.contains(.condStore)
        guard newest != version || (hasGhosts && telling == .everything) else { return }
        let merge = merged(with: latest.entries, telling, into: &writer)
        entries = merge.entries
        hasGhosts = merge.hasGhosts
        version = newest
        if merge.arrived > 0 { writer.response(.exists(UInt32(entries.count))) }
        for (index, flags, modSeq) in merge.changed {
            announce(flags, into: &writer)
            writer.response(.fetch(UInt32(index + 1), [.flags(flags.names)] + (tellsModSeq ? [.modSeq(modSeq)] : [])))
        }
        toldFlags.removeAll()
    }

    private struct Merge {
        var entries: [MailboxSnapshot.Entry]
        var hasGhosts = false
        var arrived = 0
        var changed: [(index: Int, flags: Flags, modSeq: ModSeq)] = []
    }

    /// Goes through what was told and what is, both by UID.
    private func merged(
        with newest: [MailboxSnapshot.Entry],
        _ telling: Telling,
        into writer: inout WireWriter
    ) -> Merge {
        var merge = Merge(entries: [])
        var ghosts: [MailboxSnapshot.Entry] = []
        var number = 0
        var position = 0
        for old in entries {
            while position < newest.count, newest[position].uid < old.uid { position += 1 }
            guard position < newest.count, newest[position].uid == old.uid else {
                if telling == .everything {
                    writer.response(.expunge(UInt32(number + 1)))
                } else {
                    ghosts.append(old)
                    number += 1
                }
                continue
            }
            let new = newest[position]
            if new.modSeq != old.modSeq, new.flags != toldFlags[old.uid] ?? old.flags {
                merge.changed.append((number, new.flags, new.modSeq))
            }
            number += 1
            position += 1
        }
        merge.arrived = newest.count - position
        merge.hasGhosts = !ghosts.isEmpty
        merge.entries = ghosts.isEmpty ? newest : Self.joined(ghosts, newest)
        return merge
    }

    /// Two lists in order of UID as one.
    private static func joined(
        _ ghosts: [MailboxSnapshot.Entry],
        _ newest: [MailboxSnapshot.Entry]
    ) -> [MailboxSnapshot.Entry] {
        var result: [MailboxSnapshot.Entry] = []
        result.reserveCapacity(ghosts.count + newest.count)
        var rest = ghosts[...]
        for entry in newest {
            while let ghost = rest.first, ghost.uid < entry.uid { result.append(rest.removeFirst()) }
            result.append(entry)
        }
        return result + rest
    }
}

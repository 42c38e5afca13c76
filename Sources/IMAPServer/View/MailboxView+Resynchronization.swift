internal import IMAPWire

// What a client that has seen the mailbox before is told of (RFC 7162 §3.1.4.1, §3.2.5, §3.2.6).
extension MailboxView {
    /// Of these indices, those of messages that changed after a MODSEQ.
    func indices(in ranges: [Range<Int>], changedSince modSeq: ModSeq) -> [Range<Int>] {
        let latest = mailbox.latestSnapshot
        guard latest.highestModSeq > modSeq else { return [] }
        return indices(in: ranges) { currentFlags(at: $0, in: latest).modSeq > modSeq }
    }

    /// Of these UIDs, those that went after a MODSEQ and that the client does not count as there.
    ///
    /// Where it is no longer known what went when, all that are not there: except those up to the
    /// last message of the sample that stands where the client says (RFC 7162 §3.2.5.2), since from
    /// the first message to that one none can be gone that the client does not know of.
    func vanished(
        since modSeq: ModSeq,
        of uids: NumberSet,
        _ sample: KnownMailbox.Sample? = nil
    ) async throws(IMAPFailure) -> NumberSet {
        if let gone = try await mailbox.vanished(since: modSeq) {
            return NumberSet(gone.intersection(uids).numbers.filter { entries.index(of: $0) == nil })
        }
        guard uidNext > 1 else { return NumberSet() }
        let agreed = sample.map { lastAgreed($0) } ?? 0
        guard agreed < uidNext - 1 else { return NumberSet() }
        let past = uids.intersection(NumberSet([agreed + 1...uidNext - 1]))
        return past.subtracting(NumberSet(entries.lazy.map(\.uid)))
    }

    /// The UID of the last message of a sample that has the number that the sample gives it; 0 for none.
    private func lastAgreed(_ sample: KnownMailbox.Sample) -> UID {
        var last: UID = 0
        var uids = sample.uids.ranges.lazy.flatMap { $0 }.makeIterator()
        for range in sample.numbers.ranges {
            for number in range {
                guard Int(number) <= entries.count, let uid = uids.next() else { return last }
                if entries[Int(number) - 1].uid == uid { last = uid }
            }
        }
        return last
    }

    /// The indices of what SEARCH RETURN (SAVE) kept, without what is gone (RFC 5182 §2.1).
    var savedIndices: [Range<Int>] {
        let ranges = indices(of: SequenceSet(savedResult), byUID: true) ?? []
        let latest = mailbox.latestSnapshot
        return indices(in: ranges) { latest.index(of: entries[$0].uid) != nil }
    }

    /// The indices that hold, as ranges again.
    private func indices(in ranges: [Range<Int>], where holds: (Int) -> Bool) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges {
            for index in range where holds(index) {
                if let last = result.last, last.upperBound == index {
                    result[result.count - 1] = last.lowerBound..<index + 1
                } else {
                    result.append(index..<index + 1)
                }
            }
        }
        return result
    }
}

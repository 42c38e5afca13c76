internal import Base
internal import IMAPWire
internal import Store

/// What a message's flags become when the upstream tells of others.
struct FlagMerge {
    /// What they were upstream when last seen.
    let base: Flags
    /// What they are there now.
    let theirs: Flags
    /// Flags that operations on their way set or take away: what the upstream says of them is old.
    let pending: Flags

    /// The flags here after the difference upstream is applied to them.
    func applied(to ours: Flags) -> Flags {
        let added = theirs.subtracting(base).subtracting(pending)
        let removed = base.subtracting(theirs).subtracting(pending)
        return ours.union(added).subtracting(removed)
    }
}

extension ReadTransaction {
    /// The flags of a message that operations on their way touch.
    func pendingFlags(of message: MessageID) throws(StoreError) -> Flags {
        var pending = Flags.none
        for row in try journal(of: message) {
            guard case .flags(let adding, let removing)? = Operation(row) else { continue }
            pending = pending.union(adding).union(removing)
        }
        return pending
    }
}

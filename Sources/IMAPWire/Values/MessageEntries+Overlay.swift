/// What one member set themselves on one message.
package struct OwnFlags: Hashable, Sendable {
    package let uid: UID
    package let flags: SystemFlags
    package let modSeq: ModSeq

    package init(uid: UID, flags: SystemFlags, modSeq: ModSeq) {
        self.uid = uid
        self.flags = flags
        self.modSeq = modSeq
    }
}

extension SystemFlags {
    /// The flags as a member sees them who has set `own`: \Deleted is theirs alone, \Seen where
    /// `ownsSeen` says so.
    package func overlaid(with own: Self, ownsSeen: Bool) -> Self {
        let shared = ownsSeen ? subtracting(.seen).union(own.intersection(.seen)) : self
        return shared.union(own.intersection(.deleted))
    }
}

// A member's view of a mailbox: chunks without flags of their own are the mailbox's very chunks, and
// the others share with them what a message is for ever.
extension MessageEntries {
    /// The entries as a member sees them, who set these flags; in order of UID.
    package func overlaid(with own: [OwnFlags], ownsSeen: Bool) -> Self {
        guard !own.isEmpty else { return self }
        return following(self, from: self, changed: own.map(\.uid), own: own, ownsSeen: ownsSeen) ?? self
    }

    /// This view after a change of what it was laid over; `nil` where it was laid over something else.
    ///
    /// `base` is the mailbox now, `old` the mailbox that this view was made over. `changed` are the UIDs
    /// that changed, for everybody or for the member, and `own` is what the member set on those; both in
    /// order of UID. `ownsSeen` says whether \Seen is each member's own.
    package func following(
        _ base: Self,
        from old: Self,
        changed: [UID],
        own: [OwnFlags],
        ownsSeen: Bool
    ) -> Self? {
        guard places.count == old.places.count else { return nil }
        var result = Self(empty: chunkLimit)
        result.reserve(base.places.count)
        var passed = 0
        var (changed, own) = (changed[...], own[...])
        for place in base.places {
            while passed < old.places.count, old.places[passed].lastUID < place.lastUID { passed += 1 }
            let touched = changed.prefix { $0 <= place.lastUID }
            changed = changed.dropFirst(touched.count)
            let new = own.prefix { $0.uid <= place.lastUID }
            own = own.dropFirst(new.count)
            if touched.isEmpty, passed < old.places.count, old.places[passed].chunk === place.chunk {
                result.append(places[passed].chunk)
                continue
            }
            guard var states = ownStates(over: old, in: place) else { return nil }
            for uid in touched { states[uid] = nil }
            for flags in new { place.chunk.lay(flags, ownsSeen, into: &states) }
            let chunk = place.chunk.overlaid(with: states)
            // What looks as before stays the chunk that sessions know.
            let known = passed < places.count && places[passed].chunk.looks(like: chunk)
            result.append(known ? places[passed].chunk : chunk)
        }
        // Without flags of its own it is the base itself, table of chunks and all.
        return result.isIdentical(to: base) ? base : result
    }

    /// What this view shows otherwise than the one it is laid over, as far as a chunk reaches; `nil` where
    /// it was laid over something else.
    private func ownStates(over old: Self, in place: Place) -> [UID: MessageChunk.State]? {
        var result: [UID: MessageChunk.State] = [:]
        guard let first = place.chunk.messages.first?.uid else { return result }
        for index in old.firstPlace(atOrAfter: first)..<old.places.count {
            let (mine, theirs) = (places[index].chunk, old.places[index].chunk)
            guard theirs.messages[0].uid <= place.lastUID else { break }
            guard mine !== theirs else { continue }
            guard mine.count == theirs.count, mine.lastUID == theirs.lastUID else { return nil }
            for offset in mine.states.indices where mine.states[offset] != theirs.states[offset] {
                result[mine.messages[offset].uid] = mine.states[offset]
            }
        }
        return result
    }
}

extension MessageChunk {
    fileprivate func lay(_ own: OwnFlags, _ ownsSeen: Bool, into result: inout [UID: State]) {
        let offset = firstOffset(atOrAfter: own.uid)
        guard offset < count, messages[offset].uid == own.uid else { return }
        var state = states[offset]
        state.system = state.system.overlaid(with: own.flags, ownsSeen: ownsSeen)
        state.modSeq = max(state.modSeq, own.modSeq)
        result[own.uid] = state
    }

    fileprivate func looks(like other: MessageChunk) -> Bool {
        self === other || states == other.states && messages == other.messages && keywordSets == other.keywordSets
    }

    /// The chunk with other flags and MODSEQs, its keywords as they are; itself where nothing differs.
    fileprivate func overlaid(with own: [UID: State]) -> MessageChunk {
        guard !own.isEmpty else { return self }
        var states = states
        for offset in states.indices {
            guard let own = own[messages[offset].uid] else { continue }
            states[offset].system = own.system
            states[offset].modSeq = own.modSeq
        }
        return states == self.states ? self : MessageChunk(sharing: self, states: states)
    }
}

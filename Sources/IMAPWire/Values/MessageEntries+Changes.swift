/// What one message becomes.
package struct EntryChange: Sendable {
    package let uid: UID
    /// `nil` where the message is gone.
    package let entry: MailboxSnapshot.Entry?

    package init(uid: UID, entry: MailboxSnapshot.Entry?) {
        self.uid = uid
        self.entry = entry
    }
}

extension MessageEntries {
    /// The entries with some of them put in, replaced or removed; the changes in order of UID.
    package func applying(_ changes: [EntryChange]) -> Self {
        guard !changes.isEmpty else { return self }
        var result = Self(empty: chunkLimit)
        result.reserve(places.count + changes.count / chunkLimit + 1)
        var next = 0
        var rest = changes[...]
        while let first = rest.first {
            let place = firstPlace(atOrAfter: first.uid)
            for shared in next..<place { result.append(places[shared].chunk) }
            // What lies behind the last message goes into the last chunk while it has room.
            guard place < places.count else {
                result.extend(by: rest)
                return result
            }
            let last = places[place].lastUID
            let end = rest.firstIndex { $0.uid > last } ?? rest.endIndex
            var draft = MessageChunkDraft(places[place].chunk)
            for change in rest[..<end] { draft.apply(change) }
            if draft.isChanged { result.join(draft) } else { result.append(places[place].chunk) }
            rest = rest[end...]
            next = place + 1
        }
        for shared in next..<Swift.max(next, places.count) { result.append(places[shared].chunk) }
        return result
    }

    /// Adds messages behind all others; removals have nothing to remove there.
    private mutating func extend(by changes: ArraySlice<EntryChange>) {
        let new = changes.compactMap(\.entry)
        guard !new.isEmpty else { return }
        var draft = MessageChunkDraft()
        if let last = places.last, last.chunk.count < chunkLimit { draft = MessageChunkDraft(removeLast()) }
        for entry in new {
            if draft.count == chunkLimit {
                append(draft.finished(limit: chunkLimit))
                draft = MessageChunkDraft(capacity: Swift.min(new.count, chunkLimit))
            }
            draft.append(entry)
        }
        append(draft.finished(limit: chunkLimit))
    }

    /// Adds a chunk that was changed; a small one is joined with a small one before it.
    private mutating func join(_ draft: MessageChunkDraft) {
        if let last = places.last?.chunk, draft.count > 0, draft.count + last.count <= chunkLimit / 2 {
            var joined = MessageChunkDraft(removeLast())
            for chunk in draft.finished(limit: chunkLimit) { joined.append(chunk) }
            append(joined.finished(limit: chunkLimit))
        } else {
            append(draft.finished(limit: chunkLimit))
        }
    }
}

/// What is different between two versions of a mailbox's messages.
package struct EntryDifference: Sendable {
    /// A message that is in both.
    package struct Pair: Hashable, Sendable {
        package var old: Int
        package var new: Int
    }

    /// The indices, in the old version, of what is not in the new one; ascending.
    package var gone: [Int] = []
    /// What has another MODSEQ; ascending.
    package var changed: [Pair] = []
    /// The indices, in the new version, of what comes behind all that was in the old one.
    package var arrived = 0..<0
}

extension MessageEntries {
    /// What changed since an older version; costs as much as the chunks that they do not share.
    package func difference(since old: Self) -> EntryDifference {
        var difference = EntryDifference()
        var before = Cursor(old)
        var after = Cursor(self)
        while let oldChunk = before.chunk {
            guard let newChunk = after.chunk else {
                difference.gone += before.index..<old.count
                break
            }
            // All UIDs before are behind both cursors, so a shared chunk is met at its start by both.
            if oldChunk === newChunk, before.offset == 0, after.offset == 0 {
                before.passChunk()
                after.passChunk()
                continue
            }
            let (oldUID, newUID) = (oldChunk.messages[before.offset].uid, newChunk.messages[after.offset].uid)
            if oldUID < newUID {
                difference.gone.append(before.index)
                before.advance()
            } else if newUID < oldUID {
                after.advance()
            } else {
                if oldChunk.states[before.offset].modSeq != newChunk.states[after.offset].modSeq {
                    difference.changed.append(EntryDifference.Pair(old: before.index, new: after.index))
                }
                before.advance()
                after.advance()
            }
        }
        difference.arrived = after.index..<count
        return difference
    }

    /// A place in a version, moved forward only.
    private struct Cursor {
        private let places: [Place]
        private var place = 0
        private(set) var chunk: MessageChunk?
        private(set) var offset = 0
        private(set) var index = 0

        init(_ entries: MessageEntries) {
            places = entries.places
            chunk = places.first?.chunk
        }

        mutating func advance() {
            offset += 1
            index += 1
            if offset == chunk?.count { enter(place + 1) }
        }

        mutating func passChunk() {
            index += chunk?.count ?? 0
            enter(place + 1)
        }

        private mutating func enter(_ next: Int) {
            (place, offset) = (next, 0)
            chunk = next < places.count ? places[next].chunk : nil
        }
    }
}

/// The messages of a mailbox in order of UID; the index is the sequence number less one.
///
/// A value made of chunks that versions share: a change copies the chunks it touches, and two
/// versions are compared by looking at the chunks that they do not share.
package struct MessageEntries: RandomAccessCollection, Sendable {
    package typealias Element = MailboxSnapshot.Entry

    /// A chunk and where it stands.
    struct Place: Sendable {
        let chunk: MessageChunk
        /// The index of its first message.
        let start: UInt32
        let lastUID: UID
    }

    /// Messages in a chunk, at most: a change of one copies so many.
    package static let usualChunk = 256

    private(set) var places: [Place] = []
    package private(set) var counts = MessageCounts()
    let chunkLimit: Int

    /// Entries in order of UID.
    package init(_ entries: some Sequence<Element> = [], chunkLimit: Int = Self.usualChunk) {
        var draft = MessageEntriesDraft(capacity: entries.underestimatedCount, chunkLimit: chunkLimit)
        for entry in entries { draft.append(entry) }
        self = draft.finished()
    }

    // MARK: Collection

    package var startIndex: Int { 0 }
    package var endIndex: Int { counts.messages }

    package subscript(index: Int) -> Element {
        let place = places[place(of: index)]
        return place.chunk[index - Int(place.start)]
    }

    /// The flags of one message.
    package func flags(at index: Int) -> Flags {
        let place = places[place(of: index)]
        return place.chunk.flags(at: index - Int(place.start))
    }

    package struct Iterator: IteratorProtocol {
        private let places: [Place]
        private var place = 0
        private var offset = 0

        fileprivate init(_ places: [Place]) { self.places = places }

        package mutating func next() -> Element? {
            guard place < places.count else { return nil }
            let chunk = places[place].chunk
            defer {
                offset += 1
                if offset == chunk.count { (place, offset) = (place + 1, 0) }
            }
            return chunk[offset]
        }
    }

    package func makeIterator() -> Iterator { Iterator(places) }

    /// Lends the entries of a range with their indices, without looking for each.
    package func forEach(in range: Range<Int>, _ body: (Int, Element) -> Void) {
        var index = range.lowerBound
        forEachRun(in: range) { chunk, offsets in
            for offset in offsets {
                body(index, chunk[offset])
                index += 1
            }
        }
    }

    /// Lends the chunks of a range, each with the offsets that lie in it.
    private func forEachRun(in range: Range<Int>, _ body: (MessageChunk, Range<Int>) -> Void) {
        guard !range.isEmpty else { return }
        var next = place(of: range.lowerBound)
        var index = range.lowerBound
        while index < range.upperBound {
            let (chunk, start) = (places[next].chunk, Int(places[next].start))
            let end = Swift.min(range.upperBound, start + chunk.count)
            body(chunk, index - start..<end - start)
            (index, next) = (end, next + 1)
        }
    }

    /// The chunk that holds an index.
    private func place(of index: Int) -> Int {
        precondition(index >= 0 && index < counts.messages)
        // No chunk holds more than the limit, and most hold just that.
        var low = index / chunkLimit
        if low + 1 == places.count || places[low + 1].start > index { return low }
        var high = places.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if places[middle].start <= index { low = middle } else { high = middle }
        }
        return low
    }

    // MARK: By UID

    /// The index of a UID.
    package func index(of uid: UID) -> Int? {
        let place = firstPlace(atOrAfter: uid)
        guard place < places.count else { return nil }
        let chunk = places[place].chunk
        let offset = chunk.firstOffset(atOrAfter: uid)
        return chunk.messages[offset].uid == uid ? Int(places[place].start) + offset : nil
    }

    /// The index of the first entry whose UID is at least `uid`; `count` where there is none.
    package func firstIndex(atOrAfter uid: UID) -> Int {
        let place = firstPlace(atOrAfter: uid)
        guard place < places.count else { return count }
        return Int(places[place].start) + places[place].chunk.firstOffset(atOrAfter: uid)
    }

    /// The first chunk that ends at a UID or behind it.
    func firstPlace(atOrAfter uid: UID) -> Int {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle].lastUID < uid { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: Without looking at each message

    /// The keywords that some message has, sorted.
    package var keywords: [Keyword] {
        var found = Set<Keyword>()
        for place in places where place.chunk.keywordSets.count > 1 {
            for set in place.chunk.keywordSets { found.formUnion(set) }
        }
        return found.sorted()
    }

    /// The index of the first message without \Seen.
    package var firstUnseen: Int? {
        guard counts.unseen > 0, let place = places.first(where: { $0.chunk.counts.unseen > 0 }),
            let offset = place.chunk.states.firstIndex(where: { !$0.system.contains(.seen) })
        else { return nil }
        return Int(place.start) + offset
    }

    /// The UIDs of a range of indices.
    package func uids(in range: Range<Int>) -> [UID] {
        var uids: [UID] = []
        uids.reserveCapacity(range.count)
        forEachRun(in: range) { chunk, offsets in
            for offset in offsets { uids.append(chunk.messages[offset].uid) }
        }
        return uids
    }

    /// The UIDs of messages with \Deleted.
    package var deletedUIDs: [UID] {
        guard counts.deleted > 0 else { return [] }
        var uids: [UID] = []
        for place in places where place.chunk.counts.deleted > 0 {
            let chunk = place.chunk
            for offset in 0..<chunk.count where chunk.states[offset].system.contains(.deleted) {
                uids.append(chunk.messages[offset].uid)
            }
        }
        return uids
    }

    /// Whether two versions are the same piece of memory.
    package func isIdentical(to other: Self) -> Bool {
        places.count == other.places.count
            && zip(places, other.places).allSatisfy { $0.chunk === $1.chunk }
    }

    // MARK: Making

    init(empty limit: Int) { chunkLimit = limit }

    mutating func append(_ chunks: [MessageChunk]) {
        for chunk in chunks { append(chunk) }
    }

    mutating func append(_ chunk: MessageChunk) {
        places.append(Place(chunk: chunk, start: UInt32(counts.messages), lastUID: chunk.lastUID))
        counts.add(chunk.counts)
    }

    mutating func reserve(_ chunks: Int) { places.reserveCapacity(chunks) }

    /// Takes away the last chunk.
    mutating func removeLast() -> MessageChunk {
        let last = places.removeLast().chunk
        counts.remove(last.counts)
        return last
    }
}

extension MessageEntries: Equatable {
    package static func == (left: Self, right: Self) -> Bool {
        left.counts == right.counts && (left.isIdentical(to: right) || left.elementsEqual(right))
    }
}

/// The messages of a mailbox while they are read, in order of UID.
package struct MessageEntriesDraft {
    private var entries: MessageEntries
    private var chunk: MessageChunkDraft

    package init(capacity: Int, chunkLimit: Int = MessageEntries.usualChunk) {
        entries = MessageEntries(empty: chunkLimit)
        entries.reserve(capacity / chunkLimit + 1)
        chunk = MessageChunkDraft(capacity: min(capacity, chunkLimit))
    }

    package mutating func append(_ entry: MailboxSnapshot.Entry) {
        if chunk.count == entries.chunkLimit {
            entries.append(chunk.finished(limit: entries.chunkLimit))
            chunk = MessageChunkDraft(capacity: entries.chunkLimit)
        }
        chunk.append(entry)
    }

    package func finished() -> MessageEntries {
        var result = entries
        result.append(chunk.finished(limit: result.chunkLimit))
        return result
    }
}

internal import Base

/// A run of a mailbox's messages: what `MessageEntries` is made of.
///
/// Never changed once it is made. What a message is for ever and what changes about it lie apart, so
/// that a change of flags copies the one and shares the other; both are plain memory.
final class MessageChunk: Sendable {
    /// What a message is for ever (INV-3).
    struct Message: Equatable, Sendable {
        var uid: UID
        var size: UInt32
        var edition: EditionID
        var received: Timestamp

        init(_ entry: MailboxSnapshot.Entry) {
            uid = entry.uid
            size = entry.size
            edition = entry.edition
            received = entry.received
        }
    }

    /// What changes about a message.
    struct State: Equatable, Sendable {
        var modSeq: ModSeq
        /// Its place in `keywordSets`.
        var keywords: UInt16
        var system: SystemFlags
    }

    let messages: [Message]
    let states: [State]
    /// The keywords that occur together; the first is the empty set.
    let keywordSets: [[Keyword]]
    let counts: MessageCounts

    fileprivate init(messages: [Message], states: [State], keywordSets: [[Keyword]], counts: MessageCounts) {
        self.messages = messages
        self.states = states
        self.keywordSets = keywordSets
        self.counts = counts
    }

    /// The same messages with the same keywords, and other flags or MODSEQs.
    init(sharing chunk: MessageChunk, states: [State]) {
        messages = chunk.messages
        self.states = states
        keywordSets = chunk.keywordSets
        var counts = MessageCounts()
        for offset in states.indices { counts.add(size: messages[offset].size, states[offset].system) }
        self.counts = counts
    }

    var count: Int { messages.count }

    var lastUID: UID { messages[messages.count - 1].uid }

    subscript(offset: Int) -> MailboxSnapshot.Entry {
        let message = messages[offset]
        return MailboxSnapshot.Entry(
            uid: message.uid,
            modSeq: states[offset].modSeq,
            flags: flags(at: offset),
            edition: message.edition,
            size: message.size,
            received: message.received
        )
    }

    func flags(at offset: Int) -> Flags {
        let state = states[offset]
        return Flags(state.system, canonical: keywordSets[Int(state.keywords)])
    }

    /// The offset of the first message whose UID is at least `uid`; `count` where there is none.
    func firstOffset(atOrAfter uid: UID) -> Int { messages.firstOffset(atOrAfter: uid) }
}

extension [MessageChunk.Message] {
    fileprivate func firstOffset(atOrAfter uid: UID) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].uid < uid { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A chunk while it is being made.
struct MessageChunkDraft {
    private var messages: [MessageChunk.Message] = []
    private var states: [MessageChunk.State] = []
    private var keywordSets: [[Keyword]] = [[]]
    /// The places of sets in `keywordSets`, filled where the first one is looked up.
    private var numbers: [[Keyword]: UInt16] = [:]
    /// Whether a change changed anything.
    private(set) var isChanged = false

    init() {}

    init(capacity: Int) {
        messages.reserveCapacity(capacity)
        states.reserveCapacity(capacity)
    }

    /// Begins with what another chunk holds; it is copied only as far as it is changed.
    init(_ chunk: MessageChunk) {
        messages = chunk.messages
        states = chunk.states
        keywordSets = chunk.keywordSets
    }

    var count: Int { messages.count }

    /// Adds a message behind the others.
    mutating func append(_ entry: MailboxSnapshot.Entry) {
        messages.append(MessageChunk.Message(entry))
        states.append(state(of: entry))
    }

    mutating func append(_ chunk: MessageChunk) {
        for offset in 0..<chunk.count { append(chunk[offset]) }
    }

    /// Puts a message in its place in the order of UIDs, or removes the one that is there.
    mutating func apply(_ change: EntryChange) {
        let offset = messages.firstOffset(atOrAfter: change.uid)
        let isThere = offset < messages.count && messages[offset].uid == change.uid
        switch change.entry {
        case let entry? where isThere:
            let message = MessageChunk.Message(entry)
            if messages[offset] != message {
                messages[offset] = message
                isChanged = true
            }
            let state = state(of: entry)
            if states[offset] != state {
                states[offset] = state
                isChanged = true
            }
        case let entry?:
            messages.insert(MessageChunk.Message(entry), at: offset)
            states.insert(state(of: entry), at: offset)
            isChanged = true
        case nil where isThere:
            messages.remove(at: offset)
            states.remove(at: offset)
            isChanged = true
        case nil: break
        }
    }

    /// The chunks of at most `limit` messages that hold what was put in; none for nothing.
    func finished(limit: Int) -> [MessageChunk] {
        guard messages.count > limit else { return messages.isEmpty ? [] : [finished(messages, states)] }
        let pieces = (messages.count + limit - 1) / limit
        return (0..<pieces).map { piece in
            let range = messages.count * piece / pieces..<messages.count * (piece + 1) / pieces
            return finished(Array(messages[range]), Array(states[range]))
        }
    }

    private func finished(_ messages: [MessageChunk.Message], _ states: [MessageChunk.State]) -> MessageChunk {
        var counts = MessageCounts()
        var uses = [Bool](repeating: false, count: keywordSets.count)
        for offset in messages.indices {
            counts.add(size: messages[offset].size, states[offset].system)
            uses[Int(states[offset].keywords)] = true
        }
        uses[0] = true
        guard uses.contains(false) else {
            return MessageChunk(messages: messages, states: states, keywordSets: keywordSets, counts: counts)
        }
        // Sets that no message has any more are left out.
        var sets: [[Keyword]] = []
        let places = keywordSets.indices.map { number in
            if uses[number] { sets.append(keywordSets[number]) }
            return UInt16(max(sets.count - 1, 0))
        }
        var moved = states
        for offset in moved.indices where moved[offset].keywords != 0 {
            moved[offset].keywords = places[Int(moved[offset].keywords)]
        }
        return MessageChunk(messages: messages, states: moved, keywordSets: sets, counts: counts)
    }

    private mutating func state(of entry: MailboxSnapshot.Entry) -> MessageChunk.State {
        MessageChunk.State(
            modSeq: entry.modSeq,
            keywords: number(of: entry.flags.keywords),
            system: entry.flags.system
        )
    }

    private mutating func number(of keywords: [Keyword]) -> UInt16 {
        guard !keywords.isEmpty else { return 0 }
        if numbers.isEmpty { for number in keywordSets.indices { numbers[keywordSets[number]] = UInt16(number) } }
        if let known = numbers[keywords] { return known }
        keywordSets.append(keywords)
        let number = UInt16(keywordSets.count - 1)
        numbers[keywords] = number
        return number
    }
}

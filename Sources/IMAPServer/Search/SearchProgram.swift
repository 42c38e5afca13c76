internal import Base
internal import IMAPWire
internal import Text

/// A search key made ready: sets resolved, texts folded once.
struct SearchProgram {
    indirect enum Node {
        case constant(Bool)
        case all([Node])
        case either(Node, Node)
        case not(Node)
        case flag(SystemFlags, Bool)
        case keyword(Keyword, Bool)
        case numbers(NumberSet)
        case uids(NumberSet)
        case received(SearchKey.Comparison, CalendarDate)
        case saved(SearchKey.Comparison, CalendarDate)
        case larger(UInt32)
        case smaller(UInt32)
        case changedSince(ModSeq)
        case sent(SearchKey.Comparison, CalendarDate)
        case header(String, SearchText)
        case body(SearchText)
        case text(SearchText)
    }

    private let root: Node
    /// What of a message has to be read where its entry does not decide.
    private let part: EditionPart?
    private let usesSaveDates: Bool

    init(_ key: SearchKey, in view: MailboxView) {
        root = Self.node(key, view)
        part = Self.part(of: root)
        usesSaveDates = Self.usesSaveDates(root)
    }

    /// Messages asked of the house at a time, and their octets.
    private static let batchCount = 128
    private static let batchOctets = 1024 * 1024

    /// The indices of what is found, ascending.
    ///
    /// First by what the snapshot knows; only messages it leaves open are read.
    func run(_ view: MailboxView) async throws(IMAPFailure) -> [Int] {
        let latest = view.mailbox.latestSnapshot
        let saves = usesSaveDates ? try await Self.saveDates(view) : []
        var found: [Int] = []
        var open: [Int] = []
        for index in view.entries.indices {
            switch Self.decide(root, candidate(index, view, latest, saves)) {
            case true?: found.append(index)
            case false?: break
            case nil: open.append(index)
            }
        }
        guard let part, !open.isEmpty else { return found }
        var batch: [Int] = []
        var octets = 0
        for index in open {
            batch.append(index)
            octets += part == .whole ? Int(view.entries[index].size) : 0
            guard batch.count >= Self.batchCount || octets >= Self.batchOctets else { continue }
            found += try await read(batch, part, view, latest, saves)
            batch.removeAll(keepingCapacity: true)
            octets = 0
        }
        if !batch.isEmpty { found += try await read(batch, part, view, latest, saves) }
        return found.sorted()
    }

    private func read(
        _ batch: [Int],
        _ part: EditionPart,
        _ view: MailboxView,
        _ latest: MailboxSnapshot,
        _ saves: [Timestamp?]
    ) async throws(IMAPFailure) -> [Int] {
        let editions = batch.map { view.entries[$0].edition }
        let contents = try await view.mailbox.contents(of: editions, part: part)
        return zip(batch, contents).compactMap { index, content in
            guard let content else { return nil }
            var message = SearchedMessage(content.bytes)
            return Self.evaluate(root, candidate(index, view, latest, saves), &message) ? index : nil
        }
    }

    // MARK: Making ready

    private static func node(_ key: SearchKey, _ view: MailboxView) -> Node {
        switch key {
        case .all: .constant(true)
        case .and(let keys): .all(keys.map { node($0, view) })
        case .or(let first, let second): .either(node(first, view), node(second, view))
        case .not(let inner): .not(node(inner, view))
        // \Recent is never set.
        case .flag(.recent, let isSet): .constant(!isSet)
        case .flag(let flag, let isSet): .flag(flag, isSet)
        case .keyword(let keyword, let isSet): .keyword(keyword, isSet)
        case .header(let field, let text): .header(field, SearchText(text))
        case .address(let field, let text): .header(field, SearchText(text))
        case .body(let text): text.isEmpty ? .constant(true) : .body(SearchText(text))
        case .text(let text): text.isEmpty ? .constant(true) : .text(SearchText(text))
        case .received(let comparison, let day): .received(comparison, day)
        case .sent(let comparison, let day): .sent(comparison, day)
        case .saved(let comparison, let day): .saved(comparison, day)
        case .larger(let size): .larger(size)
        case .smaller(let size): .smaller(size)
        case .sequence(let set) where set.isSavedResult: .uids(view.savedResult)
        case .uid(let set) where set.isSavedResult: .uids(view.savedResult)
        case .sequence(let set): .numbers(set.resolved(largest: UInt32(view.entries.count)))
        case .uid(let set): .uids(set.resolved(largest: view.entries.last?.uid ?? 0))
        case .modSeq(let modSeq): .changedSince(modSeq)
        // Made UIDs of before (`SearchKey.withoutObjectIDs`).
        case .emailID, .threadID: .constant(false)
        }
    }

    private static func part(of node: Node) -> EditionPart? {
        switch node {
        case .all(let nodes):
            let parts = nodes.map { part(of: $0) }
            return parts.contains(.whole) ? .whole : parts.contains(.header) ? .header : nil
        case .either(let first, let second): return part(of: .all([first, second]))
        case .not(let inner): return part(of: inner)
        case .sent, .header: return .header
        case .body, .text: return .whole
        default: return nil
        }
    }

    /// When each message of a view was saved, asked for in slices.
    private static func saveDates(_ view: MailboxView) async throws(IMAPFailure) -> [Timestamp?] {
        var dates: [Timestamp?] = []
        dates.reserveCapacity(view.entries.count)
        while dates.count < view.entries.count {
            let slice = view.entries[dates.count..<min(dates.count + saveDateCount, view.entries.count)]
            dates += try await view.mailbox.saveDates(of: slice.map(\.uid))
        }
        return dates
    }

    private static let saveDateCount = 4096

    private static func usesSaveDates(_ node: Node) -> Bool {
        switch node {
        case .saved: true
        case .all(let nodes): nodes.contains { usesSaveDates($0) }
        case .either(let first, let second): usesSaveDates(first) || usesSaveDates(second)
        case .not(let inner): usesSaveDates(inner)
        default: false
        }
    }

    // MARK: Evaluation

    struct Candidate {
        let number: UInt32
        let entry: MailboxSnapshot.Entry
        let flags: Flags
        let modSeq: ModSeq
        /// When it was saved here, where a key asks for that; `nil` for one that is gone.
        let saved: Timestamp?
    }

    private func candidate(
        _ index: Int,
        _ view: MailboxView,
        _ latest: MailboxSnapshot,
        _ saves: [Timestamp?]
    ) -> Candidate {
        let current = view.currentFlags(at: index, in: latest)
        return Candidate(
            number: UInt32(index + 1),
            entry: view.entries[index],
            flags: current.flags,
            modSeq: current.modSeq,
            saved: saves.isEmpty ? nil : saves[index]
        )
    }

    /// Whether a message matches that has been read.
    private static func evaluate(_ node: Node, _ candidate: Candidate, _ message: inout SearchedMessage) -> Bool {
        switch node {
        case .all(let nodes):
            for node in nodes where !evaluate(node, candidate, &message) { return false }
            return true
        case .either(let first, let second):
            return evaluate(first, candidate, &message) || evaluate(second, candidate, &message)
        case .not(let inner): return !evaluate(inner, candidate, &message)
        case .sent(let comparison, let day): return message.sentDate.map { compare($0, comparison, day) } ?? false
        case .header(let field, let text): return message.hasField(field, holding: text)
        case .body(let text): return message.hasBody(holding: text)
        case .text(let text): return message.hasText(holding: text)
        default: return decide(node, candidate) == true
        }
    }

    /// Whether a message matches by what the snapshot knows; `nil` where it has to be read.
    private static func decide(_ node: Node, _ candidate: Candidate) -> Bool? {
        switch node {
        case .constant(let value): return value
        case .all(let nodes):
            var isOpen = false
            for node in nodes {
                guard let result = decide(node, candidate) else {
                    isOpen = true
                    continue
                }
                if !result { return false }
            }
            return isOpen ? nil : true
        case .either(let first, let second):
            let left = decide(first, candidate)
            let right = decide(second, candidate)
            if left == true || right == true { return true }
            return left == nil || right == nil ? nil : false
        case .not(let inner): return decide(inner, candidate).map { !$0 }
        case .flag(let flag, let isSet): return candidate.flags.system.contains(flag) == isSet
        case .keyword(let keyword, let isSet): return candidate.flags.contains(keyword) == isSet
        case .numbers(let set): return set.contains(candidate.number)
        case .uids(let set): return set.contains(candidate.entry.uid)
        case .received(let comparison, let day):
            return compare(CalendarDate(candidate.entry.received), comparison, day)
        case .saved(let comparison, let day):
            return candidate.saved.map { compare(CalendarDate($0), comparison, day) } ?? false
        case .larger(let size): return candidate.entry.size > size
        case .smaller(let size): return candidate.entry.size < size
        case .changedSince(let modSeq): return candidate.modSeq >= modSeq
        case .sent, .header, .body, .text: return nil
        }
    }

    private static func compare(_ date: CalendarDate, _ comparison: SearchKey.Comparison, _ day: CalendarDate) -> Bool {
        switch comparison {
        case .before: date < day
        case .on: date == day
        case .since: date >= day
        }
    }
}

internal import Base
internal import IMAPWire
internal import Message

/// A search key made ready: sets resolved, texts folded once.
struct SearchProgram: Sendable {
    indirect enum Node: Sendable {
        case constant(Bool)
        case all([Node])
        case either(Node, Node)
        case not(Node)
        case flag(SystemFlags, Bool)
        case keyword(Keyword, Bool)
        case numbers(NumberSet)
        case uids(NumberSet)
        /// By INTERNALDATE in milliseconds since 1970.
        case received(ClosedRange<Int64>)
        /// By the time of saving in this mailbox (RFC 8514).
        case saved(ClosedRange<Int64>)
        case larger(UInt32)
        case smaller(UInt32)
        case changedSince(ModSeq)
        /// What the index or the message itself answers, by its place among the questions.
        case question(Int)
    }

    private let root: Node
    private let questions: [SearchQuestion]
    private let usesSaveDates: Bool

    init(_ key: SearchKey, in view: MailboxView) {
        var maker = SearchProgramMaker(view)
        root = maker.node(key)
        questions = maker.questions
        usesSaveDates = maker.usesSaveDates
    }

    /// Messages that are looked at before others have their turn (INV-9).
    private static let turn = 4096
    /// Messages asked of the house at a time, and their octets.
    private static let batchCount = 128
    private static let batchOctets = 1024 * 1024
    /// Fewer messages are read sooner than an index answers.
    private static let fewMessages = 32

    /// The indices of what is found, ascending.
    ///
    /// First by what the snapshot knows, then by what the index knows; only messages that both leave
    /// open are read. Throws where nobody waits for the result any more.
    func run(_ view: MailboxView, _ progress: Progress) async throws(IMAPFailure) -> [Int] {
        let latest = view.mailbox.latestSnapshot
        let saves = usesSaveDates ? try await Self.saveDates(view) : []
        var found: [Int] = []
        var open: [Int] = []
        for index in view.entries.indices {
            if index % Self.turn == Self.turn - 1 { await Task.yield() }
            switch decide(root, Candidate(index, view, latest, saves), { _ in nil }) {
            case true?: found.append(index)
            case false?: break
            case nil: open.append(index)
            }
        }
        guard !open.isEmpty else { return found }
        let answers = await answers(view, open)
        var reading = Reading(view)
        for (count, index) in open.enumerated() {
            if count % Self.turn == Self.turn - 1 { await Task.yield() }
            let candidate = Candidate(index, view, latest, saves)
            var part = EditionPart.header
            let result = decide(root, candidate) { question in
                let answer = answers?[question].finds(candidate.entry.edition)
                if answer == nil, !questions[question].isOfHeader { part = .whole }
                return answer
            }
            switch result {
            case true?: found.append(index)
            case false?: break
            case nil: reading.add(candidate, part)
            }
        }
        var read = 0
        for batch in reading.batches {
            try await progress.check(read, of: reading.count)
            found += try await self.read(batch, answers, view)
            read += batch.candidates.count
        }
        return found.sorted()
    }

    /// When each message of a view was saved, asked for in slices.
    private static func saveDates(_ view: MailboxView) async throws(IMAPFailure) -> [Timestamp?] {
        var dates: [Timestamp?] = []
        dates.reserveCapacity(view.entries.count)
        while dates.count < view.entries.count {
            let slice = view.entries[dates.count..<min(dates.count + turn, view.entries.count)]
            dates += try await view.mailbox.saveDates(of: slice.map(\.uid))
        }
        return dates
    }

    /// What the index knows; nil where reading is quicker.
    private func answers(_ view: MailboxView, _ open: [Int]) async -> [IndexAnswer]? {
        guard open.count > Self.fewMessages else { return nil }
        var (first, last) = (EditionID(rawValue: .max), EditionID(rawValue: .min))
        for index in open {
            let edition = view.entries[index].edition
            first = min(first, edition)
            last = max(last, edition)
        }
        let answers = await view.mailbox.answers(to: questions, from: first, through: last)
        return answers.count == questions.count ? answers : nil
    }

    private func read(
        _ batch: Batch,
        _ answers: [IndexAnswer]?,
        _ view: MailboxView
    ) async throws(IMAPFailure) -> [Int] {
        let candidates = batch.candidates
        let positions = try await view.mailbox.positions(
            of: candidates.map(\.entry.edition),
            part: batch.part
        ) { position, bytes in
            var message = SearchableMessage(bytes)
            let candidate = candidates[position]
            return decide(root, candidate) { question in
                answers?[question].finds(candidate.entry.edition) ?? message.answer(questions[question])
            } == true
        }
        return positions.map { candidates[$0].index }
    }

    // MARK: What has to be read

    /// Messages that are read together.
    private struct Batch: Sendable {
        let part: EditionPart
        var candidates: [Candidate] = []
        var octets = 0
    }

    /// Gathers messages into batches of a bounded size.
    private struct Reading {
        private let view: MailboxView
        private(set) var batches: [Batch] = []
        private(set) var count = 0
        private var filling: [EditionPart: Int] = [:]

        init(_ view: MailboxView) { self.view = view }

        mutating func add(_ candidate: Candidate, _ part: EditionPart) {
            count += 1
            let octets = part == .whole ? Int(candidate.entry.size) : 0
            if let place = filling[part], batches[place].candidates.count < SearchProgram.batchCount,
                batches[place].octets < SearchProgram.batchOctets
            {
                batches[place].candidates.append(candidate)
                batches[place].octets += octets
            } else {
                filling[part] = batches.count
                batches.append(Batch(part: part, candidates: [candidate], octets: octets))
            }
        }
    }

    // MARK: Evaluation

    /// A message as the snapshot knows it.
    struct Candidate: Sendable {
        let index: Int
        let entry: MailboxSnapshot.Entry
        let flags: Flags
        let modSeq: ModSeq
        /// When it was saved here, where a key asks for that; nil for one that is gone.
        let saved: Timestamp?

        init(_ index: Int, _ view: MailboxView, _ latest: MailboxSnapshot, _ saves: [Timestamp?]) {
            self.index = index
            saved = saves.isEmpty ? nil : saves[index]
            entry = view.entries[index]
            let current = view.currentFlags(at: index, in: latest)
            flags = view.shown(current.flags, of: entry.uid)
            modSeq = current.modSeq
        }
    }

    /// Whether a message matches; nil where that depends on a question without an answer.
    private func decide(_ node: Node, _ candidate: Candidate, _ ask: (Int) -> Bool?) -> Bool? {
        switch node {
        case .constant(let value): return value
        case .all(let nodes):
            var isOpen = false
            for node in nodes {
                guard let result = decide(node, candidate, ask) else {
                    isOpen = true
                    continue
                }
                if !result { return false }
            }
            return isOpen ? nil : true
        case .either(let first, let second):
            let left = decide(first, candidate, ask)
            if left == true { return true }
            let right = decide(second, candidate, ask)
            if right == true { return true }
            return left == nil || right == nil ? nil : false
        case .not(let inner): return decide(inner, candidate, ask).map { !$0 }
        case .flag(let flag, let isSet): return candidate.flags.system.contains(flag) == isSet
        case .keyword(let keyword, let isSet): return candidate.flags.contains(keyword) == isSet
        case .numbers(let set): return set.contains(UInt32(candidate.index + 1))
        case .uids(let set): return set.contains(candidate.entry.uid)
        case .received(let times): return times.contains(candidate.entry.received.milliseconds)
        case .saved(let times): return candidate.saved.map { times.contains($0.milliseconds) } ?? false
        case .larger(let size): return candidate.entry.size > size
        case .smaller(let size): return candidate.entry.size < size
        case .changedSince(let modSeq): return candidate.modSeq >= modSeq
        case .question(let question): return ask(question)
        }
    }
}

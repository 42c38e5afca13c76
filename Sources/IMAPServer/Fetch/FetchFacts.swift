internal import Base
internal import IMAPWire
internal import Message

/// What FETCH knows of a message without its bytes.
struct FetchFacts: Sendable {
    var structure: MessageStructure?
    /// What each of the plan's kept HEADER.FIELDS comes to.
    var fields: [[UInt8]]? = []
    /// When it was saved in its mailbox.
    var saved: Timestamp?

    /// The facts that a plan needs of a few messages, in their order; `nil` for one that is gone.
    ///
    /// An error is a value here: what is read ahead may never be looked at.
    static func read(
        of entries: [MailboxSnapshot.Entry],
        for plan: FetchPlan,
        from mailbox: any IMAPMailbox
    ) async -> Result<[Self?], IMAPFailure> {
        do throws(IMAPFailure) {
            var facts: [Self?]
            if plan.usesStructure {
                let names = plan.keptFields
                facts = try await mailbox.structures(of: entries.map(\.edition)) { _, structure in
                    Self(structure: structure, fields: structure.fields(names))
                }
                try await readFields(of: entries, names, from: mailbox, into: &facts)
            } else {
                facts = Array(repeating: Self(), count: entries.count)
            }
            if plan.usesSaveDate {
                let dates = try await mailbox.saveDates(of: entries.map(\.uid))
                for (index, date) in dates.enumerated() { facts[index]?.saved = date }
            }
            return .success(facts)
        } catch {
            return .failure(error)
        }
    }

    /// Reads the headers of those whose fields are not kept.
    private static func readFields(
        of entries: [MailboxSnapshot.Entry],
        _ names: [[String]],
        from mailbox: any IMAPMailbox,
        into facts: inout [Self?]
    ) async throws(IMAPFailure) {
        let places = facts.indices.filter { place in facts[place].map { $0.fields == nil } ?? false }
        guard !places.isEmpty else { return }
        let contents = try await mailbox.contents(of: places.map { entries[$0].edition }, part: .header)
        for (place, content) in zip(places, contents) {
            guard let content else {
                facts[place] = nil
                continue
            }
            let header = Header(content.bytes)
            facts[place]?.fields = names.map { header.fields(named: $0) }
        }
    }
}

/// The messages of a FETCH, some hundred at a time, in their order.
struct FetchBatches {
    private var ranges: ArraySlice<Range<Int>>

    /// Asked of the house at a time.
    static let count = 256

    init(_ ranges: [Range<Int>]) { self.ranges = ranges[...] }

    /// The indices of the next ones; empty behind the last.
    mutating func next() -> [Int] {
        var batch: [Int] = []
        while batch.count < Self.count, let range = ranges.first {
            let taken = range.prefix(Self.count - batch.count)
            batch += taken
            if taken.endIndex == range.upperBound {
                ranges.removeFirst()
            } else {
                ranges[ranges.startIndex] = taken.endIndex..<range.upperBound
            }
        }
        return batch
    }
}

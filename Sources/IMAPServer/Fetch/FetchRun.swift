internal import Base
internal import IMAPWire
internal import Message

/// One FETCH while it is answered.
struct FetchRun {
    let plan: FetchPlan
    let view: MailboxView
    let out: Responder
    /// Messages whose bytes were not there any more.
    private(set) var gone = 0
    /// Messages with a part that BINARY asked for and nobody can decode.
    private(set) var undecodable = 0
    /// The conversations of the messages asked for, where THREADID is.
    private var threads: [EditionID: ConversationID] = [:]

    private let enabled: Enabled

    init(plan: FetchPlan, view: MailboxView, out: Responder, enabled: Enabled) {
        self.enabled = enabled
        self.plan = plan
        self.view = view
        self.out = out
    }

    mutating func run(_ ranges: [Range<Int>]) async throws(IMAPFailure) {
        let latest = view.mailbox.latestSnapshot
        if plan.items.contains(.threadID) { threads = try await view.threads(at: ranges) }
        guard let part = plan.part else {
            guard !plan.usesStructure, !plan.usesSaveDate else { return try await runWithoutBytes(ranges, latest) }
            guard !plan.isOfSnapshot else { return try await runFromSnapshot(ranges, latest) }
            for range in ranges {
                for index in range {
                    try await answer(index, nil, FetchFacts(), latest, seen: nil)
                }
            }
            return
        }
        var batch: [Int] = []
        var octets = 0
        for range in ranges {
            for index in range {
                batch.append(index)
                octets += part == .whole ? Int(view.entries[index].size) : Limits.headerBlock
                guard batch.count >= Self.batchCount || octets >= Self.batchOctets else { continue }
                try await answer(batch, part, latest)
                batch.removeAll(keepingCapacity: true)
                octets = 0
            }
        }
        if !batch.isEmpty { try await answer(batch, part, latest) }
    }

    /// Answers from what was parsed when the messages came in: the next ones are read while these are
    /// written.
    private mutating func runWithoutBytes(
        _ ranges: [Range<Int>],
        _ latest: MailboxSnapshot
    ) async throws(IMAPFailure) {
        let (mailbox, plan, view) = (view.mailbox, plan, view)
        var batches = FetchBatches(ranges)
        var batch = batches.next()
        var facts = await FetchFacts.read(of: batch.map { view.entries[$0] }, for: plan, from: mailbox)
        while !batch.isEmpty {
            let following = batches.next()
            let entries = following.map { view.entries[$0] }
            async let ahead = FetchFacts.read(of: entries, for: plan, from: mailbox)
            let found = try facts.get()
            let seen = await markSeen(zip(batch, found).filter { $1 != nil }.map(\.0), latest)
            for (index, facts) in zip(batch, found) {
                guard let facts else {
                    gone += 1
                    continue
                }
                try await answer(index, nil, facts, latest, seen: seen[view.entries[index].uid])
            }
            (batch, facts) = (following, await ahead)
        }
    }

    /// Messages asked of the house at a time.
    private static let batchCount = 128
    /// Octets asked of the house at a time, and the size from which a message passes in slices.
    private static let batchOctets = 256 * 1024

    private mutating func answer(
        _ batch: [Int],
        _ part: EditionPart,
        _ latest: MailboxSnapshot
    ) async throws(IMAPFailure) {
        let mailbox = view.mailbox
        var content: [Int: EditionContent] = [:]
        // A large message whose body passes as it is needs its header alone.
        let large = plan.canStream ? batch.filter { view.entries[$0].size > Self.batchOctets } : []
        for (indices, part) in [(batch.filter { !large.contains($0) }, part), (large, EditionPart.header)]
        where !indices.isEmpty {
            let found = try await mailbox.contents(of: indices.map { view.entries[$0].edition }, part: part)
            for (index, edition) in zip(indices, found) { content[index] = edition }
        }
        if plan.parses { try await parse(content.values.filter { $0.size > Self.parsedHere }) }
        let facts = try await FetchFacts.read(of: batch.map { view.entries[$0] }, for: plan, from: mailbox).get()
        let seen = await markSeen(batch.filter { content[$0] != nil }, latest)
        for (index, facts) in zip(batch, facts) {
            if let edition = content[index], let facts {
                let message = FetchedMessage(edition)
                try await answer(index, message, facts, latest, seen: seen[view.entries[index].uid])
            } else {
                gone += 1
            }
        }
    }

    /// Octets of a message that the loop takes apart by itself: less work than the hop to a worker.
    private static let parsedHere = 64 * 1024

    private func parse(_ contents: [EditionContent]) async throws(IMAPFailure) {
        let new = contents.filter { !$0.parsed.isKnown }
        guard !new.isEmpty else { return }
        try await view.mailbox.compute {
            for content in new { _ = content.parsed.message(of: content.bytes) }
        }
    }

    /// Sets \Seen where the items ask for it.
    ///
    /// That it cannot be set is no reason to keep the message from its reader.
    private func markSeen(_ indices: [Int], _ latest: MailboxSnapshot) async -> [UID: StoreResult] {
        guard plan.setsSeen, !view.info.isReadOnly else { return [:] }
        let unseen = indices.filter { !view.currentFlags(at: $0, in: latest).flags.system.contains(.seen) }
        guard !unseen.isEmpty else { return [:] }
        let uids = unseen.map { view.entries[$0].uid }
        let results = try? await view.mailbox.store(.add(Flags(.seen)), uids: uids, unchangedSince: nil, progress: nil)
        return Dictionary((results ?? []).map { ($0.uid, $0) }) { $1 }
    }

    // MARK: One line

    /// `seen` is what became of the message when \Seen was just added: it is told with the rest, as a
    /// change is (RFC 7162 §3.2.4).
    private mutating func answer(
        _ index: Int,
        _ message: FetchedMessage?,
        _ facts: FetchFacts,
        _ latest: MailboxSnapshot,
        seen: StoreResult?
    ) async throws(IMAPFailure) {
        let entry = view.entries[index]
        let current = view.currentFlags(at: index, in: latest)
        let flags = seen?.flags ?? current.flags
        let modSeq = seen?.modSeq ?? current.modSeq
        var message = message
        var kept = (facts.fields ?? [])[...]
        var items = seen == nil ? plan.lines : plan.lines + extraItems.map { FetchPlan.Line($0) }
        if plan.decodes {
            // RFC 3516 §4.3: an encoding that nobody knows is left out, and NO says so.
            let count = items.count
            items.removeAll { message?.isUndecodable($0.item) ?? false }
            if items.count < count { undecodable += 1 }
            if items.isEmpty { return }
        }
        if seen != nil || plan.tellsFlags { view.announce(flags, into: &out.writer) }
        out.writer.fetchHeader(UInt32(index + 1))
        for (place, line) in items.enumerated() {
            if place > 0 { out.writer.space() }
            if let name = line.keptName, case .section(_, let partial, _) = line.item {
                out.writer.write(name)
                try await writeOctets(kept.popFirst().map { $0[...] }, partial)
                continue
            }
            switch line.item {
            case .flags:
                out.writer.write("FLAGS ")
                out.writer.flags(view.shown(flags, of: entry.uid))
                let isCounted = items.contains { $0.item == .modSeq }
                view.noteTold(flags, isCounted ? modSeq : nil, at: index)
            case .uid: out.writer.fetchValue(.uid(entry.uid))
            case .internalDate: out.writer.fetchValue(.internalDate(entry.received))
            case .size: out.writer.fetchValue(.size(UInt64(entry.size)))
            case .modSeq: out.writer.fetchValue(.modSeq(modSeq))
            case .saveDate: out.writer.fetchValue(.saveDate(facts.saved))
            case .envelope, .body, .bodyStructure, .preview: try write(line.item, facts.structure)
            case .emailID: out.writer.fetchValue(.emailID(view.mailbox.objectIDs.id(of: entry.edition)))
            case .threadID:
                out.writer.fetchValue(.threadID(threads[entry.edition].map { view.mailbox.objectIDs.id(of: $0) }))
            default: try await write(line.item, &message)
            }
        }
        out.writer.close()
        out.writer.endLine()
        try await out.drain()
    }

    /// What the answer has beside what was asked for, where it tells of a change.
    private var extraItems: [FetchItem] {
        let uid: [FetchItem] = enabled.tellsUIDs ? [.uid] : []
        let modSeq: [FetchItem] = enabled.contains(.condStore) ? [.modSeq] : []
        return (uid + [.flags] + modSeq).filter { !plan.items.contains($0) }
    }

    /// What stands ready as it is sent.
    private func write(_ item: FetchItem, _ structure: MessageStructure?) throws(IMAPFailure) {
        guard let structure else { throw .internalFailure }
        switch item {
        case .envelope:
            out.writer.write("ENVELOPE ")
            out.writer.write(structure[.envelope])
        case .body:
            out.writer.write("BODY ")
            out.writer.write(structure[.body])
        case .bodyStructure:
            out.writer.write("BODYSTRUCTURE ")
            out.writer.write(structure[.bodyStructure])
        // It was made when the message came in: there is nothing to be lazy about.
        default: out.writer.fetchValue(.preview(Array(structure[.preview])))
        }
    }

    private func write(_ item: FetchItem, _ message: inout FetchedMessage?) async throws(IMAPFailure) {
        guard var fetched = message.take() else { throw .internalFailure }
        switch item {
        case .rfc822Header:
            out.writer.write("RFC822.HEADER ")
            try await writeOctets(fetched.octets(of: SectionSpec(.header)), nil)
        case .rfc822Text:
            out.writer.write("RFC822.TEXT ")
            try await writeOctets(fetched.octets(of: SectionSpec(.text)), nil)
        case .rfc822:
            out.writer.write("RFC822 ")
            try await writeWhole(fetched, nil)
        case .section(let section, let partial, _):
            out.writer.sectionName(section, origin: partial?.offset)
            out.writer.space()
            if section.content == .all, section.path.isEmpty {
                try await writeWhole(fetched, partial)
            } else {
                try await writeOctets(fetched.octets(of: section), partial)
            }
        case .binary(let path, let partial, _):
            let limit = partial.map { Int(clamping: $0.offset &+ $0.count) } ?? .max
            let octets = await fetched.decodedOctets(of: path, upTo: limit)
            out.writer.binaryName(path, origin: partial?.offset)
            out.writer.space()
            try await writeDecoded(octets, partial)
        case .binarySize(let path):
            let size = await fetched.decodedOctets(of: path)?.count ?? 0
            out.writer.fetchValue(.binarySize(path, UInt64(size)))
        default: break
        }
        message = fetched
    }

    private func writeOctets(_ octets: ArraySlice<UInt8>?, _ partial: PartialRange?) async throws(IMAPFailure) {
        guard let octets else { return out.writer.write("NIL") }
        let range = partial?.clipped(to: octets.count) ?? 0..<octets.count
        out.writer.literalHeader(range.count)
        try await inSlices(octets.dropFirst(range.lowerBound).prefix(range.count)) { $0.literalOctets($1) }
    }

    /// What BINARY shows: a literal8 only where NULs are (RFC 3516 §4.3).
    private func writeDecoded(_ octets: [UInt8]?, _ partial: PartialRange?) async throws(IMAPFailure) {
        guard let octets else { return out.writer.write("NIL") }
        let range = partial?.clipped(to: octets.count) ?? octets.indices
        out.writer.literal8Header(for: octets[range])
        try await inSlices(octets[range]) { $0.write($1) }
    }

    private func inSlices(
        _ octets: ArraySlice<UInt8>,
        _ write: (inout WireWriter, ArraySlice<UInt8>) -> Void
    ) async throws(IMAPFailure) {
        var rest = octets
        while !rest.isEmpty {
            write(&out.writer, rest.prefix(Responder.slice))
            rest = rest.dropFirst(Responder.slice)
            try await out.drain()
        }
    }

    /// The message as it is, read from the house slice by slice where it is not all here.
    private func writeWhole(_ fetched: FetchedMessage, _ partial: PartialRange?) async throws(IMAPFailure) {
        guard !fetched.content.isComplete else { return try await writeOctets(fetched.content.bytes[...], partial) }
        let range = partial?.clipped(to: fetched.content.size) ?? 0..<fetched.content.size
        out.writer.literalHeader(range.count)
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + Self.batchOctets, range.upperBound)
            let slice: [UInt8]?
            do throws(IMAPFailure) {
                slice = try await view.mailbox.read(fetched.content.edition, start..<end)
            } catch {
                slice = nil
            }
            // The literal's length was announced: the only way out of it is the end of the line.
            guard let slice, slice.count == end - start else { throw .connectionGone }
            out.writer.literalOctets(slice[...])
            start = end
            try await out.flush()
        }
    }
}

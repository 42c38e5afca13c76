internal import Base
internal import IMAPWire

// FETCH of what the snapshot knows, such as `1:* (UID FLAGS)`: clients ask for it of whole mailboxes, so
// it allocates nothing for a message.
extension FetchRun {
    /// Messages written before it is looked whether a slice is full.
    private static let step = 512

    func runFromSnapshot(_ ranges: [Range<Int>], _ latest: MailboxSnapshot) async throws(IMAPFailure) {
        // Mostly nothing has changed since the client was last told: then its own entries are the newest.
        let isCurrent = view.isCurrent(in: latest)
        let tellsModSeq = plan.items.contains(.modSeq)
        for range in ranges {
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(start + Self.step, range.upperBound)
                out.compose { writer in
                    view.entries.forEach(in: start..<end) { index, entry in
                        let current: (flags: Flags, modSeq: ModSeq) =
                            isCurrent ? (entry.flags, entry.modSeq) : view.currentFlags(at: index, in: latest)
                        write(index, entry, current.flags, current.modSeq, into: &writer)
                        if plan.tellsFlags, !isCurrent {
                            view.noteTold(current.flags, tellsModSeq ? current.modSeq : nil, at: index)
                        }
                    }
                }
                start = end
                try await out.drain()
            }
        }
    }

    private func write(
        _ index: Int,
        _ entry: MailboxSnapshot.Entry,
        _ flags: Flags,
        _ modSeq: ModSeq,
        into writer: inout WireWriter
    ) {
        if plan.tellsFlags, !flags.keywords.isEmpty { view.announce(flags, into: &writer) }
        writer.fetchHeader(UInt32(index + 1))
        var isFirst = true
        for item in plan.items {
            if !isFirst { writer.space() }
            isFirst = false
            switch item {
            case .flags:
                writer.write("FLAGS ")
                writer.flags(view.shown(flags, of: entry.uid))
            case .uid:
                writer.write("UID ")
                writer.write(entry.uid)
            case .size:
                writer.write("RFC822.SIZE ")
                writer.write(entry.size)
            case .modSeq: writer.fetchValue(.modSeq(modSeq))
            case .internalDate: writer.fetchValue(.internalDate(entry.received))
            default: break
            }
        }
        writer.close()
        writer.endLine()
    }
}

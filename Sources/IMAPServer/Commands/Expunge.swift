internal import IMAPWire

// EXPUNGE and UID EXPUNGE (RFC 9051 §6.4.3, §6.4.9).
extension CommandRun {
    func expunge(
        _ set: SequenceSet?,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        guard !view.info.isReadOnly else { return .no(.noPermission, "The mailbox is open read-only") }
        var uids: NumberSet?
        if let set {
            let known = NumberSet(view.uids(at: view.indices(of: set, byUID: true) ?? []))
            guard !known.isEmpty else { return .ok("UID EXPUNGE done") }
            uids = known
        }
        try await view.mailbox.expunge(uids, progress: Progress(of: tag, out))
        return .ok("EXPUNGE done", highestModSeq(view))
    }

    /// The code that lets a client go on counting where messages went (RFC 7162 §3.2.7): all that is told
    /// before the tagged line is at least as new.
    func highestModSeq(_ view: MailboxView) -> ResponseCode? {
        enabled.contains(.condStore) ? .highestModSeq(view.mailbox.latestSnapshot.highestModSeq) : nil
    }
}

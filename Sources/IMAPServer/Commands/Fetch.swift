internal import Base
internal import IMAPWire

// FETCH and UID FETCH (RFC 9051 §6.4.5, RFC 7162 §3.1.4, §3.2.6): messages in batches, large ones in
// slices.
extension CommandRun {
    func fetch(
        _ request: FetchRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        // RFC 7162 §3.2.6
        guard !request.tellsVanished || enabled.contains(.qresync) else { return .bad("Enable QRESYNC first") }
        guard var ranges = view.indices(of: request.set, byUID: byUID) else {
            return .bad("There is no such message", isFault: false)
        }
        var items = request.items
        if let modSeq = request.changedSince {
            if !items.contains(.modSeq) { items.append(.modSeq) }
            if request.tellsVanished { try await tellVanished(request.set, since: modSeq, view, out) }
            ranges = view.indices(in: ranges, changedSince: modSeq)
        }
        var fetch = FetchRun(plan: FetchPlan(items, byUID: byUID), view: view, out: out, enabled: enabled)
        try await fetch.run(ranges)
        let telling: MailboxView.Telling = byUID ? .everything : .withoutExpunges
        guard fetch.gone == 0 else {
            // RFC 2180 §4.1.2: what could be answered was; what another session expunged could not.
            return .ok("Some of the messages are gone", .expungeIssued, telling: telling)
        }
        guard fetch.undecodable == 0 else {
            return .no(.unknownEncoding, "Some parts have an encoding that nobody knows", telling: telling)
        }
        return .ok("FETCH done", telling: telling)
    }

    /// What of a set went after a MODSEQ; `*` stands for all that there ever was.
    private func tellVanished(
        _ set: SequenceSet,
        since modSeq: ModSeq,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) {
        let uids = set.isSavedResult ? view.savedResult : set.resolved(largest: view.uidNext - 1)
        let gone = try await view.vanished(since: modSeq, of: uids)
        if !gone.isEmpty { out.response(.vanished(gone, earlier: true)) }
    }
}

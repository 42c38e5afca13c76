internal import IMAPWire

// STORE and UID STORE (RFC 9051 §6.4.6), with UNCHANGEDSINCE (RFC 7162 §3.1.3).
extension CommandRun {
    func store(
        _ request: StoreRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        guard !view.info.isReadOnly else { return .no(.noPermission, "The mailbox is open read-only") }
        guard let ranges = view.indices(of: request.set, byUID: byUID) else {
            return .bad("There is no such message", isFault: false)
        }
        let uids = view.uids(at: ranges)
        guard !uids.isEmpty else { return .ok("STORE done") }
        var results = try await view.mailbox.store(
            request.change,
            uids: uids,
            unchangedSince: request.unchangedSince,
            progress: Progress(of: tag, out)
        )
        if let modSeq = request.unchangedSince {
            results = try await retried(results, request.change, unchangedSince: modSeq, view)
        }
        var conflicts = NumberSet()
        for result in results {
            if result.isConflict, let number = view.number(of: result.uid) {
                conflicts.insert(byUID ? result.uid : number)
            }
            answer(result, to: request, byUID: byUID, view, out)
            try await out.drain()
        }
        let code: ResponseCode? = conflicts.isEmpty ? nil : .modified(conflicts)
        let telling: MailboxView.Telling = byUID ? .everything : .withoutExpunges
        // RFC 2180 §4.2: what another session expunged was not changed, and the client hears of it.
        guard results.count == uids.count || byUID || request.set.isSavedResult else {
            return .ok("Some of the messages are gone", code ?? .expungeIssued, telling: telling)
        }
        return .ok(conflicts.isEmpty ? "STORE done" : "Some messages had changed before", code, telling: telling)
    }

    /// Tries again where only other flags changed than those that are added or removed (RFC 7162 §3.1.12).
    ///
    /// What the client knew at its MODSEQ is what this session told it by then.
    private func retried(
        _ results: [StoreResult],
        _ change: FlagChange,
        unchangedSince modSeq: ModSeq,
        _ view: MailboxView
    ) async throws(IMAPFailure) -> [StoreResult] {
        guard modSeq <= view.settledModSeq, results.contains(where: \.isConflict) else { return results }
        let latest = view.mailbox.latestSnapshot
        let free = results.map(\.uid).filter { uid in
            guard let index = view.entries.index(of: uid), view.entries[index].modSeq <= modSeq,
                let place = latest.index(of: uid)
            else { return false }
            return !change.meets(from: view.entries[index].flags, to: latest.entries[place].flags)
        }
        let conflicts = Set(results.filter(\.isConflict).map(\.uid)).intersection(free)
        guard !conflicts.isEmpty else { return results }
        let again = try await view.mailbox.store(
            change,
            uids: conflicts.sorted(),
            unchangedSince: latest.highestModSeq,
            progress: nil
        )
        let newest = Dictionary(again.map { ($0.uid, $0) }) { $1 }
        return results.map { newest[$0.uid] ?? $0 }
    }

    /// The true flags, which .SILENT keeps back only where the client can work them out; MODSEQ always
    /// once it is told (RFC 7162 §3.1.3).
    private func answer(
        _ result: StoreResult,
        to request: StoreRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) {
        guard let number = view.number(of: result.uid) else { return }
        let index = Int(number) - 1
        let tellsModSeq = enabled.contains(.condStore)
        let tellsFlags =
            !request.isSilent || result.isConflict
            || result.flags != request.change.applied(to: view.flagsTold(at: index))
        view.noteTold(result.flags, tellsModSeq ? result.modSeq : nil, at: index)
        guard tellsFlags || tellsModSeq else { return }
        var values: [FetchValue] = byUID || enabled.tellsUIDs ? [.uid(result.uid)] : []
        if tellsFlags {
            view.announce(result.flags, into: &out.writer)
            values.append(.flags(view.shown(result.flags, of: result.uid).names))
        }
        if tellsModSeq { values.append(.modSeq(result.modSeq)) }
        out.response(.fetch(number, values))
    }
}

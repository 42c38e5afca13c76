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
        let results = try await view.mailbox.store(request.change, uids: uids, unchangedSince: request.unchangedSince)
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
            return .no(code ?? .expungeIssued, "Some of the messages are gone", telling: telling)
        }
        return .ok(conflicts.isEmpty ? "STORE done" : "Some messages had changed before", code, telling: telling)
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
            values.append(.flags(result.flags.names))
        }
        if tellsModSeq { values.append(.modSeq(result.modSeq)) }
        out.response(.fetch(number, values))
    }
}

internal import IMAPWire

// STORE and UID STORE (RFC 9051 §6.4.6).
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
        for result in results {
            answer(result, to: request, byUID: byUID, view, out)
            try await out.drain()
        }
        let telling: MailboxView.Telling = byUID ? .everything : .withoutExpunges
        // RFC 2180 §4.2: what another session expunged was not changed, and the client hears of it.
        guard results.count == uids.count || byUID else {
            return .no(.expungeIssued, "Some of the messages are gone", telling: telling)
        }
        return .ok("STORE done", telling: telling)
    }

    /// The true flags, which .SILENT keeps back only where the client can work them out.
    private func answer(
        _ result: StoreResult,
        to request: StoreRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) {
        guard let number = view.number(of: result.uid) else { return }
        let index = Int(number) - 1
        let expected = request.change.applied(to: view.flagsTold(at: index))
        view.noteTold(result.flags, at: index)
        guard !request.isSilent || result.flags != expected else { return }
        view.announce(result.flags, into: &out.writer)
        out.response(.fetch(number, (byUID ? [.uid(result.uid)] : []) + [.flags(result.flags.names)]))
    }
}

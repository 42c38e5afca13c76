internal import Base
internal import IMAPWire

// FETCH and UID FETCH (RFC 9051 §6.4.5): messages in batches, large ones in slices.
extension CommandRun {
    func fetch(
        _ request: FetchRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        guard let ranges = view.indices(of: request.set, byUID: byUID) else {
            return .bad("There is no such message", isFault: false)
        }
        var fetch = FetchRun(plan: FetchPlan(request.items, byUID: byUID), view: view, out: out)
        try await fetch.run(ranges)
        let telling: MailboxView.Telling = byUID ? .everything : .withoutExpunges
        guard fetch.gone == 0 else {
            // RFC 2180 §4.1.2: what could be answered was; what another session expunged could not.
            return .no(.expungeIssued, "Some of the messages are gone", telling: telling)
        }
        return .ok("FETCH done", telling: telling)
    }
}

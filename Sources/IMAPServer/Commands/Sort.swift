internal import Base
internal import IMAPWire

// SORT and UID SORT (RFC 5256 §3, RFC 5957, RFC 7162 §3.1.6).
extension CommandRun {
    func sort(
        _ request: SortRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        let key = request.search.key
        let telling: MailboxView.Telling = byUID && !key.namesNumbers ? .everything : .withoutExpunges
        guard request.search.options == nil else { return .bad("SORT takes no RETURN here") }
        if let refusal = Self.refusal(ofCharset: request.search.charset, telling) { return refusal }
        let progress = Progress(of: tag, out)
        let found = try await SearchProgram(try await key.withoutObjectIDs(in: view), in: view).run(view, progress)
        let sorted = try await SortProgram(request.criteria).run(found, view, progress)
        let modSeq = key.asksForModSeq ? SearchAnswer(nil, sorted).highestModSeq(view) : nil
        out.writer.sorted(sorted.map { byUID ? view.entries[$0].uid : UInt32($0 + 1) }, modSeq: modSeq)
        return .ok("SORT done", telling: telling)
    }
}

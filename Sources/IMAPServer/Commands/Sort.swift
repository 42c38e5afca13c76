internal import Base
internal import IMAPWire

// SORT and UID SORT (RFC 5256 §3, RFC 5957).
extension CommandRun {
    func sort(
        _ request: SortRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        let telling: MailboxView.Telling = byUID ? .everything : .withoutExpunges
        guard request.search.options == nil else { return .bad("SORT takes no RETURN here") }
        guard Self.charsets.contains(request.search.charset ?? "UTF-8") else {
            return .no(.badCharset(Self.charsets), "Only these charsets can be searched in", telling: telling)
        }
        let found = try await SearchProgram(request.search.key, in: view).run(view)
        let sorted = try await SortProgram(request.criteria).run(found, view)
        out.writer.sorted(sorted.map { byUID ? view.entries[$0].uid : UInt32($0 + 1) })
        return .ok("SORT done", telling: telling)
    }
}

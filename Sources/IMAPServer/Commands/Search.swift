internal import Base
internal import IMAPWire

// SEARCH and UID SEARCH (RFC 3501 §6.4.4).
extension CommandRun {
    func search(
        _ request: SearchRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        let telling: MailboxView.Telling = byUID ? .everything : .withoutExpunges
        guard Self.charsets.contains(request.charset ?? "UTF-8") else {
            return .no(.badCharset(Self.charsets), "Only these charsets can be searched in", telling: telling)
        }
        let program = SearchProgram(try await request.key.withoutObjectIDs(in: view), in: view)
        let found = try await program.run(view)
        out.response(.search(found.map { byUID ? view.entries[$0].uid : UInt32($0 + 1) }))
        return .ok("SEARCH done", telling: telling)
    }

    private static let charsets = ["US-ASCII", "UTF-8"]
}

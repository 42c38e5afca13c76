internal import Base
internal import IMAPWire

// SEARCH and UID SEARCH (RFC 9051 §6.4.4, RFC 3501 §6.4.4), with RETURN (RFC 4731, RFC 5182).
extension CommandRun {
    func search(
        _ request: SearchRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        // RFC 7162 §3.2.10.2: numbers in a UID SEARCH mean what they meant when they were written.
        let telling: MailboxView.Telling = byUID && !request.key.namesNumbers ? .everything : .withoutExpunges
        // RFC 6855 §3: what is sent is UTF-8 already.
        guard request.charset == nil || !enabled.contains(.utf8Accept) else {
            return .bad("No charset is named once UTF8=ACCEPT is enabled")
        }
        // RFC 5182 §2.1: a search that fails leaves nothing to refer to.
        let isSaved = request.options?.contains(.save) ?? false
        guard Self.charsets.contains(request.charset ?? "UTF-8") else {
            if isSaved { view.savedResult = NumberSet() }
            return .no(.badCharset(Self.charsets), "Only these charsets can be searched in", telling: telling)
        }
        let found: [Int]
        do throws(IMAPFailure) {
            let program = SearchProgram(try await request.key.withoutObjectIDs(in: view), in: view)
            found = try await program.run(view)
        } catch {
            if isSaved { view.savedResult = NumberSet() }
            throw error
        }
        let answer = SearchAnswer(request.options ?? (enabled.contains(.imap4rev2) ? .all : nil), found)
        if isSaved { view.savedResult = NumberSet(answer.meant.map { view.entries[$0].uid }) }
        let modSeq = request.key.asksForModSeq ? answer.highestModSeq(view) : nil
        if let response = answer.response(tag: tag, byUID: byUID, modSeq, view) { out.response(response) }
        return .ok("SEARCH done", telling: telling)
    }

    static let charsets = ["US-ASCII", "UTF-8"]
}

internal import Base
internal import IMAPWire
internal import Text

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
        if let refusal = Self.refusal(ofCharset: request.charset, telling) {
            if isSaved { view.savedResult = NumberSet() }
            return refusal
        }
        let found: [Int]
        do throws(IMAPFailure) {
            let program = SearchProgram(try await request.key.withoutObjectIDs(in: view), in: view)
            found = try await program.run(view, Progress(of: tag, out))
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

    /// The answer to a charset that cannot be searched in; SORT and THREAD have the same (RFC 5256 §3).
    static func refusal(ofCharset charset: String?, _ telling: MailboxView.Telling) -> Completion? {
        guard let charset, !Charset.isKnown(charset) else { return nil }
        return .no(.badCharset(Charset.preferredNames), "That charset is not known here", telling: telling)
    }
}

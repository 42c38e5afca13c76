internal import IMAPWire

// REPLACE and UID REPLACE (RFC 8508): a message takes the place of another in one change.
extension CommandRun {
    func replace(
        _ request: ReplaceRequest,
        byUID: Bool,
        _ session: any IMAPSession,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        guard !view.info.isReadOnly else { return .no(.noPermission, "The mailbox is open read-only") }
        let set = SequenceSet([SequenceSet.Range(request.number, request.number)])
        guard let ranges = view.indices(of: set, byUID: byUID), let uid = view.uids(at: ranges).first else {
            return .bad("There is no such message", isFault: false)
        }
        guard view.areThere([uid]) else {
            return .no(.expungeIssued, "The message is gone; nothing was replaced")
        }
        let assembly = MessageAssembly(session: session, settings: settings)
        defer { assembly.end() }
        let message = try await assembly.message(request.message)
        let result: AppendResult
        do throws(IMAPFailure) {
            result = try await view.mailbox.replace(uid, with: message, in: request.mailbox)
        } catch {
            throw error.forTarget
        }
        // RFC 8508 §4.3: the new UID is told before the EXPUNGE of the old message.
        if let code = result.code {
            out.response(.status(StatusResponse(tag: nil, .ok, code, result.note ?? "Replaced")))
        }
        return .ok(result.note ?? "REPLACE done", highestModSeq(view))
    }
}

internal import IMAPWire

// MOVE and UID MOVE (RFC 6851).
extension CommandRun {
    func move(
        _ set: SequenceSet,
        to target: MailboxName,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        guard !view.info.isReadOnly else { return .no(.noPermission, "The mailbox is open read-only") }
        guard let ranges = view.indices(of: set, byUID: byUID) else {
            return .bad("There is no such message", isFault: false)
        }
        let uids = view.uids(at: ranges)
        guard !uids.isEmpty else { return .ok("No messages to move") }
        guard byUID || set.isSavedResult || view.areThere(uids) else {
            return .no(.expungeIssued, "Some of the messages are gone; nothing was moved")
        }
        let result: CopyResult
        do throws(IMAPFailure) {
            result = try await view.mailbox.move(uids, to: target, progress: Progress(of: tag, out))
        } catch {
            throw error.forTarget
        }
        // RFC 6851 §4.3: COPYUID goes before the EXPUNGEs, so that a client can tell moved from gone.
        if let code = result.code {
            out.response(.status(StatusResponse(tag: nil, .ok, code, result.note ?? "Moved")))
        }
        return .ok(result.note ?? "MOVE done", highestModSeq(view))
    }
}

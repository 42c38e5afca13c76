internal import IMAPWire

// COPY and UID COPY (RFC 9051 §6.4.7).
extension CommandRun {
    func copy(
        _ set: SequenceSet,
        to target: MailboxName,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        guard let ranges = view.indices(of: set, byUID: byUID) else {
            return .bad("There is no such message", isFault: false)
        }
        let uids = view.uids(at: ranges)
        guard !uids.isEmpty else { return .ok("No messages to copy") }
        guard byUID || set.isSavedResult || view.areThere(uids) else {
            return .no(.expungeIssued, "Some of the messages are gone; nothing was copied")
        }
        let result: CopyResult
        do throws(IMAPFailure) {
            result = try await view.mailbox.copy(uids, to: target, progress: Progress(of: tag, out))
        } catch {
            throw error.forTarget
        }
        return .ok(result.note ?? "COPY done", result.code)
    }
}

extension CopyResult {
    /// COPYUID, where there are UIDs that can be fetched (RFC 4315 §3).
    var code: ResponseCode? {
        guard !pairs.isEmpty else { return nil }
        let sorted = pairs.sorted { $0.source < $1.source }
        return .copyUID(validity: uidValidity, sources: sorted.map(\.source), targets: sorted.map(\.target))
    }
}

internal import IMAPWire

// APPEND (RFC 9051 §6.3.12, RFC 4315 §3).
extension CommandRun {
    func append(_ request: AppendRequest, _ session: any IMAPSession) async throws(IMAPFailure) -> Completion {
        guard !request.message.isEmpty else { return .no(.cannot, "An empty message cannot be kept") }
        let message = AppendedMessage(flags: request.flags, received: request.received, bytes: request.message)
        let result: AppendResult
        do throws(IMAPFailure) {
            result = try await session.append(message, to: request.mailbox)
        } catch {
            throw error.forTarget
        }
        let code = result.uid.map { ResponseCode.appendUID(validity: result.uidValidity, uids: [$0]) }
        return .ok(result.note ?? "APPEND done", code)
    }
}

extension IMAPFailure {
    /// A missing target is told so that the client may make it (RFC 9051 §6.3.12).
    var forTarget: Self {
        code == .nonexistent ? Self(blame, .tryCreate, text) : self
    }
}

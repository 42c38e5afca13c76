internal import IMAPWire

// GETQUOTAROOT (RFC 9208 §4.1.2).
extension CommandRun {
    func getQuotaRoot(
        _ name: MailboxName,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        let root = try await session.quotaRoot(of: name)
        out.response(.quotaRoot(name: wireName(name), roots: root.map { [$0.name] } ?? []))
        if let root { out.response(.quota(root)) }
        return .ok("GETQUOTAROOT done")
    }
}

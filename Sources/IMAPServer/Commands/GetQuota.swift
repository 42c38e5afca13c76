internal import IMAPWire

// GETQUOTA (RFC 9208 §4.1.1).
extension CommandRun {
    func getQuota(
        _ root: String,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        out.response(.quota(try await session.quotaRoot(named: root)))
        return .ok("GETQUOTA done")
    }
}

internal import IMAPWire

// SETQUOTA (RFC 9208 §4.1.3): refused, since quotas are configured; QUOTASET is not announced.
extension CommandRun {
    func setQuota(_ root: String, _ session: any IMAPSession) async throws(IMAPFailure) -> Completion {
        _ = try await session.quotaRoot(named: root)
        return .no(.noPermission, "Quotas are set in greenroom.toml; ask whoever keeps it")
    }
}

internal import IMAPWire

// SETACL and DELETEACL (RFC 4314 §3.1, §3.2): refused, since rights are configured.
extension CommandRun {
    func setACL(_ name: MailboxName, _ session: any IMAPSession) async throws(IMAPFailure) -> Completion {
        // A name that the member may not see is not there for them here either.
        _ = try await session.accessList(of: name)
        return .no(.noPermission, "Rights are given in team.toml; ask whoever keeps it")
    }
}

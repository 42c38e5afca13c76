internal import IMAPWire

// GETACL (RFC 4314 §3.3): a picture of the configured rights.
extension CommandRun {
    func getACL(
        _ name: MailboxName,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        out.response(.acl(name: wireName(name), try await session.accessList(of: name)))
        return .ok("GETACL done")
    }
}

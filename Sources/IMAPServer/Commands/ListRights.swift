internal import IMAPWire

// LISTRIGHTS (RFC 4314 §3.4): what the configuration gives; no right can be added to it here.
extension CommandRun {
    func listRights(
        _ name: MailboxName,
        of identifier: String,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        // Somebody unknown, and somebody whose rights are not the member's to know, look the same.
        let rights = try await session.accessList(of: name).first { $0.identifier == identifier }?.rights ?? []
        out.response(.listRights(name: wireName(name), AccessEntry(identifier: identifier, rights: rights)))
        return .ok("LISTRIGHTS done")
    }
}

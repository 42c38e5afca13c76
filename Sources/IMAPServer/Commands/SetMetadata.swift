internal import Base
internal import IMAPWire

// SETMETADATA (RFC 5464 §4.3): all of it, or nothing.
extension CommandRun {
    func setMetadata(
        _ values: [MetadataValue],
        of mailbox: MailboxName?,
        _ session: any IMAPSession
    ) async throws(IMAPFailure) -> Completion {
        for value in values {
            guard value.entry.canHoldValue else { return .no(.cannot, "\(value.entry) holds no value") }
            guard value.value?.count ?? 0 <= Limits.metadataValue else {
                return .no(.metadataMaxSize(UInt64(Limits.metadataValue)), "That annotation is too long")
            }
        }
        try await session.setMetadata(values, of: mailbox)
        return .ok("SETMETADATA done")
    }
}

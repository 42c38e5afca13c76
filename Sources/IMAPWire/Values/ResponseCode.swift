/// What stands in brackets before the text of a status response (RFC 9051 §7.1, RFC 5530, RFC 4315).
package enum ResponseCode: Hashable, Sendable {
    // RFC 3501 and RFC 9051.
    case alert
    case badCharset([String])
    case capability([String])
    case parse
    /// Flags as they stand on the wire, `\*` among them.
    case permanentFlags([String])
    case readOnly
    case readWrite
    case tryCreate
    case uidNext(UID)
    case uidValidity(UInt32)
    case unseen(UInt32)
    case closed
    // RFC 4315: sources and targets in the same order, one for one.
    case appendUID(validity: UInt32, uids: [UID])
    case copyUID(validity: UInt32, sources: [UID], targets: [UID])
    case uidNotSticky
    // RFC 7162.
    case highestModSeq(ModSeq)
    case noModSeq
    case modified(NumberSet)
    // RFC 5530.
    case unavailable
    case authenticationFailed
    case authorizationFailed
    case expired
    case privacyRequired
    case contactAdmin
    case noPermission
    case inUse
    case expungeIssued
    case corruption
    case serverBug
    case clientBug
    case cannot
    case limit
    case overQuota
    case alreadyExists
    case nonexistent
    // RFC 4469: the URL as the client wrote it.
    case badURL(String)
    // RFC 3516.
    case unknownEncoding
    // RFC 7889, RFC 4978, RFC 6154.
    case tooBig
    case useAttribute
    // RFC 9051 §7.1, RFC 6154: a name with names below it is not deleted.
    case hasChildren
    // RFC 8474.
    case mailboxID(ObjectID)
    // RFC 5464 §4.2.1 and §4.3.
    case metadataLongEntries(UInt64)
    case metadataMaxSize(UInt64)
    case metadataTooMany
    // RFC 5465: the events that are known; too many to tell.
    case badEvent([String])
    case notificationOverflow
    // RFC 9585: nil for a bare code.
    case inProgress(CommandProgress?)
    /// A code that this program does not know, with what stood behind it.
    case other(String, String?)
}

internal import Base
internal import Crypto
internal import SMTPClient
internal import SMTPWire
internal import Store

/// A released message with those of its recipients that are due, its attempt committed.
struct RelayJob: Sendable {
    let outbound: OutboundID
    let revision: Int
    let attempt: Int64
    let envelope: SMTPWire.Envelope
    /// The whole envelope that was judged: what the release hash covers.
    let judged: SMTPWire.Envelope
    /// As they were before the attempt.
    let rows: [OutboundRecipientRow]
    /// The hash of the transmit form.
    let body: [UInt8]
    let releaseHash: [UInt8]
    let releasedAt: Timestamp
    /// Whether other messages were due as well: another session has something to do.
    let hasMore: Bool
}

/// Hashes what is sent while it is sent; the final dot follows only where it is what was released
/// (INV-1).
struct ReleaseCheck: TransmitCheck, ~Copyable {
    private var hash: SHA256?
    private let expected: [UInt8]

    init(_ job: RelayJob, octets: Int) {
        hash = ReleaseHash.begin(job.judged, octets: octets)
        expected = job.releaseHash
    }

    mutating func take(_ bytes: Span<UInt8>) { hash?.update(bytes) }

    mutating func mayEnd() -> Bool { hash.take()?.finish() == expected }
}

/// The numbers that STATUS and SELECT give without looking at each message.
package struct MessageCounts: Hashable, Sendable {
    package var messages = 0
    /// Without \Seen.
    package var unseen = 0
    package var deleted = 0
    /// The octets of all messages together (RFC 8438).
    package var octets: UInt64 = 0
    /// Those of messages with \Deleted (RFC 9208 §4.1.4).
    package var deletedOctets: UInt64 = 0

    package init() {}

    mutating func add(size: UInt32, _ flags: SystemFlags) {
        messages += 1
        if !flags.contains(.seen) { unseen += 1 }
        if flags.contains(.deleted) {
            deleted += 1
            deletedOctets += UInt64(size)
        }
        octets += UInt64(size)
    }

    mutating func add(_ other: Self) {
        messages += other.messages
        unseen += other.unseen
        deleted += other.deleted
        octets += other.octets
        deletedOctets += other.deletedOctets
    }

    mutating func remove(_ other: Self) {
        messages -= other.messages
        unseen -= other.unseen
        deleted -= other.deleted
        octets -= other.octets
        deletedOctets -= other.deletedOctets
    }
}

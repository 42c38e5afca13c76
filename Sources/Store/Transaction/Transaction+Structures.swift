package import Base
package import IMAPWire
internal import SQLite

/// Parses a message once, when it comes in, into what is answered from for ever.
///
/// Handed in, since the store knows no mail format.
package struct StructureMaker: Sendable {
    /// The first byte of what it makes; what begins with another one is made again.
    package let version: UInt8
    package let make: @Sendable (_ message: [UInt8]) -> [UInt8]

    package init(version: UInt8, make: @escaping @Sendable (_ message: [UInt8]) -> [UInt8]) {
        self.version = version
        self.make = make
    }
}

extension ReadTransaction {
    /// Lends what is kept of each edition's message, with its place in the list; passes over those
    /// of which nothing is kept.
    func structures(of editions: [EditionID], _ lend: (Int, [UInt8]) -> Void) throws(StoreError) {
        guard let first = editions.first, let last = editions.last else { return }
        // A mailbox mostly holds editions in the order in which they were made.
        let isAscending = zip(editions, editions.dropFirst()).allSatisfy { $0 < $1 }
        guard isAscending, last.rawValue - first.rawValue < Int64(editions.count) * 3 else {
            for (index, edition) in editions.enumerated() {
                let bytes = try self.first(
                    "SELECT s.bytes FROM edition e JOIN message_structure s ON s.message = e.message WHERE e.id = ?",
                    edition
                ) { $0[0] as [UInt8] }
                if let bytes { lend(index, bytes) }
            }
            return
        }
        var index = 0
        try scan(
            """
            SELECT e.id, s.bytes FROM edition e JOIN message_structure s ON s.message = e.message
            WHERE e.id BETWEEN ? AND ? ORDER BY e.id
            """,
            first,
            last
        ) { row in
            let edition: EditionID = row[0]
            while index < editions.count, editions[index] < edition { index += 1 }
            if index < editions.count, editions[index] == edition { lend(index, row[1]) }
            return index < editions.count
        }
    }

    /// When each message was saved in a mailbox (RFC 8514); `nil` for one that is not there any more.
    ///
    /// The UIDs ascend.
    package func saveDates(of uids: [UID], in mailbox: MailboxID) throws(StoreError) -> [Timestamp?] {
        var dates = [Timestamp?](repeating: nil, count: uids.count)
        guard let first = uids.first, let last = uids.last else { return dates }
        var index = 0
        try scan(
            "SELECT uid, saved FROM placement WHERE mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid",
            mailbox,
            first,
            last
        ) { row in
            let uid: UID = row[0]
            while index < uids.count, uids[index] < uid { index += 1 }
            guard index < uids.count else { return false }
            if uids[index] == uid { dates[index] = row[1] }
            return true
        }
        return dates
    }
}

extension Transaction {
    /// Keeps what was parsed of a message; nothing where the message is gone.
    func keepStructure(_ bytes: [UInt8], of message: MessageID) throws(StoreError) {
        try run(
            """
            INSERT INTO message_structure (message, bytes) SELECT id, ? FROM message WHERE id = ?
            ON CONFLICT (message) DO UPDATE SET bytes = excluded.bytes
            """,
            bytes,
            message
        )
    }
}

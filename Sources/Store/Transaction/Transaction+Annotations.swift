package import Base
internal import SQLite

/// An annotation of a mailbox or of the server (RFC 5464), with its value.
package struct AnnotationRow: Hashable, Sendable {
    package let entry: String
    package let value: [UInt8]

    package init(entry: String, value: [UInt8]) {
        self.entry = entry
        self.value = value
    }
}

extension ReadTransaction {
    /// The annotations of a mailbox that everybody sees (an empty `member`) or a member alone, in order;
    /// of the server where the mailbox is nil.
    package func annotations(of mailbox: MailboxID?, member: String) throws(StoreError) -> [AnnotationRow] {
        try all(
            "SELECT entry, value FROM annotation WHERE mailbox = ? AND member = ? ORDER BY entry",
            mailbox ?? .server,
            member
        ) { AnnotationRow(entry: $0[0], value: $0[1]) }
    }
}

extension Transaction {
    /// Sets an annotation, or removes it where the value is nil.
    package func annotate(
        _ mailbox: MailboxID?,
        member: String,
        entry: String,
        value: [UInt8]?
    ) throws(StoreError) {
        // Whoever watches the names looks at what is written on them too.
        touched.listChanged = true
        if let value {
            try run(
                """
                INSERT INTO annotation (mailbox, member, entry, value) VALUES (?, ?, ?, ?)
                ON CONFLICT (mailbox, member, entry) DO UPDATE SET value = excluded.value
                """,
                mailbox ?? .server,
                member,
                entry,
                value
            )
        } else {
            try run(
                "DELETE FROM annotation WHERE mailbox = ? AND member = ? AND entry = ?",
                mailbox ?? .server,
                member,
                entry
            )
        }
    }

    /// Gives a mailbox the annotations of another, everybody's and each member's own.
    package func copyAnnotations(from source: MailboxID, to target: MailboxID) throws(StoreError) {
        try run(
            """
            INSERT INTO annotation (mailbox, member, entry, value)
            SELECT ?, member, entry, value FROM annotation WHERE mailbox = ?
            ON CONFLICT (mailbox, member, entry) DO UPDATE SET value = excluded.value
            """,
            target,
            source
        )
    }
}

extension MailboxID {
    /// No mailbox has this number: it stands for the server.
    fileprivate static let server = MailboxID(rawValue: 0)
}
